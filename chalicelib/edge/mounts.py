"""The prefixes that endpoints have: MLflow's protocol under /api and its twin /ajax-api, our own under /api alone."""

from chalice.app import Blueprint

from chalicelib.edge.http import Mount


def mlflow(blueprint: Blueprint, below: str = "", version: str = "2.0", service: str = "mlflow") -> Mount:
    """MLflow's protocol, both spellings, or what is below a path of it."""
    return Mount(blueprint, *(f"/{twin}/{version}/{service}{below}" for twin in ("api", "ajax-api")))


def mlflow_page(blueprint: Blueprint) -> Mount:
    """What MLflow's own page alone asks for."""
    return Mount(blueprint, "/ajax-api/2.0/mlflow")


def cumulog(blueprint: Blueprint, below: str = "") -> Mount:
    """Our own endpoints, or those below a path of them."""
    return Mount(blueprint, f"/api/2.0/cumulog{below}")


def root(blueprint: Blueprint) -> Mount:
    """Endpoints without a prefix."""
    return Mount(blueprint, "")
