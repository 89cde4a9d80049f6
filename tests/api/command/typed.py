"""Commands as somebody types them, against the application in this process."""

import json
import shlex
from typing import Any, NamedTuple

import jsonschema
import pytest

from cumulog import _command
from cumulog._command.frame.schemas import SCHEMAS, schema
from cumulog._http.calls import Transport
from tests.gateway_transport import Gateway


class Told(NamedTuple):
    status: int
    out: str
    err: str


class Terminal:
    """Where somebody types commands; what they print goes into a pipe."""

    def __init__(self, capsys: pytest.CaptureFixture[str], transport: Transport | None = None) -> None:
        self._transport = transport or Gateway()
        self._capsys = capsys

    def __call__(self, line: str) -> Told:
        status = _command.main(shlex.split(line), self._transport)
        out, err = self._capsys.readouterr()
        return Told(status, out, err)

    def done(self, line: str) -> str:
        """What a command printed that has to work."""
        told = self(line)
        assert told.status == 0, told.err
        return told.out

    def answer(self, line: str) -> Any:
        """The JSON of a command that has to work, which must be as documented."""
        fields = json.loads(self.done(line + " --json"))
        name = max((each for each in SCHEMAS if line.startswith(each)), key=len)
        jsonschema.validate(fields, schema(SCHEMAS[name]))
        return fields
