"""A project's run: its tags and params, its process, its output, and how it ends."""
