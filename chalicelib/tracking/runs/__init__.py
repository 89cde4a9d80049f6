"""Runs: their info, params, tags, inputs and outputs."""
