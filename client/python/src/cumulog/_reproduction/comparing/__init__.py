"""What two runs have in common: metrics, files, and what their models predict."""
