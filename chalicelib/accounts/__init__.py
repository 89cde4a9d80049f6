"""Users, tokens and grants as endpoints. What they decide is asked of `access/`."""
