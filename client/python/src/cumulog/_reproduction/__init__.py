"""Running a run again: from its record, beside what came out the first time."""
