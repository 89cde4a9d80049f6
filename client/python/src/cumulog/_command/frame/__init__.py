"""What all commands share: the tree of commands, the session with a server, exit codes, names of things."""
