"""The metric log, its folding into series, and histories."""
