"""`python -m infra.dashboard.check`: types, lint and tests of the dashboard; exit code 1 if one fails.

The types of the API come from what the endpoints declare, so that a change of one that the dashboard does not follow
is an error here.
"""

import json
import subprocess
import sys

# For its blueprints, whose endpoints the document describes.
import app  # noqa: F401
from chalicelib.service import routes
from infra.dashboard import parts
from infra.dashboard.files import FOLDER
from infra.local.installing import node
from infra.local.installing.node import NotInstalled

_TYPES = FOLDER / "src" / "api" / "schema.d.ts"
_STEPS = (("run", "--silent", "check"), ("run", "--silent", "test", "--", "--reporter=dot"))


def main() -> int:
    """Check all of it; what is wrong is printed."""
    try:
        parts.install(also_tools=True)
        document = FOLDER / "node_modules" / "openapi.json"
        document.write_text(json.dumps(routes.document()))
        types = ("exec", "--", "openapi-typescript", str(document), "--default-non-nullable=false", "-o", str(_TYPES))
        return int(any(_told(node.npm(*step, folder=FOLDER)) for step in (types, *_STEPS)))
    except NotInstalled as error:
        print(f"cumulog: The dashboard could not be checked. {error}", file=sys.stderr)
        return 1


def _told(done: "subprocess.CompletedProcess[str]") -> int:
    """The exit code of a step; what it said, if it failed."""
    if done.returncode:
        print(f"{done.stdout}\n{done.stderr}".strip(), file=sys.stderr)
    return done.returncode


if __name__ == "__main__":
    sys.exit(main())
