"""The audit chain, and the one way in which a registered model changes."""
