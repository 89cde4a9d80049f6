"""The command `cumulog`."""

from cumulog._command.command import main

__all__ = ["main"]
