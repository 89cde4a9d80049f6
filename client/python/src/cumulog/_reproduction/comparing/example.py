"""A model's prediction for its input example, as plain values. It runs in the environment of the model."""

import json
from collections.abc import Iterator, Mapping
from pathlib import Path
from typing import Any

from cumulog._http.errors import CumulogError
from cumulog._models.flavors.kinds import library


def predicted(folder: str, trust: bool) -> dict[str, Any]:
    """`values`, or `why` there are none."""
    # Only here: what compares needs no models.
    from cumulog._models.loading import load_model  # noqa: PLC0415

    try:
        model = load_model(folder, trust=trust)
        data, params = example(Path(folder))
        return {"values": list(flat(model.predict(data, params)))}
    except CumulogError as error:
        return {"why": str(error)}
    except Exception as error:  # noqa: BLE001 - a model may raise anything
        return {"why": f"{type(error).__name__}: {error}"}


def example(folder: Path) -> tuple[Any, Mapping[str, Any] | None]:
    """The input example of a model, and its params."""
    stored = json.loads((folder / "input_example.json").read_bytes())
    text = (folder / "MLmodel").read_text(encoding="utf-8")
    params = stored.get("params") if isinstance(stored, dict) and {*stored} == {"inputs", "params"} else None
    data = stored["inputs"] if params is not None else stored
    if "type: dataframe" in text or (isinstance(data, dict) and {*data} in ({"columns", "data"}, {"data"})):
        return library("pandas").DataFrame(data["data"], columns=data.get("columns")), params
    if "type: ndarray" in text:
        numpy = library("numpy")
        if isinstance(data, dict):
            return {name: numpy.asarray(each) for name, each in data.items()}, params
        return numpy.asarray(data), params
    return data, params


def flat(value: Any) -> Iterator[Any]:
    """The numbers and texts in whatever a model gives, in their order."""
    value = value.to_numpy() if hasattr(value, "to_numpy") else value
    value = value.tolist() if hasattr(value, "tolist") else value
    if isinstance(value, Mapping):
        for name in value:
            yield from flat(value[name])
    elif isinstance(value, list | tuple):
        for each in value:
            yield from flat(each)
    else:
        yield value if isinstance(value, int | float | str | bool) or value is None else str(value)
