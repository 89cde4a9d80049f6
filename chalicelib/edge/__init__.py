"""The HTTP edge: requests are read strictly, replies and errors get MLflow's shape."""
