"""The API's document as the app serves it."""

import json
import subprocess
import sys
from functools import cache
from pathlib import Path
from typing import Any

_SCRIPT = "import json, app; from chalicelib.service.routes import document; print(json.dumps(document()))"


@cache
def document() -> dict[str, Any]:
    """Made in a process of its own: this one may know small apps of other tests as well."""
    root = Path(__file__).resolve().parents[1]
    made = subprocess.run([sys.executable, "-c", _SCRIPT], cwd=root, stdout=subprocess.PIPE, check=True)
    return dict(json.loads(made.stdout))
