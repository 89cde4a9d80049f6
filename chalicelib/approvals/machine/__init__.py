"""The state machine's tasks, and the Lambdas that carry them out."""
