"""What is logged, on this machine's disk until the server has it (decision 24)."""
