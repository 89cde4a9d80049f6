"""Models without mlflow: what MLflow's own loaders read, written with the standard library and the framework."""
