"""Frameworks whose models are saved and loaded, a module each; see `kinds.py` for what a module has."""
