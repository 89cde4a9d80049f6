"""MLmodel files as flavors and tools have written them since MLflow 1.0: each is read, as PyYAML reads it."""

from pathlib import Path
from typing import Any

import pytest
import yaml

from chalicelib.catalogue import flavors, manifest, places
from chalicelib.catalogue.manifest import Manifest

SHAPES: list[dict[str, Any]] = yaml.load(
    (Path(__file__).parent / "shapes.yaml").read_text(),
    # Every scalar stays text: a version 0.90 is not 0.9.
    Loader=yaml.BaseLoader,
)
RUN = places.of_folder("1/0123abcd/artifacts/model")

shapes = pytest.mark.parametrize("shape", SHAPES, ids=[each["name"] for each in SHAPES])


def read(text: bytes) -> Manifest:
    assert RUN
    return manifest.read(text, RUN)


@shapes
def test_a_shape_is_read_with_its_versions_and_notes(shape: dict[str, Any]) -> None:
    found = read(shape["text"].encode())

    assert {name: flavors.version(name, config) for name, config in found.flavors.items()} == shape["versions"]
    sizes = {part: str(len(columns)) for part, columns in found.signature.items()}
    assert sizes == shape.get("signature", {})
    wanted = shape.get("notes", [])
    assert len(found.notes) == len(wanted), found.notes
    assert [note for note, word in zip(found.notes, wanted, strict=True) if word not in note] == []


@shapes
def test_the_flavors_are_those_that_pyyaml_reads(shape: dict[str, Any]) -> None:
    if shape.get("oracle") == "differs":
        pytest.skip("PyYAML's reading is no map")
    found = read(shape["text"].encode())

    assert set(found.flavors) == set(oracle(shape["text"]).get("flavors") or {})


def oracle(text: str) -> dict[str, Any]:
    """The text as MLflow reads it; where it refuses a tag or a key, as PyYAML reads it without looking at these."""
    try:
        return dict(yaml.safe_load(text))
    except yaml.constructor.ConstructorError:
        return {"flavors": dict.fromkeys(_flavors(yaml.compose(text)))}


def _flavors(root: Any) -> list[str]:
    return [each.value for key, value in root.value if key.value == "flavors" for each, _ in value.value]


@pytest.mark.parametrize("encoding", ["utf-8", "utf-8-sig", "utf-16"])
@pytest.mark.parametrize("newline", ["\n", "\r\n"])
def test_encodings_and_line_ends_that_pyyaml_takes_are_taken(encoding: str, newline: str) -> None:
    text = "flavors:\n  sklearn:\n    sklearn_version: 1.7.2\n    note: ä\n".replace("\n", newline)

    found = read(text.encode(encoding))

    assert found.flavors == {"sklearn": {"sklearn_version": "1.7.2", "note": "ä"}}


def test_there_are_shapes_of_many_flavors() -> None:
    assert len(SHAPES) >= 60
    assert len({name for shape in SHAPES for name in shape["versions"]}) >= 30
