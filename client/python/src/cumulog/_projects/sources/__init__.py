"""Where projects come from: a folder, an archive, a git repository."""
