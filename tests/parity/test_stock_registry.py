"""The stock client's registry: what it registers, moves, finds and loads at ours is what it does at MLflow."""

import warnings
from collections.abc import Callable
from pathlib import Path
from typing import Any

import mlflow
import pytest
from mlflow import MlflowClient
from mlflow.entities.model_registry import ModelVersion, RegisteredModel
from mlflow.exceptions import MlflowException

from tests.parity.compare import Pair
from tests.parity.stock_client import on_both

# MLflow warns of its own type hints as it is imported, of those of every model that is logged, and of stages.
pytestmark = [pytest.mark.filterwarnings("ignore::UserWarning"), pytest.mark.filterwarnings("ignore::FutureWarning")]
with warnings.catch_warnings():
    warnings.simplefilter("ignore")
    from mlflow.pyfunc import PythonModel


class Adder(PythonModel):  # type: ignore[misc]
    """Adds a number: one can tell which version was loaded."""

    def __init__(self, number: int) -> None:
        self.number = number

    def predict(self, model_input: list[int]) -> list[int]:
        return [each + self.number for each in model_input]


def logged(number: int, **fields: Any) -> Any:
    """A model that adds the number, logged by a run."""
    with mlflow.start_run():
        return mlflow.pyfunc.log_model(name="adder", python_model=Adder(number), pip_requirements=[], **fields)


def seen(version: ModelVersion) -> dict[str, Any]:
    """Everything of a version but ids and times."""
    return {
        "name": version.name,
        "version": version.version,
        "stage": version.current_stage,
        "description": version.description,
        "status": version.status,
        "tags": version.tags,
        "aliases": version.aliases,
        "source": version.source.partition(":")[0],
        "of a run": bool(version.run_id),
        "run_link": version.run_link,
        "changed": version.last_updated_timestamp > version.creation_timestamp,
    }


def model(found: RegisteredModel) -> dict[str, Any]:
    """Everything of a registered model but ids and times."""
    return {
        "name": found.name,
        "description": found.description,
        "tags": found.tags,
        "aliases": {alias: int(version) for alias, version in found.aliases.items()},
        "latest": [(each.version, each.current_stage) for each in found.latest_versions],
    }


def loaded(uri: str) -> list[int]:
    return list(mlflow.pyfunc.load_model(uri).predict([0, 10]))


def refusal(call: Callable[[], object]) -> str:
    with pytest.raises(MlflowException) as refused:
        call()
    return str(refused.value.error_code)


def test_a_model_is_created_described_tagged_renamed_and_deleted(pair: Pair) -> None:
    def scenario() -> list[Any]:
        client = MlflowClient()
        told = [model(client.create_registered_model("stock one", tags={"t": "1"}, description="first"))]
        told.append(refusal(lambda: client.create_registered_model("stock one")))
        told.append(model(client.update_registered_model("stock one", "second")))
        client.set_registered_model_tag("stock one", "u", "2")
        client.delete_registered_model_tag("stock one", "t")
        client.rename_registered_model("stock one", "stock two")
        told.append(refusal(lambda: client.get_registered_model("stock one")))
        told.append(model(client.get_registered_model("stock two")))
        client.delete_registered_model("stock two")
        told.append(refusal(lambda: client.get_registered_model("stock two")))
        return told

    theirs, ours = on_both(pair, scenario)

    assert ours == theirs


def test_a_model_is_registered_as_it_is_logged_and_loaded_by_whatever_names_it(pair: Pair) -> None:
    def scenario() -> list[Any]:
        mlflow.set_experiment("stock registry")
        client = MlflowClient()
        for number in (1, 2, 3):
            logged(number, registered_model_name="stock adder")
        client.transition_model_version_stage("stock adder", "2", "Production")
        client.set_registered_model_alias("stock adder", "champion", "1")
        uris = ["/1", "/3", "/Production", "/production", "/latest", "@champion"]
        told: list[Any] = [loaded(f"models:/stock adder{each}") for each in uris]
        told += [seen(client.get_model_version("stock adder", number)) for number in ("1", "2", "3")]
        told.append(seen(client.get_model_version_by_alias("stock adder", "champion")))
        return [*told, refusal(lambda: loaded("models:/stock adder@nobody"))]

    theirs, ours = on_both(pair, scenario)

    assert ours == theirs
    assert ours[:6] == [[1, 11], [3, 13], [2, 12], [2, 12], [3, 13], [1, 11]]


def test_a_model_is_registered_later_by_its_run_its_id_and_another_version(pair: Pair) -> None:
    def scenario() -> list[Any]:
        mlflow.set_experiment("stock registry")
        client = MlflowClient()
        info = logged(7)
        by_run = mlflow.register_model(f"runs:/{info.run_id}/adder", "stock later", tags={"how": "run"})
        by_id = mlflow.register_model(f"models:/{info.model_id}", "stock later", tags={"how": "id"})
        copied = client.copy_model_version("models:/stock later/1", "stock copy")
        again = client.copy_model_version("models:/stock copy/1", "stock copy")
        logged_model = mlflow.get_logged_model(info.model_id)
        told: list[Any] = [seen(each) for each in (by_run, by_id, copied, again)]
        told += [
            loaded(f"models:/{each}") for each in ("stock later/1", "stock later/2", "stock copy/1", "stock copy/2")
        ]
        return [*told, logged_model.tags["mlflow.modelVersions"], copied.source, again.source]

    theirs, ours = on_both(pair, scenario)

    assert ours == theirs
    assert ours[4:8] == [[7, 17]] * 4


def test_a_model_that_lies_among_the_artifacts_of_a_run(pair: Pair, tmp_path: Path) -> None:
    def scenario() -> list[Any]:
        mlflow.set_experiment("stock registry")
        client = MlflowClient()
        client.create_registered_model("stock files")
        with mlflow.start_run() as run:
            folder = str(tmp_path / run.info.run_id)
            mlflow.pyfunc.save_model(folder, python_model=Adder(5), pip_requirements=[])
            mlflow.log_artifacts(folder, "model")
        by_run = client.create_model_version("stock files", f"runs:/{run.info.run_id}/model", run.info.run_id)
        by_uri = client.create_model_version("stock files", f"{run.info.artifact_uri}/model", run.info.run_id)
        registered = mlflow.register_model(f"runs:/{run.info.run_id}/model", "stock files")
        told: list[Any] = [seen(each) for each in (by_run, by_uri, registered)]
        client.create_model_version("stock files", f"{run.info.artifact_uri}//model/", run.info.run_id)
        client.copy_model_version("models:/stock files/1", "stock files copy")
        copy = client.get_model_version_download_uri("stock files copy", "1")
        names = [f"stock files/{number}" for number in (1, 2, 3, 4)] + ["stock files copy/1"]
        return [*told, copy == f"runs:/{run.info.run_id}/model", *(loaded(f"models:/{each}") for each in names)]

    theirs, ours = on_both(pair, scenario)

    assert ours == theirs
    assert ours[3:] == [True, *[[5, 15]] * 5]


def test_a_model_in_other_storage_is_registered_and_copied(pair: Pair) -> None:
    def scenario() -> list[Any]:
        client = MlflowClient()
        registered = mlflow.register_model("s3://team-bucket/models/wine", "stock elsewhere", tags={"t": "1"})
        copied = client.copy_model_version("models:/stock elsewhere/1", "stock elsewhere copy")
        told: list[Any] = [seen(each) for each in (registered, copied)]
        told += [registered.source, client.get_model_version_download_uri("stock elsewhere", "1")]
        return [*told, client.get_model_version_download_uri("stock elsewhere copy", "1")]

    theirs, ours = on_both(pair, scenario)

    assert ours == theirs
    assert ours[2:] == ["s3://team-bucket/models/wine"] * 3


def test_stages_aliases_and_tags_of_versions(pair: Pair) -> None:
    def scenario() -> list[Any]:
        mlflow.set_experiment("stock registry")
        client = MlflowClient()
        client.create_registered_model("stock stages")
        with mlflow.start_run() as run:
            source = f"runs:/{run.info.run_id}/model"
        for number in range(1, 5):
            client.create_model_version("stock stages", source, run.info.run_id, tags={"n": str(number)})
            client.transition_model_version_stage(
                "stock stages", str(number), "staging", archive_existing_versions=True
            )
        client.update_model_version("stock stages", "4", "the last")
        client.set_model_version_tag("stock stages", "4", "u", "x")
        client.set_model_version_tag("stock stages", version=None, stage="Staging", key="v", value="y")
        client.delete_model_version_tag("stock stages", "4", "n")
        client.set_registered_model_alias("stock stages", "champion", "3")
        client.set_registered_model_alias("stock stages", "champion", "4")
        client.set_registered_model_alias("stock stages", "old", "1")
        client.delete_model_version("stock stages", "1")
        client.delete_registered_model_alias("stock stages", "nobody")
        told: list[Any] = [model(client.get_registered_model("stock stages"))]
        told += [seen(client.get_model_version("stock stages", str(number))) for number in (2, 3, 4)]
        told.append([seen(each) for each in client.get_latest_versions("stock stages", ["Staging"])])
        told.append(refusal(lambda: client.get_model_version("stock stages", "1")))
        told.append(refusal(lambda: client.set_registered_model_alias("stock stages", "latest", "2")))
        told.append(refusal(lambda: client.transition_model_version_stage("stock stages", "2", "nobody")))
        return told

    theirs, ours = on_both(pair, scenario)

    assert ours == theirs
    assert ours[0]["aliases"] == {"champion": 4}
    assert ours[0]["latest"] == [("3", "Archived"), ("4", "Staging")]


def test_searches_page_through_all(pair: Pair) -> None:
    def scenario() -> list[Any]:
        mlflow.set_experiment("stock registry")
        client = MlflowClient()
        with mlflow.start_run() as run:
            source = f"runs:/{run.info.run_id}/model"
        for number in range(7):
            client.create_registered_model(f"stock page {number}", tags={"odd": str(number % 2)})
            for _ in range(3):
                client.create_model_version(f"stock page {number}", source, run.info.run_id)
        page = client.search_registered_models("name LIKE 'stock page%'", max_results=4, order_by=["name DESC"])
        rest = client.search_registered_models(
            "name LIKE 'stock page%'", max_results=4, order_by=["name DESC"], page_token=page.token
        )
        odd = client.search_registered_models("name LIKE 'stock page%' AND tags.odd = '1'")
        versions = client.search_model_versions(f"run_id='{run.info.run_id}'", order_by=["version_number ASC"])
        fluent = mlflow.search_model_versions(filter_string="name='stock page 3'", max_results=2)
        told = [[each.name for each in found] for found in (page, rest, odd)]
        return [told, bool(page.token), bool(rest.token), [(each.name, each.version) for each in versions], len(fluent)]

    theirs, ours = on_both(pair, scenario)

    assert ours == theirs
    assert len(ours[3]) == 21


def test_a_prompt_is_registered_found_and_loaded(pair: Pair) -> None:
    def scenario() -> list[Any]:
        for text in ("Say {{it}}.", "Say {{it}} twice."):
            mlflow.genai.register_prompt(name="stock-prompt", template=text, tags={"t": "1"})
        mlflow.genai.set_prompt_alias("stock-prompt", alias="best", version=1)
        first = mlflow.genai.load_prompt("prompts:/stock-prompt@best")
        found = [each.name for each in mlflow.genai.search_prompts("name = 'stock-prompt'")]
        models = [each.name for each in MlflowClient().search_registered_models("name = 'stock-prompt'")]
        return [
            first.version,
            first.template,
            mlflow.genai.load_prompt("stock-prompt", version=2).template,
            found,
            models,
        ]

    theirs, ours = on_both(pair, scenario)

    assert ours == theirs
    assert ours[3:] == [["stock-prompt"], []]
