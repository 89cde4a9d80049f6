"""The command `cumulog`. `root.py` names the nouns; each is a module of `nouns/`, loaded when it is asked for."""

from cumulog._command.root import main

__all__ = ["main"]
