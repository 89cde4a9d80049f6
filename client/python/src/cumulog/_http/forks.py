"""Imports by other threads, kept apart from forks.

A child that was forked while another thread imported a module finds that module locked for ever.
"""

# First: it holds its own lock in a fork as well. What is registered last is taken first, so a fork takes ours before
# that of logging, as an import does that makes a logger. The other way round they would wait for each other.
import logging
import os
import threading

log = logging.getLogger("cumulog")

# Whoever imports in a thread holds it, and so does a fork.
importing = threading.RLock()

if hasattr(os, "register_at_fork"):
    os.register_at_fork(before=importing.acquire, after_in_parent=importing.release, after_in_child=importing.release)
