"""Which runs a record of a reproduction needs permission on. The run that was reproduced is `RUN` of the runs."""

from chalicelib.access.requires import Resource
from chalicelib.tracking.runs.resources import run

NEW_RUN = Resource("new run", lambda request, fresh: [run(request.reproduced_run_id, fresh)])
