"""The lines of one chain as calls to its server, in order."""

import contextlib
import json
from collections.abc import Callable

from cumulog._delivery import models, outcomes, terms
from cumulog._delivery.batches import Batch, grouped
from cumulog._delivery.outcomes import Held
from cumulog._delivery.refused import Refused
from cumulog._http.errors import ApiError, NotCumulog
from cumulog._http.experiments import found_or_created
from cumulog._http.reading import inside, read
from cumulog._http.transport import Transport
from cumulog._http.wire import Json
from cumulog._journal.chains import Chain
from cumulog._journal.records import Kind, Record
from cumulog._transfer.api import Api

API = "/api/2.0/mlflow"
_NAME = "mlflow.runName"
SendFile = Callable[[Transport, Chain, Json, str], None]


class Sending:
    """Delivers one chain. Raises outcomes.Later, Held and Gone; what was delivered until then is noted."""

    def __init__(self, transport: Transport, chain: Chain, refused: Refused, send_file: SendFile) -> None:
        self._transport = transport
        self._refused = refused
        self._send_file = send_file
        self._experiment = ""
        # Other journals of the run, of which one may create it, had their turn.
        self.has_waited = False
        self.chain = chain
        # The number of the last line that was delivered, and how many were, refused ones included.
        self.delivered = 0
        self.count = 0
        self._has_ended = False

    def some(self) -> bool:
        """Deliver what one read of the journal gives; False if there was nothing."""
        try:
            return self._some()
        except outcomes.NotYet:
            if not self._create_from_head():
                raise
            return self._some()

    def _some(self) -> bool:
        found = self.chain.batch()
        for group in grouped(found):
            if isinstance(group, Batch):
                self._batch(group)
                last = group.records[-1]
            else:
                self._alone(group)
                last = group
            self.chain.advance(last.end)
            self.delivered = max(self.delivered, last.sequence)
            lines = group.records if isinstance(group, Batch) else [group]
            self.count += sum(record.kind != Kind.OPEN for record in lines)
        return bool(found)

    def leave(self, tell: Callable[[str], None]) -> None:
        """The process that began the run is gone. If it has not ended it, its lease says so when it runs out.

        It had none if it was killed in its first seconds, or never reached the server.
        """
        if self._has_ended or not self.chain.head.birth.get("ends"):
            return
        with contextlib.suppress(ApiError):
            if self._run()["info"].get("status") == "RUNNING":
                terms.take_for(self.chain, tell, lambda body: self._transport.once("POST", terms.PATH, None, body))

    def call(self, method: str, path: str, body: Json | None = None, query: dict[str, str] | None = None) -> Json:
        """One attempt at a call. Raises ApiError."""
        return read(self._transport.once(method, API + path, query, body))

    def _batch(self, batch: Batch) -> None:
        for name, entries in batch.parts():
            self._entries(name, entries)

    def _entries(self, name: str, entries: list[Json]) -> None:
        """Log entries; those that the server refuses are found by halving, and put aside."""
        try:
            if self.call("POST", "/runs/log-batch", {"run_id": self.chain.head.run_id, name: entries}):
                raise NotCumulog(200, "BAD_REQUEST", "Something that is not Cumulog answers.")
        except ApiError as error:
            self._check(error)
            if len(entries) == 1:
                self._refused.add(self.chain.head.run_id, name, entries[0], error.message)
                return
            half = len(entries) // 2
            self._entries(name, entries[:half])
            self._entries(name, entries[half:])

    def _alone(self, record: Record) -> None:
        fields = json.loads(record.payload)
        try:
            if record.kind == Kind.CREATE:
                self._create(fields)
            elif record.kind == Kind.MODEL:
                models.create(self.call, self._run(), fields)
            elif record.kind == Kind.MODEL_FILES:
                self._finish_model(fields)
            elif record.kind == Kind.FILE:
                self._send_file(self._transport, self.chain, fields, self._experiment_id())
            else:
                self.call("POST", fields["path"], fields["body"])
                self._has_ended = self._has_ended or fields["body"].get("status", "RUNNING") != "RUNNING"
        except ApiError as error:
            if not self._is_about_others(error, fields):
                self._check(error, is_creation=record.kind == Kind.CREATE)
            self._refused.add(self.chain.head.run_id, Kind(record.kind).name.lower(), fields, error.message)

    def _finish_model(self, fields: Json) -> None:
        """Put aside a model's version, or its files, if they did not become what they should."""
        folder = f"{self._experiment_id()}/{models.owner(fields['model_id'])}/artifacts"
        stored = Api(self._transport.url, self._transport.once).entries(folder, recursive=True)
        if why := models.finish(self.call, self.chain.head.run_id, stored, fields):
            self._refused.add(self.chain.head.run_id, "model", {}, why)

    def _check(self, error: ApiError, *, is_creation: bool = False) -> None:
        """Raises what `outcomes.check` does; returns if the server refuses just these lines."""
        try:
            outcomes.check(error)
        except outcomes.NotYet:
            # It may be something else that the server does not know.
            if not is_creation and not self._is_known():
                raise
        if is_creation:
            raise Held(
                f"The run cannot be created: {outcomes.sentence(error.message)} Its lines stay in the journal."
            ) from error

    def _is_known(self) -> bool:
        try:
            self.call("GET", "/runs/get", query={"run_id": self.chain.head.run_id})
        except ApiError as error:
            with contextlib.suppress(outcomes.NotYet):
                outcomes.check(error)
            return False
        return True

    def _is_about_others(self, error: ApiError, fields: Json) -> bool:
        """Whether a call is refused for a logged model that it names, which must not hold up the run's other lines."""
        return error.status in (403, 404) and bool(fields.get("names_others")) and bool(self._experiment_id())

    def _create(self, fields: Json) -> None:
        """Create the run with the id that its process chose. The same body again gives the same run."""
        body = {**fields["body"], "experiment_id": self._experiment_of(fields)}
        try:
            info = self._created(body)
        except ApiError as error:
            if error.error_code != "RESOURCE_ALREADY_EXISTS":
                raise
            if not fields["join"]:
                raise Held(f"The server has another run with this id: {error.message}") from error
            return
        if info["run_id"] != self.chain.head.run_id:
            raise Held(
                "The server takes no run ids from clients: it has to be Cumulog, of this version or a later one."
            )
        self._experiment = info["experiment_id"]

    def _create_from_head(self) -> bool:
        """Create the run as far as the head of a damaged journal says how, unless another journal may create it."""
        if not self.has_waited or not self.chain.has_lost_creation():
            self.has_waited = True
            return False
        head = self.chain.head
        body = {"run_id": head.run_id, "start_time": head.birth["start_time"], "tags": []}
        try:
            self._create({**head.birth, "body": body, "join": True})
        except ApiError as error:
            self._check(error, is_creation=True)
        self._refused.say(
            f"The journal of run {head.run_id} is damaged where it creates the run: the name and the tags that the run "
            "began with are lost. Its other lines are delivered."
        )
        return True

    def _created(self, body: Json) -> Json:
        """The info of the run. Where the server refuses a tag or the name, it is created without, and they follow."""
        try:
            reply = self.call("POST", "/runs/create", body)
        except ApiError as error:
            if isinstance(error, NotCumulog) or error.status != 400 or error.error_code == "RESOURCE_ALREADY_EXISTS":
                raise
            named = [{"key": _NAME, "value": body["run_name"]}] if "run_name" in body else []
            plain = {name: value for name, value in body.items() if name != "run_name"}
            reply = self.call("POST", "/runs/create", {**plain, "tags": []})
            self._entries("tags", [*named, *body["tags"]])
        return inside(reply, "run", "info")

    def _experiment_of(self, fields: Json) -> str:
        if fields["experiment_id"]:
            return str(fields["experiment_id"])
        name = fields["experiment_name"]
        found = found_or_created(self._experiment_named, self._created_experiment, name)
        if found["lifecycle_stage"] != "active":
            raise Held(f"The experiment '{name}' is deleted: restore it, or choose another.")
        return str(found["experiment_id"])

    def _experiment_named(self, name: str) -> Json:
        try:
            query = {"experiment_name": name}
            return inside(self.call("GET", "/experiments/get-by-name", query=query), "experiment")
        except UnicodeEncodeError as error:
            # A journal of an earlier version may hold one.
            raise Held(f"The experiment's name {name!r} is no text that a server could take.") from error

    def _created_experiment(self, name: str) -> Json:
        return {**self.call("POST", "/experiments/create", {"name": name}), "lifecycle_stage": "active"}

    def _experiment_id(self) -> str:
        if not self._experiment:
            self._experiment = inside(self._run(), "info")["experiment_id"]
        return self._experiment

    def _run(self) -> Json:
        """The run as the server has it."""
        return inside(self.call("GET", "/runs/get", query={"run_id": self.chain.head.run_id}), "run")
