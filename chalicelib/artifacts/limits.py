"""Limits on sizes and counts."""

MIB = 1 << 20

# Lambda accepts events of 6 MiB, in which a body is base64; the rest is for headers.
UPLOAD_BYTES = 4_500_000
# From this size on, we advise MLflow's client to upload in parts.
PARTS_FROM = 4 * MIB

# S3's own limits: bytes of one PUT, bytes of an object, parts of an upload.
PUT_BYTES = 5 << 30
OBJECT_BYTES = 5 << 40
PARTS = 10_000
# The length of a key; DynamoDB's sort keys have the same limit.
KEY_BYTES = 1024

# Our own limit: a part is never smaller, though S3 would accept 5 MiB.
PART_BYTES = 8 * MIB
# Files or parts in one request.
BATCH = 100
PAGE = 1000
# What one reply lists if the client cannot ask for another page: with names of 255 bytes it takes 3 MB.
ENTRIES = 10_000
# What one call deletes: 20 lists and 20 deletions of a thousand each take a few seconds of a Lambda's 30.
DELETIONS = 20_000
# S3 refuses URLs that are valid for longer than a week.
URL_SECONDS = 604_800
# A multipart upload older than this counts as abandoned.
FORGOTTEN_MS = 3 * 24 * 3600 * 1000
# A part's URL takes up to 2 KB when a Lambda signs it, and all URLs must fit into one reply.
MLFLOW_PARTS = 2_000

# Not a name in a package index: there, it is not ours.
OUR_PLUGIN = "pip install ./client/python in a clone of Cumulog"

TOO_LARGE = (
    "The request is larger than 4.5 MB, the most that one call may carry. To log a larger file with MLflow's own "
    f"client set MLFLOW_ENABLE_PROXY_MULTIPART_UPLOAD=true and MLFLOW_MULTIPART_UPLOAD_MINIMUM_FILE_SIZE={PARTS_FROM}, "
    f"or install our plugin beside it: {OUR_PLUGIN}."
)
