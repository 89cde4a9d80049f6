"""Sealing, the index that makes sealed runs searchable, and the search for runs."""
