"""`from cumulog import MlflowClient` says what to use, as `cumulog.MlflowClient` does.

For a name that a package does not have, Python looks for a module, and shows what that raises.
"""
# ruff: noqa: N999 - it is the name that scripts import

import cumulog

raise ImportError(f"cannot import name 'MlflowClient' from 'cumulog'. {cumulog._remedy('MlflowClient')}")
