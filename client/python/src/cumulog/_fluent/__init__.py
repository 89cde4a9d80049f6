"""MLflow's familiar functions, on the journal."""
