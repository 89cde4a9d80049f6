"""Experiments, runs, metrics and logged models, one room each. A room imports only the rooms before it in this list:

series, experiments, runs, logged_models, metrics, index.
"""
