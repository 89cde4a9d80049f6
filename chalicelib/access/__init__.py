"""Who may do what. Tokens say who asks, grants on things say what that one may.

the gateway     → authorizer.py: is this a token of ours, and valid? It knows nothing of things.
every endpoint  → requires.py: what it declares is checked in the handler, on what is stored now.
levels.py, scopes.py, tokens.py: the rules, plain functions on plain data.
"""
