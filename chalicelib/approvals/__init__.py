"""The endpoints of policies and transition requests; what they do is in `chalicelib/registry/requests.py`."""
