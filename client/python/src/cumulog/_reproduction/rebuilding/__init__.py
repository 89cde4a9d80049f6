"""The code, packages, variables and data of a run, as they were."""
