"""A run, run again: the new run beside the old, what may explain a difference, and the run as an archive."""
