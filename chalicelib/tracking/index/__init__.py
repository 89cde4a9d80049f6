"""The index that makes sealed runs searchable, sealing, and the search for runs."""
