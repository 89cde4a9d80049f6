"""Requests to a server: how they are sent, tried again, and read. Errors of the whole package."""
