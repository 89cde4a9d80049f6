"""A few dozen real runs by the stock MLflow client, so that a new stack has something to look at: `make demo`."""
