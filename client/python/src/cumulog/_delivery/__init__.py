"""From the journal to the server, by one thread."""
