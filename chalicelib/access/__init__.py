"""Who may do what. Tokens say who the caller is, grants on things what the caller may do.

the gateway     → authorizer.py: is this a token of ours, and valid? It knows nothing of things.
every endpoint  → requires.py: its declarations are checked in the handler, against what is stored now.
levels.py, scopes.py, tokens.py: the rules, plain functions on plain data.
"""
