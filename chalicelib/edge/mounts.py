"""The prefixes of endpoints: MLflow's protocol under /api and its twin /ajax-api, our own under /api alone."""

from chalice.app import Blueprint

from chalicelib.edge.http import Mount


def mlflow(blueprint: Blueprint, below: str = "", version: str = "2.0", service: str = "mlflow") -> Mount:
    """MLflow's protocol under both prefixes, or the part of it below a path."""
    return Mount(blueprint, *(f"/{twin}/{version}/{service}{below}" for twin in ("api", "ajax-api")))


def mlflow_page(blueprint: Blueprint) -> Mount:
    """Endpoints that only MLflow's own page calls."""
    return Mount(blueprint, "/ajax-api/2.0/mlflow")


def cumulog(blueprint: Blueprint, below: str = "") -> Mount:
    """Our own endpoints, or those below a path."""
    return Mount(blueprint, f"/api/2.0/cumulog{below}")


def root(blueprint: Blueprint) -> Mount:
    """Endpoints without a prefix."""
    return Mount(blueprint, "")
