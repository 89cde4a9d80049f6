"""Environments of projects: built by content, and used only when complete."""
