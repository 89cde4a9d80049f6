"""The items of both tables, as pynamodb models. An item's key says which kind it is (`keys.py`)."""

from pynamodb.attributes import BinaryAttribute, BooleanAttribute, JSONAttribute, NumberAttribute, UnicodeAttribute

from chalicelib.storage.models import LedgerItem, RunsItem, TextMap


class RunInfo(RunsItem):
    """A run's info, params and tags.

    `phase` is open, closing or sealed, `phase_since` when it became so, `updated` when this item last changed (ms).
    `indexed` is the `since` of the SealedRun whose index rows were all put.
    `mark` and `mark_epoch` are the run's own lifecycle stage and the experiment's epoch when it was set
    (`tracking/experiments/lifecycle.py`). `overflow` says that params and tags are frozen here and further ones have
    items of their own; `more` says that MORE items exist. `metric_bytes` is what the folded metrics take in a reply;
    `full` says that there is no room for further ones (`tracking/runs/sizes.py`). `request` is the digest of the
    request that created the run, if its id was chosen before (`tracking/runs/chosen.py`). `lapsed` is when the sweeper
    ended the run because its lease had run out (ms), until anybody sets its status (`tracking/runs/leases.py`).
    `created_by` is the caller who created it, None if that was anonymous or an earlier version stored the run.
    """

    run_id = UnicodeAttribute()
    experiment_id = UnicodeAttribute()
    run_name = UnicodeAttribute()
    user_id = UnicodeAttribute(null=True)
    status = UnicodeAttribute()
    start_time = NumberAttribute(null=True)
    end_time = NumberAttribute(null=True)
    artifact_uri = UnicodeAttribute()
    params = TextMap(default=dict)
    tags = TextMap(default=dict)
    mark = UnicodeAttribute(null=True)
    mark_epoch = NumberAttribute(null=True)
    phase = UnicodeAttribute()
    phase_since = NumberAttribute()
    updated = NumberAttribute()
    overflow = BooleanAttribute(null=True)
    more = BooleanAttribute(null=True)
    metric_bytes = NumberAttribute(null=True)
    full = BooleanAttribute(null=True)
    floor = NumberAttribute(null=True)
    indexed = NumberAttribute(null=True)
    request = UnicodeAttribute(null=True)
    lapsed = NumberAttribute(null=True)
    created_by = UnicodeAttribute(null=True)


class Lease(RunsItem):
    """The lease of a run: `holder` has it since then (ms), until `held_until`; others who log may prolong it.

    `renewed` is the last sign of life, `expires` when there have been none for too long, `looked` when somebody last
    saw that the run goes on (ms). `state` is "lapsed" while the sweeper ends the run, "revived" when it has just come
    back (`tracking/runs/leases.py`).
    """

    holder = UnicodeAttribute()
    since = NumberAttribute()
    held_until = NumberAttribute()
    renewed = NumberAttribute()
    expires = NumberAttribute()
    looked = NumberAttribute()
    state = UnicodeAttribute(null=True)


class LogCall(RunsItem):
    """Points of one log call, or of all in a feed's slices, packed; the last of these calls came at `last` (ms)."""

    points = BinaryAttribute(legacy_encoding=False)
    last = NumberAttribute(null=True)


class FeedEntry(RunsItem):
    """A log call of an open run, its points packed; or news of its info, params, tags, inputs or outputs; or both.

    `news` is "created", "opened" (again) or "changed". `received` is the time in its key (ms), to be filtered by; those
    of earlier versions have none.
    """

    points = BinaryAttribute(null=True, legacy_encoding=False)
    news = UnicodeAttribute(null=True)
    received = NumberAttribute(null=True)


class DigestPart(RunsItem):
    """Some open runs of an experiment, packed (`tracking/index/digests.py`)."""

    runs = BinaryAttribute(legacy_encoding=False)


class SeriesPart(RunsItem):
    """Folded points of one metric, packed."""

    points = BinaryAttribute(legacy_encoding=False)


class PyramidItem(RunsItem):
    """A level of a series' pyramid, or the spans of its parts, packed; derived from the parts up to `covered`."""

    covered = NumberAttribute()
    packed = BinaryAttribute(legacy_encoding=False)


class SnapPage(RunsItem):
    """Latest points that did not fit into Snap, packed."""

    points = BinaryAttribute(legacy_encoding=False)


class Snap(RunsItem):
    """The latest point of each metric up to `watermark` (ms, inclusive), after `folds` folds; `pages` continue it.

    `extremes` says that the points include the lowest and the highest of each metric; earlier versions left them out.
    `counts` says how many points each metric has in its pyramid and beyond (`tracking/metrics/pyramids.py`).
    """

    watermark = NumberAttribute()
    points = BinaryAttribute(legacy_encoding=False)
    pages = NumberAttribute(default=0)
    folds = NumberAttribute(default=0)
    counts = BinaryAttribute(null=True, legacy_encoding=False)
    extremes = BooleanAttribute(null=True)


class OpenRun(RunsItem):
    """A run that may be written. `opened` (ms) and `token` distinguish one opening from the next."""

    opened = NumberAttribute()
    token = UnicodeAttribute()


class SealedRun(RunsItem):
    """A sealed run in one piece, packed (`tracking/index/sealed_runs.py`), as it was when closed, at `since` (ms).

    What is too long for an item is stored in the bucket, under the digest named in `stored`. Its index rows are in
    `group`; `stale` holds the keys of an earlier sealing's rows that are still to be deleted: a list, or the digest of
    one that is too long.
    """

    since = NumberAttribute()
    group = UnicodeAttribute()
    run = BinaryAttribute(null=True, legacy_encoding=False)
    stored = UnicodeAttribute(null=True)
    stale = JSONAttribute(null=True)


class IndexRow(RunsItem):
    """One value of a sealed run: everything is in the keys."""


class MoreParam(RunsItem):
    value = UnicodeAttribute()


class MoreTag(RunsItem):
    """A tag that outgrew INFO. Without a value the tag is deleted: it hides the one frozen in INFO."""

    value = UnicodeAttribute(null=True)


class RunSize(RunsItem):
    """How many bytes a run holds outside of INFO (`tracking/runs/sizes.py`), as they stand in a reply; at most `bytes`.

    `writing` maps calls that are about to put something to how much, and since when (ms): "1200 1795000000000".
    """

    bytes = NumberAttribute()
    writing = TextMap(default=dict)


class InputEdge(RunsItem):
    """A dataset that the run used, with the tags of this use as pairs; `bytes` is what it takes in a reply."""

    dataset = UnicodeAttribute()
    name = UnicodeAttribute()
    digest = UnicodeAttribute()
    position = UnicodeAttribute()
    tags = JSONAttribute()
    bytes = NumberAttribute(null=True)


class ModelEdge(RunsItem):
    """A logged model that the run took as input (no step) or produced (at a step)."""

    model_id = UnicodeAttribute()
    position = UnicodeAttribute()
    step = NumberAttribute(null=True)


class Use(RunsItem):
    """A run in the list of those that took a dataset, of whatever experiment, or a logged model as an input."""


class DatasetItem(RunsItem):
    """A dataset of an experiment, written once. Long texts are in the bucket, under the digest named in `stored`.

    `bytes` is what it takes in a reply.
    """

    name = UnicodeAttribute()
    digest = UnicodeAttribute()
    source_type = UnicodeAttribute()
    source = UnicodeAttribute()
    schema = UnicodeAttribute(null=True)
    profile = UnicodeAttribute(null=True)
    stored = UnicodeAttribute(null=True)
    bytes = NumberAttribute(null=True)


class LoggedModel(RunsItem):
    """A logged model's info, params and tags; `created` and `updated` in ms.

    Every write puts the whole item, on condition that `revision` is still what was read. `measured` says that the model
    may have points. `request` is the digest of the request that created it, if that chose the id.
    """

    model_id = UnicodeAttribute()
    experiment_id = UnicodeAttribute()
    name = UnicodeAttribute()
    model_type = UnicodeAttribute()
    source_run_id = UnicodeAttribute()
    artifact_uri = UnicodeAttribute()
    status = UnicodeAttribute()
    params = TextMap(default=dict)
    tags = TextMap(default=dict)
    created = NumberAttribute()
    updated = NumberAttribute()
    revision = NumberAttribute()
    deleted = BooleanAttribute(null=True)
    measured = BooleanAttribute(null=True)
    request = UnicodeAttribute(null=True)


class LoggedModelRow(RunsItem):
    """A logged model in its experiment's listing."""


class ModelLogCall(RunsItem):
    """Points of a logged model, packed: those of one log call that one run measured on one dataset, or on none."""

    points = BinaryAttribute(legacy_encoding=False)
    run_id = UnicodeAttribute()
    dataset_name = UnicodeAttribute(null=True)
    dataset_digest = UnicodeAttribute(null=True)


class CatalogueEntry(RunsItem):
    """A model folder as the bucket had it at `state`, a digest of its listing; `modified` is its MLmodel's time, ms.

    `flavors` maps names to framework versions. Long values are in `details`, or in the bucket under the digest named in
    `stored`. `revision` distinguishes one write from the next; `stale` holds the keys of rows still to be deleted.
    `reader` is the version of the code that read the files (`catalogue/manifest.py`); entries of the first have none.
    """

    status = UnicodeAttribute()
    reason = UnicodeAttribute(null=True)
    notes = JSONAttribute(null=True)
    reader = NumberAttribute(null=True)
    experiment_id = UnicodeAttribute()
    run_id = UnicodeAttribute(null=True)
    model_id = UnicodeAttribute(null=True)
    state = UnicodeAttribute()
    modified = NumberAttribute()
    revision = UnicodeAttribute()
    flavors = TextMap(default=dict)
    mlflow_version = UnicodeAttribute(null=True)
    utc_time_created = UnicodeAttribute(null=True)
    size = NumberAttribute(default=0)
    pickle = BooleanAttribute(null=True)
    details = JSONAttribute(null=True)
    stored = UnicodeAttribute(null=True)
    stale = JSONAttribute(null=True)


class CatalogueRow(RunsItem):
    """An entry in a list."""

    path = UnicodeAttribute()


class CatalogueCursor(RunsItem):
    """The key of the bucket after which the next walk goes on; empty for the beginning."""

    after = UnicodeAttribute()


class BusyExperiments(RunsItem):
    """The ids of the experiments that had open runs when the sweeper last looked at all of them."""

    experiments = JSONAttribute(default=list)


class ExperimentItem(LedgerItem):
    """An experiment. `epoch` grows whenever it is deleted or restored; `change` is the id of the last such write.

    No index row that differs is left of epochs below `settled` (`tracking/experiments/lifecycle.py`). `grants` maps
    users to their permissions (`access/levels.py`). `slice`, `shards`, `moved` and `digest` say how far its feed is
    (`tracking/experiments/slices.py`). `views` is how many saved views it has.
    """

    experiment_id = UnicodeAttribute()
    name = UnicodeAttribute()
    artifact_location = UnicodeAttribute()
    stage = UnicodeAttribute()
    epoch = NumberAttribute()
    settled = NumberAttribute(default=0)
    change = UnicodeAttribute()
    creation_time = NumberAttribute()
    last_update_time = NumberAttribute()
    tags = TextMap(default=dict)
    grants = TextMap(default=dict)
    slice = NumberAttribute(null=True)
    shards = NumberAttribute(null=True)
    moved = NumberAttribute(null=True)
    digest = UnicodeAttribute(null=True)
    views = NumberAttribute(null=True)


class SavedView(LedgerItem):
    """A saved view in its experiment's list, without its state; times in ms. `version` grows with each save.

    `format` is that of the state, which only the page understands: an older page must not read a newer one.
    """

    experiment_id = UnicodeAttribute()
    name = UnicodeAttribute()
    format = NumberAttribute()
    version = NumberAttribute()
    created = NumberAttribute()
    updated = NumberAttribute()
    updated_by = UnicodeAttribute()


class ViewState(LedgerItem):
    """The state of a saved view, as JSON, in this version of it."""

    state = UnicodeAttribute()
    version = NumberAttribute()


class ExperimentName(LedgerItem):
    """The experiment that holds a name."""

    experiment_id = UnicodeAttribute()


class Counter(LedgerItem):
    """The last id given out."""

    last = NumberAttribute()


class PageSecret(LedgerItem):
    """The secret that authenticates page tokens."""

    secret = BinaryAttribute(legacy_encoding=False)


class ExperimentWithOpenRuns(RunsItem):
    """An experiment in the list of those with open runs (`tracking/experiments/populated.py`).

    `since` (ms) and `token` distinguish one put from the next.
    """

    since = NumberAttribute()
    token = UnicodeAttribute()


class ExperimentWithSealedRuns(RunsItem):
    """An experiment in the list of those with sealed runs; none of them started after `newest` (ms)."""

    newest = NumberAttribute()


class ExperimentWithModels(RunsItem):
    """An experiment in the list of those with logged models."""


class Filled(LedgerItem):
    """How far the sweeper is with rows for what earlier versions stored: begun at `since`, gone on at `seen` (ms).

    `feeds_since` is since when (ms) the sweeper is of a version that knows of feeds.
    """

    since = NumberAttribute()
    seen = NumberAttribute()
    is_complete = BooleanAttribute(default=False)
    feeds_since = NumberAttribute(null=True)
