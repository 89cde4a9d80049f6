"""The metric log, its folding into series, and metric histories."""
