"""Where the vendor's errors end: botocore's and pynamodb's become ours, here and only here.

ConditionFailed            a condition did not hold: the caller re-reads and decides (its own lost reply included)
ItemTooLarge               the item would pass 400 KB
TransactionRefused         a transaction's condition failed; `failed` holds the positions of its items
NotFound                   the bucket holds no such object, or no such multipart upload
Rejected                   S3 finds the request wrong, in its own words: a part too small, an invalid token
errors.RequestLimitExceeded   throttled for as long as we may wait
Conflict                   another transaction holds the item: worth a retry, then a 503
errors.TemporarilyUnavailable no answer for as long as we may wait
"""

from collections.abc import Iterator
from contextlib import contextmanager

from botocore.exceptions import BotoCoreError, ClientError
from pynamodb.exceptions import PynamoDBException, VerboseClientError

from chalicelib import errors

_THROTTLES = frozenset(
    {
        "ProvisionedThroughputExceededException",
        "ProvisionedThroughputExceeded",
        "ThrottlingException",
        "ThrottlingError",
        "RequestLimitExceeded",
        "SlowDown",
    }
)
_CONFLICTS = frozenset({"TransactionConflictException", "TransactionConflict", "TransactionInProgressException"})
_BROKEN = frozenset({"InternalServerError", "InternalError", "ServiceUnavailable"})
# The reply to a HEAD has no body that could say more than 404.
_ABSENT = frozenset({"NoSuchKey", "NoSuchUpload", "NotFound", "404"})
_WRONG = frozenset(
    {"InvalidPart", "InvalidPartOrder", "EntityTooSmall", "BadDigest", "InvalidArgument", "InvalidRequest"}
)


class ConditionFailed(Exception):
    """The condition of a write did not hold, or held and the reply was lost before a retry: re-read to find out."""


class ItemTooLarge(Exception):
    """The item would be larger than DynamoDB stores."""


class NotFound(Exception):
    """The bucket holds no such object, or no such multipart upload."""


class Rejected(Exception):
    """S3 finds the request wrong; the message is S3's."""


class Conflict(errors.TemporarilyUnavailable):
    """Another transaction holds the item. The SDK does not retry this; `tables.again_on_conflict` does."""


class TransactionRefused(Exception):
    """At least one condition of a transaction did not hold; nothing was written."""

    def __init__(self, failed: frozenset[int]) -> None:
        super().__init__(f"conditions failed at {sorted(failed)}")
        self.failed = failed


@contextmanager
def translated() -> Iterator[None]:
    """Run calls to DynamoDB or S3 with their errors turned into ours. Unknown errors stay as they are (bugs)."""
    try:
        yield
    except PynamoDBException as error:
        cause = error.cause
        if cause is None:
            raise
        raise _ours(cause) from error
    except (ClientError, BotoCoreError) as error:
        raise _ours(error) from error


def _ours(cause: Exception) -> Exception:
    if isinstance(cause, VerboseClientError) and cause.cancellation_reasons:
        reasons = [reason for reason in cause.cancellation_reasons if reason]
        too_large = next((each.message for each in reasons if _is_about_size(each.code, each.message)), None)
        if too_large is not None:
            return ItemTooLarge(too_large)
        return _cancelled([reason.code if reason else "None" for reason in cause.cancellation_reasons], cause)
    if isinstance(cause, ClientError):
        return _refused(cause)
    # No reply at all: refused, timed out, cut off. Whether the call was carried out is unknown.
    return errors.TemporarilyUnavailable("The store did not answer; please try again.")


def _refused(cause: ClientError) -> Exception:
    code = cause.response.get("Error", {}).get("Code", "")
    message = cause.response.get("Error", {}).get("Message", "")
    if code == "ConditionalCheckFailedException":
        return ConditionFailed()
    if _is_about_size(code, message):
        return ItemTooLarge(message)
    if code in _ABSENT:
        return NotFound(message)
    if code in _WRONG:
        return Rejected(message)
    return _transient(code, cause)


def _is_about_size(code: str, message: str | None) -> bool:
    # A transaction gives its own name to the error of one of its items.
    text = (message or "").lower()
    return code in ("ValidationException", "ValidationError") and "size" in text and "exceed" in text


def _cancelled(codes: list[str], cause: Exception) -> Exception:
    failed = frozenset(at for at, code in enumerate(codes) if code == "ConditionalCheckFailed")
    if failed:
        return TransactionRefused(failed)
    # Nothing was written: a conflict, or a throttle of one of the items, is worth a retry.
    if any(code in _CONFLICTS | _THROTTLES for code in codes):
        return Conflict("The store is busy with the same items; please try again.")
    return cause


def _transient(code: str, cause: Exception) -> Exception:
    if code in _THROTTLES:
        return errors.RequestLimitExceeded("The store is busier than it can serve; please try again.")
    if code in _CONFLICTS:
        return Conflict("The store is busy with the same item; please try again.")
    if code in _BROKEN:
        return errors.TemporarilyUnavailable("The store could not finish the request; please try again.")
    return cause
