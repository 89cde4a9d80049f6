"""Saved views: what people have arranged of an experiment in the page, kept under a name and shared."""
