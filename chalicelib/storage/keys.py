"""Every key of both tables. A key built anywhere else is a bug.

    runs     RUN#<run>            INFO                              one RunInfo
             RUN#<run>            LOG#<position>#<unique>           log calls: those of a feed's slice, or one by itself
             RUN#<run>            MORE#PARAM|TAG#<key>              what outgrew INFO
             RUN#<run>            MORE#INPUT|MODEL_INPUT|OUTPUT#<id>
             RUN#<run>            SIZE                              how much lies outside of INFO
             RUN#<run>            SERIES#<metric>#<watermark>#<n>   folded points of one metric
             RUN#<run>            PYRAMID#<metric>#<level>|PARTS    a series as buckets; what each part of it holds
             RUN#<run>            SNAP, SNAP_PAGE#<watermark>#<n>   latest points up to a watermark
             OPEN#<experiment>    <run>                             a run that may still be written
             FEED#<experiment>#<shard>  <slice>#<run>#<ms>#<unique> a log call or news of an open run (`tracking/feed/`)
             DIGEST#<experiment>  <slice>#<unique>#<n>              some of the open runs as they were at a slice's end
             RUN#<run>            SEALED                            a sealed run in one piece: what a search reads
             IDX#<experiment>#<group>#<entity>#<key>                one value of a sealed run: an index row, whose
                                  <code><falling start><run>        sort key is `search/rows.py`'s
             DATASET#<experiment> <digest of name and digest>       a dataset, written once
             USED#<dataset|model> <run>                             a run that took a dataset or logged model as input
             MODEL#<model>        INFO                              one LoggedModel
             MODEL#<model>        LOG#<received ms>#<unique>        points of it from one log call, run and dataset
             MODELS#<experiment>  <model>                           a logged model of the experiment
             CATALOGUE#ENTRY      <folder of the model>             one CatalogueEntry
             CATALOGUE#<list>     <newest first><revision>          an entry in a list: ALL, or of a flavor, a run, …
             CATALOGUE#SWEEP      CURSOR                            how far the bucket was walked
             EXPERIMENTS#OPEN     <experiment, ten digits>          an experiment with open runs
             EXPERIMENTS#SEALED   <experiment, ten digits>          an experiment with sealed runs
             EXPERIMENTS#MODELS   <experiment, ten digits>          an experiment with logged models
             SWEEP                BUSY                              experiments with open runs, as the sweeper last saw
             LEASES               <run>                             the lease of a run that a client keeps alive

    ledger   EXPERIMENTS          <experiment, ten digits>
             EXPERIMENT_NAME#<name>  NAME                           uniqueness
             COUNTER#experiment   COUNTER
             VIEWS#<experiment, ten digits>  <view>                 a saved view in its experiment's list
             VIEW#<view>          STATE                             what it shows
             REGISTERED_MODELS    <model>                           one RegisteredModel, by its internal id
             DELETED_MODELS       <model>                           the same after its deletion: its audit chain stays
             MODEL_NAME#<name>    NAME                              uniqueness
             VERSIONS#<model>     <version, ten digits>
             RUN_VERSIONS#<run>   <model>#<version, ten digits>     versions made from a run
             REPRODUCTIONS#<run>  BY#<new run>, OF#<old run>        one Reproduction, in the lists of both its runs
             AUDIT#<model>        <number, twelve digits>           one AuditEntry
             REQUESTS#<model>     <request>                         one TransitionRequest, whose id begins with <model>
             OPEN_REQUESTS        <request>                         a request that has not ended, of any model
             WAITING_TASKS        <request>                         the execution that waits for its decision
             USERS                <user>                            one User, also after its deletion
             USER_NAME#<folded>   NAME                              uniqueness, whatever the case
             TOKEN#<id>           TOKEN                             one Token
             TOKENS#<user>        <id>                              a token in its owner's list
             GRANTED#<user>       <kind>#<id>                       a thing that the user has a grant on
             REQUEST_KEY#<digest> KEY                               what a request with an Idempotency-Key created
             FILLED               COMPLETE                          whether the lists have what earlier versions stored
             SECRET#page_token    SECRET                            the secret that authenticates page tokens

LOG sorts before MORE and both before SERIES, so one query reads a run's unfolded tail and everything that outgrew INFO.
"""

import hashlib
from typing import Literal, NamedTuple

INFO = "INFO"
SNAP = "SNAP"
SEALED = "SEALED"
SIZE = "SIZE"
NAME = "NAME"
COUNTER = "COUNTER"
STATE = "STATE"
EXPERIMENTS = "EXPERIMENTS"
REGISTERED_MODELS = "REGISTERED_MODELS"
DELETED_MODELS = "DELETED_MODELS"
OPEN_REQUESTS = "OPEN_REQUESTS"
WAITING_TASKS = "WAITING_TASKS"
EXPERIMENT_COUNTER = "COUNTER#experiment"
PAGE_SECRET = "SECRET#page_token"  # noqa: S105 - where the secret is, not what it is
SECRET = "SECRET"  # noqa: S105
USERS = "USERS"
TOKEN = "TOKEN"  # noqa: S105
CATALOGUE_ENTRIES = "CATALOGUE#ENTRY"
CATALOGUE_ALL = "CATALOGUE#ALL"
CATALOGUE_SWEEP = "CATALOGUE#SWEEP"
CURSOR = "CURSOR"
SWEEP = "SWEEP"
BUSY = "BUSY"
LEASES = "LEASES"
WITH_OPEN_RUNS = "EXPERIMENTS#OPEN"
WITH_SEALED_RUNS = "EXPERIMENTS#SEALED"
WITH_MODELS = "EXPERIMENTS#MODELS"
GRANTED = "GRANTED"
FILLED = "FILLED"
COMPLETE = "COMPLETE"
REQUEST_KEY = "KEY"

LOG = "LOG#"
MORE = "MORE#"
PARAM = "MORE#PARAM#"
TAG = "MORE#TAG#"
INPUT = "MORE#INPUT#"
MODEL_INPUT = "MORE#MODEL_INPUT#"
OUTPUT = "MORE#OUTPUT#"
SERIES = "SERIES#"
PYRAMID = "PYRAMID#"
SNAP_PAGE = "SNAP_PAGE#"

AFTER_ALL = "\U0010ffff"  # Sorts after every character that a key holds: the end of a range over a prefix.

# Positions in a run's log are times in ms, or beyond all of them: slices of its experiment's feed. Both have 13 digits.
_FIRST_SLICE = 9 * 10**12

_LAST_MS = 1 << 44  # Milliseconds since 1970 stay below it for 500 years.


def run(run_id: str) -> str:
    return f"RUN#{run_id}"


def log(position: int, unique: str) -> str:
    return f"{LOG}{position:013d}#{unique}"


def log_position(sort_key: str) -> int:
    """The position of a LOG key: when the call was received (ms), or what `slice_position` returned."""
    return int(sort_key[len(LOG) : len(LOG) + 13])


def log_after(position: int) -> str:
    """The least LOG key after the position."""
    return f"{LOG}{position + 1:013d}"


def slice_position(number: int) -> int:
    """The position in a run's log of what a slice of its experiment's feed held; 0 before the first slice."""
    return _FIRST_SLICE + number if number else 0


def feed(experiment_id: str, shard: int) -> str:
    return f"FEED#{experiment_id}#{shard}"


def feed_entry(number: int, run_id: str, received_ms: int, unique: str) -> str:
    return f"{feed_of_run(number, run_id)}{received_ms:013d}#{unique}"


def feed_slice(number: int) -> str:
    """The common beginning of the keys of one slice of a feed."""
    return f"{number:08x}#"


def feed_of_run(number: int, run_id: str) -> str:
    """The common beginning of the keys of one run in one slice of a feed."""
    return f"{feed_slice(number)}{run_id}#"


class FeedPlace(NamedTuple):
    """What a FEED key says."""

    slice: int
    run_id: str
    received_ms: int


def feed_place(sort_key: str) -> FeedPlace:
    number, run_id, received_ms, _ = sort_key.split("#")
    return FeedPlace(int(number, 16), run_id, int(received_ms))


def digests(experiment_id: str) -> str:
    return f"DIGEST#{experiment_id}"


def param(key: str) -> str:
    return PARAM + key


def tag(key: str) -> str:
    return TAG + key


def input_edge(dataset: str) -> str:
    return INPUT + dataset


def model_input(model_id: str) -> str:
    return MODEL_INPUT + model_id


def output(model_id: str) -> str:
    return OUTPUT + model_id


def series(metric_key: str) -> str:
    """The prefix of every folded part of one metric."""
    return f"{SERIES}{metric_key}#"


def series_part(metric_key: str, watermark_ms: int, number: int) -> str:
    # A metric key may have 1,000 bytes: with eleven and four hexadecimal digits the sort key just fits its 1,024.
    return f"{series(metric_key)}{watermark_ms:011x}#{number:04x}"


def series_after(metric_key: str, watermark_ms: int) -> str:
    """The least key of a part of the metric that was folded beyond a watermark."""
    return f"{series(metric_key)}{watermark_ms + 1:011x}"


def series_metric(sort_key: str) -> str:
    """The metric of a SERIES key. No metric key holds the character that ends it here."""
    return sort_key[len(SERIES) :].partition("#")[0]


def series_place(sort_key: str) -> tuple[int, int]:
    """The watermark and the number in a SERIES key."""
    _, watermark, number = sort_key.rsplit("#", 2)
    return int(watermark, 16), int(number, 16)


def pyramid(metric_key: str, level: int) -> str:
    """One level of the pyramid of a metric."""
    return f"{PYRAMID}{metric_key}#{level}"


def pyramid_parts(metric_key: str) -> str:
    return f"{PYRAMID}{metric_key}#PARTS"


def snap_pages(watermark_ms: int) -> str:
    return f"{SNAP_PAGE}{watermark_ms:013d}#"


def snap_page(watermark_ms: int, number: int) -> str:
    return f"{snap_pages(watermark_ms)}{number:04d}"


def open_runs(experiment_id: str) -> str:
    return f"OPEN#{experiment_id}"


def index(experiment_id: str, group: str, entity: str, key: str) -> str:
    """The partition of one field's rows, for an experiment's runs of a group (`tracking/experiments/lifecycle.py`)."""
    return f"{index_of(experiment_id)}{group}#{entity}#{key}"


def index_of(experiment_id: str) -> str:
    """The common beginning of the partitions of an experiment's index rows."""
    return f"IDX#{experiment_id}#"


def datasets(experiment_id: str) -> str:
    return f"DATASET#{experiment_id}"


def dataset(name: str, digest: str) -> str:
    """Name and digest can be longer than a sort key may be, so their SHA-256 replaces them."""
    return hashlib.sha256(f"{len(name)}:{name}{digest}".encode()).hexdigest()


def used(dataset_or_model: str) -> str:
    return f"USED#{dataset_or_model}"


def logged_model(model_id: str) -> str:
    return f"MODEL#{model_id}"


def logged_models(experiment_id: str) -> str:
    return f"MODELS#{experiment_id}"


def catalogue_experiment(experiment_id: str) -> str:
    return f"CATALOGUE#EXPERIMENT#{experiment_id}"


def catalogue_flavor(name: str) -> str:
    return f"CATALOGUE#FLAVOR#{name}"


def catalogue_run(run_id: str) -> str:
    return f"CATALOGUE#RUN#{run_id}"


def catalogue_model(model_id: str) -> str:
    return f"CATALOGUE#MODEL#{model_id}"


def catalogue_position(modified_ms: int, revision: str) -> str:
    """Sorts the last modified first."""
    return f"{_LAST_MS - modified_ms:012x}#{revision}"


def catalogue_revision(sort_key: str) -> str:
    return sort_key.partition("#")[2]


def experiment(experiment_id: str) -> str:
    return f"{int(experiment_id):010d}"


def experiment_name(name: str) -> str:
    return f"EXPERIMENT_NAME#{name}"


def views(experiment_id: str) -> str:
    return f"VIEWS#{experiment(experiment_id)}"


def view(view_id: str) -> str:
    return f"VIEW#{view_id}"


def model_name(name: str) -> str:
    return f"MODEL_NAME#{name}"


def versions(model_id: str) -> str:
    return f"VERSIONS#{model_id}"


def version(number: int) -> str:
    return f"{number:010d}"


def model_of_versions(partition_key: str) -> str:
    return partition_key.partition("#")[2]


def run_versions(run_id: str) -> str:
    return f"RUN_VERSIONS#{run_id}"


def run_version(model_id: str, number: int) -> str:
    return f"{model_id}#{version(number)}"


def split_run_version(sort_key: str) -> tuple[str, int]:
    """The model and the number of a version in a run's list."""
    model_id, _, number = sort_key.partition("#")
    return model_id, int(number)


def reproductions(run_id: str) -> str:
    return f"REPRODUCTIONS#{run_id}"


def reproduction(role: Literal["BY", "OF"], other_run_id: str = "") -> str:
    return f"{role}#{other_run_id}"


def audit(model_id: str) -> str:
    return f"AUDIT#{model_id}"


def audit_entry(sequence: int) -> str:
    return f"{sequence:012d}"


def requests(model_id: str) -> str:
    return f"REQUESTS#{model_id}"


def request(model_id: str, unique: str) -> str:
    """The id of a transition request: it suffices to find the request, and a model's open requests sort together."""
    return f"{request_of(model_id)}{unique}"


def request_of(model_id: str) -> str:
    """The common beginning of the ids of a model's transition requests."""
    return f"{model_id}-"


def requested_model(request_id: str) -> str:
    """The model of a transition request."""
    return request_id.rpartition("-")[0]


def user_name(folded: str) -> str:
    return f"USER_NAME#{folded}"


def token(token_id: str) -> str:
    return f"TOKEN#{token_id}"


def tokens(owner: str) -> str:
    return f"TOKENS#{owner}"


def granted(user: str) -> str:
    return f"{GRANTED}#{user}"


def request_key(principal: str, key: str) -> str:
    """A principal's Idempotency-Key. Both texts may be long, so their SHA-256 replaces them."""
    return "REQUEST_KEY#" + hashlib.sha256(f"{len(principal)}:{principal}{key}".encode()).hexdigest()


def granted_thing(kind: str, thing_id: str) -> str:
    return f"{kind}#{thing_id}"


def granted_id(sort_key: str) -> str:
    return sort_key.partition("#")[2]
