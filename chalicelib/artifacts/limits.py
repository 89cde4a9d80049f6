"""How large, how many."""

MIB = 1 << 20

# Lambda takes events of 6 MiB, and a body travels in one as base64; the rest is for headers.
UPLOAD_BYTES = 4_500_000
# From this size on, MLflow's client is told to send parts instead.
PARTS_FROM = 4 * MIB

# S3's own limits: of one PUT, of an object, of the parts of an upload.
PUT_BYTES = 5 << 30
OBJECT_BYTES = 5 << 40
PARTS = 10_000
# Of a key; a sort key in DynamoDB may be as long.
KEY_BYTES = 1024

# Ours: a part is never smaller, though S3 would take 5 MiB.
PART_BYTES = 8 * MIB
# Files or parts in one request.
BATCH = 100
PAGE = 1000
# What one reply lists where the client cannot ask for more: names of 255 bytes make 3 MB of it.
ENTRIES = 10_000
# What one call deletes: 20 lists and 20 deletions of a thousand each take a few seconds of a Lambda's 30.
DELETIONS = 20_000
# S3 refuses URLs that are good for longer than a week.
URL_SECONDS = 604_800
# An upload in parts that is older has been forgotten.
FORGOTTEN_MS = 3 * 24 * 3600 * 1000
# A URL of a part has up to 2 KB where a Lambda signs, and all of them must fit into one reply.
MLFLOW_PARTS = 2_000

TOO_LARGE = (
    "The request is larger than 4.5 MB, the most that one call may carry. To log a larger file with MLflow's own "
    f"client set MLFLOW_ENABLE_PROXY_MULTIPART_UPLOAD=true and MLFLOW_MULTIPART_UPLOAD_MINIMUM_FILE_SIZE={PARTS_FROM}, "
    "or install the plugin beside it: pip install cumulog."
)
