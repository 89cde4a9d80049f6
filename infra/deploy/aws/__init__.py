"""What the commands ask of AWS: an account, its stacks and change sets, buckets, and what there is of a stage."""
