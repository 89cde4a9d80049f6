"""The fixture of MLflow's own store, to ask it without a server."""

import warnings
from collections.abc import Iterator

import pytest

with warnings.catch_warnings():
    # On import it uses what its newest SQLAlchemy deprecates.
    warnings.simplefilter("ignore", DeprecationWarning)
    from mlflow.store.tracking.sqlalchemy_store import SqlAlchemyStore


@pytest.fixture(scope="module")
def store(tmp_path_factory: pytest.TempPathFactory) -> Iterator[SqlAlchemyStore]:
    folder = tmp_path_factory.mktemp("oracle")
    store = SqlAlchemyStore(f"sqlite:///{folder}/mlflow.db", str(folder))
    yield store
    store.engine.dispose()
