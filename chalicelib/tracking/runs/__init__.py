"""Runs: info, params, tags, inputs and outputs."""
