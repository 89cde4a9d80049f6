"""`cumulog.Client`: the whole HTTP API in Python. `client.py` is its face.

`_http/calls.py` is what all methods have in common. `generated/` is written from the API's OpenAPI document by
`make client`.
"""
