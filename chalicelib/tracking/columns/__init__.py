"""Runs as columns: what a table or a chart of many runs shows, in arrays instead of a message for each run."""
