"""Registered models: versions, stages, aliases, and a history that cannot be rewritten unnoticed.

Every change in or below a registered model is one transaction with the next link of the model's audit chain (`chain/`).
The model's item is the lock: a change succeeds only if the chain is still as long as when the change was decided. So
two changes of one model never mix, and rules can be plain functions on what was read.
"""
