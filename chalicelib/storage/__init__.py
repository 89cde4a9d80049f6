"""The only part that knows DynamoDB and S3: two tables, one bucket, and what each call cost.

Two tables by the consistency that they need: `runs` is append-heavy and never in a transaction, `ledger` is small and
transactional. Neither has a secondary index, so every read can be strongly consistent. Keys are built in `keys.py` and
nowhere else; the vendor's errors end here (`failures.py`), so no caller catches a `ClientError`.
"""
