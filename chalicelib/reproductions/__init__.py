"""Reproductions: what came out when a run was run again from its record, and who says so."""
