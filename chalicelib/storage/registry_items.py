"""The items of the registry, in the ledger."""

from pynamodb.attributes import BooleanAttribute, JSONAttribute, NumberAttribute, UnicodeAttribute

from chalicelib.storage.models import LedgerItem, TextMap


class RegisteredModel(LedgerItem):
    """A registered model; `model_id` is internal, so a rename touches no version. Times in ms.

    Every change of the model or of anything below it also writes this item, on condition that `sequence` is still what
    was read: the number of the last audit entry, whose digest is `head` and whose time is `head_at`.
    `renamed` is when it got its present name, if it was renamed. `last_version` is the last number used. `stages` maps
    stages to the versions in them, as text ("1-3,7"); `aliases` maps to versions, `grants` users to their permissions
    (`access/levels.py`).
    """

    model_id = UnicodeAttribute()
    name = UnicodeAttribute()
    description = UnicodeAttribute(null=True)
    tags = TextMap(default=dict)
    created = NumberAttribute()
    updated = NumberAttribute()
    renamed = NumberAttribute(default=0)
    last_version = NumberAttribute(default=0)
    stages = TextMap(default=dict)
    aliases = JSONAttribute(default=dict)
    policies = JSONAttribute(default=dict)
    grants = TextMap(default=dict)
    sequence = NumberAttribute(default=0)
    head = UnicodeAttribute(default="")
    head_at = NumberAttribute(default=0)


class ModelName(LedgerItem):
    """Which registered model holds a name."""

    model_id = UnicodeAttribute()


class ModelVersion(LedgerItem):
    """A version of a registered model. Times in ms.

    `source` is what was registered and `location` where its files are: an mlflow-artifacts: URI of this server, or a
    URI of other storage (a prompt's has the placeholder that it came with). A copy's `download_uri` is its original's.
    `digest` is that of the files as the catalogue knew them, `link` the number of the audit entry that records it.
    """

    version = NumberAttribute()
    stage = UnicodeAttribute()
    source = UnicodeAttribute()
    location = UnicodeAttribute()
    download_uri = UnicodeAttribute(null=True)
    run_id = UnicodeAttribute(null=True)
    run_link = UnicodeAttribute(null=True)
    logged_model_id = UnicodeAttribute(null=True)
    description = UnicodeAttribute(null=True)
    tags = TextMap(default=dict)
    created = NumberAttribute()
    updated = NumberAttribute()
    digest = UnicodeAttribute(null=True)
    link = NumberAttribute()


class RunVersion(LedgerItem):
    """A model version in the list of those made from a run: everything is in the keys."""


class Reproduction(LedgerItem):
    """What came out when a run was run again from its record (`reproductions/`); `who` said so, `at` (ms).

    `differences` counts what differed, by its kind. `report` is the path of the report among the new run's artifacts.
    """

    run_id = UnicodeAttribute()
    reproduced_run_id = UnicodeAttribute()
    verdict = UnicodeAttribute()
    tolerance = JSONAttribute(null=True)
    differences = JSONAttribute(default=dict)
    report = UnicodeAttribute(null=True)
    who = UnicodeAttribute()
    at = NumberAttribute()


class AuditEntry(LedgerItem):
    """A link of a registered model's audit chain (`registry/chain/audit.py`); `at` in ms, `change` names the write."""

    sequence = NumberAttribute()
    at = NumberAttribute()
    who = UnicodeAttribute()
    action = UnicodeAttribute()
    request_id = UnicodeAttribute()
    version = NumberAttribute(null=True)
    details = JSONAttribute()
    previous = UnicodeAttribute()
    digest = UnicodeAttribute()
    change = UnicodeAttribute()


class TransitionRequest(LedgerItem):
    """A request to move a version to a stage that requires approval (`approvals/requests.py`). Times in ms.

    `name` is the model's at the time, `policy` the stage's; `files` is the digest of the version's files, for which an
    approval is valid; `decisions` is a list of {who, decision, comment, at}. An ended request has `ended` (when),
    `link` (of the audit chain) and, unless it was applied, `reason`. If the policy asks for a reproduction of
    `run_id`, `makers` are those who made run and version, and `reproduction` is the first that counted.
    """

    request_id = UnicodeAttribute()
    model_id = UnicodeAttribute()
    name = UnicodeAttribute()
    version = NumberAttribute()
    from_stage = UnicodeAttribute()
    to_stage = UnicodeAttribute()
    archive_existing = BooleanAttribute()
    requester = UnicodeAttribute()
    comment = UnicodeAttribute()
    created = NumberAttribute()
    expires = NumberAttribute()
    policy = JSONAttribute()
    files = UnicodeAttribute(null=True)
    status = UnicodeAttribute()
    decisions = JSONAttribute()
    ended = NumberAttribute(null=True)
    reason = UnicodeAttribute(null=True)
    link = NumberAttribute(null=True)
    run_id = UnicodeAttribute(null=True)
    makers = JSONAttribute(null=True)
    reproduction = JSONAttribute(null=True)


class OpenRequest(LedgerItem):
    """A transition request in the list of those that have not ended. `expires` in ms."""

    version = NumberAttribute()
    to_stage = UnicodeAttribute()
    expires = NumberAttribute()


class WaitingTask(LedgerItem):
    """The task token by which the execution of a transition request learns of the decision."""

    token = UnicodeAttribute()
