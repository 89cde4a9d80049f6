"""The only part that knows DynamoDB and S3: two tables, one bucket, and what each call costs.

There are two tables because their needs differ: `runs` is append-heavy and never in a transaction, `ledger` is small
and transactional. Neither has a secondary index, so every read can be strongly consistent. Only `keys.py` builds keys,
and the vendor's errors end here (`failures.py`), so no caller catches a `ClientError`.
"""
