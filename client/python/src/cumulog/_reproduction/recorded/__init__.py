"""What a run says of itself, by its record or by MLflow's tags."""
