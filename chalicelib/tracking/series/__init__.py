"""Metric points as plain data: their order, packing and sampling. Nothing here reads the store."""
