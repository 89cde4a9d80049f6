"""Lineage: data → run → logged model → version, and run → run, both ways and within what the caller may see."""
