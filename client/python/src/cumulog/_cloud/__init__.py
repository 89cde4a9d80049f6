"""Runs of projects as jobs of AWS Batch: how they are submitted from here, and what they do in their container."""
