"""The face of the HTTP API."""

from collections.abc import Callable, Iterator, Mapping
from typing import Any, TypeVar

from cumulog._client.generated.access import Access
from cumulog._client.generated.artifacts import Artifacts
from cumulog._client.generated.catalogue import Catalogue
from cumulog._client.generated.experiments import Experiments
from cumulog._client.generated.index import Index
from cumulog._client.generated.lineage import Lineage
from cumulog._client.generated.logged_models import LoggedModels
from cumulog._client.generated.metrics import Metrics
from cumulog._client.generated.models import Models
from cumulog._client.generated.registry import Registry
from cumulog._client.generated.reproductions import Reproductions
from cumulog._client.generated.runs import Runs
from cumulog._client.generated.service import Service
from cumulog._client.generated.users import Users
from cumulog._client.generated.views import Views
from cumulog._http.calls import Transport
from cumulog._http.servers import required
from cumulog._http.transport import Transport as HttpTransport

Page = TypeVar("Page", bound=Mapping[str, Any])


class Client:
    """Every endpoint of a server as a method, in namespaces.

        client = cumulog.Client("https://tracking.example")
        client.runs.get(run_id)["run"]["data"]
        client.models.transition("wine", "3", "Production")
        for page in client.pages(client.runs.search, experiment_ids=["7"]):
            page["runs"]

    A method takes the fields of its request and returns those of the reply, as infra/docs/api.md has them. It raises
    ApiError. A call is synchronous, and is sent again if its reply may have been lost: of runs, experiments, registered
    models and versions it then creates one. Of tokens, logged models and transition requests it may create two.
    """

    def __init__(self, uri: str | None = None, *, transport: Transport | None = None) -> None:
        """`uri` is the server's URL; without it, that of MLFLOW_TRACKING_URI. A `transport` may take its place.

        Raises CumulogError if neither is a URL.
        """
        transport = transport or HttpTransport(required(uri or ""))
        self.access = Access(transport)
        self.artifacts = Artifacts(transport)
        self.catalogue = Catalogue(transport)
        self.experiments = Experiments(transport)
        self.index = Index(transport)
        self.lineage = Lineage(transport)
        self.logged_models = LoggedModels(transport)
        self.metrics = Metrics(transport)
        self.models = Models(transport)
        self.registry = Registry(transport)
        self.reproductions = Reproductions(transport)
        self.runs = Runs(transport)
        self.service = Service(transport)
        self.users = Users(transport)
        self.views = Views(transport)
        self.series = self.metrics.series

        """`client.metrics.series`: curves for a chart."""

    @staticmethod
    def pages(call: Callable[..., Page], **fields: Any) -> Iterator[Page]:
        """The replies of a method, page after page. Raises ApiError."""
        while True:
            page = call(**fields)
            yield page
            if not page.get("next_page_token"):
                return
            fields["page_token"] = page["next_page_token"]
