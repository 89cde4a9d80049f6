"""AWS for the commands: an account, its stacks and change sets, buckets, and everything that belongs to a stage."""
