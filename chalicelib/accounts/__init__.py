"""Users, tokens and grants as endpoints. The rules of permissions are in `access/`."""
