"""Experiments, runs, metrics and logged models, a room for each; a room imports only those before it:

series, experiments, runs, logged_models, metrics, index.
"""
