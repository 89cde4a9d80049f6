"""What was run: code, arguments, packages and machine of a run, as files below `cumulog/` among its artifacts."""
