"""What the audit chains of registered models tell: the links themselves, whether they hold, any past, and where from.

A chain says all that ever happened to a model (`registry/chain/audit.py`), so its state at any moment follows from the
links up to then (`replay.py`), and the state that is stored now has to be the one that follows from all
(`comparing.py`).
"""
