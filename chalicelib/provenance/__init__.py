"""Queries on the audit chains of registered models: the links, their validity, any past state, and a version's lineage.

A chain records everything that ever happened to a model (`registry/chain/audit.py`). So the model's state at any moment
follows from the links up to then (`replay.py`), and the stored state must equal the one that follows from all links
(`comparing.py`).
"""
