"""Imports by other threads, kept apart from forks.

A child that was forked while another thread imported a module finds that module locked for ever.
"""

import os
import threading

# Whoever imports in a thread holds it, and so does a fork.
importing = threading.RLock()

if hasattr(os, "register_at_fork"):
    os.register_at_fork(before=importing.acquire, after_in_parent=importing.release, after_in_child=importing.release)
