"""The audit chain, and the only way to change a registered model."""
