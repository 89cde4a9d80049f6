"""Curves as a client asks for them, and what they must show of a history."""

import json
import struct
from collections.abc import Iterable, Sequence
from math import isnan, nan
from typing import Any

from app import app
from infra.local import gateway
from tests import client as api

PATH = "/api/2.0/cumulog/metrics/series"
Json = dict[str, Any]


def ask(**question: Any) -> api.Answer:
    return api.send("POST", PATH, json.dumps(question).encode())


def asked(**question: Any) -> Json:
    """The reply to a question that has to be answered."""
    answer = ask(**question)
    assert answer.status == 200, answer.body
    return answer.body


def packed(accept: str = "application/vnd.cumulog.columns", **question: Any) -> tuple[dict[str, str], bytes]:
    """Headers and content of a reply as bytes."""
    headers = {"content-type": "application/json", "accept": accept}
    status, told, content = gateway.call(app, "POST", PATH, None, headers, json.dumps(question).encode())
    assert status == 200, content
    return told, content


def unpacked(content: bytes) -> Json:
    """What the bytes of a reply say, in the form of its JSON."""
    assert content[:4] == b"CSR1"
    (length,) = struct.unpack_from("<I", content, 4)
    assert length % 8 == 0
    head = json.loads(content[8 : 8 + length])
    at = 8 + length
    for each in head["series"]:
        for name in each.pop("columns"):
            code = "q" if name in ("x", "start", "end", "count") else "d"
            each[name] = [_text(n) for n in struct.unpack_from(f"<{each['size']}{code}", content, at)]
            at += 8 * each["size"]
    assert at == len(content)
    return dict(head)


def one(**question: Any) -> Json:
    """The only series of a reply."""
    (series,) = asked(**question)["series"]
    return dict(series)


def starts(series: Json) -> list[int]:
    return list(series["x"] if series["exact"] else series["start"])


def lows_and_highs(series: Json) -> tuple[list[float], list[float]]:
    if series["exact"]:
        return (_floats(series["value"]),) * 2
    return _floats(series["min"]), _floats(series["max"])


def extremes(lows: Iterable[float], highs: Iterable[float]) -> tuple[float, float]:
    """The least and the greatest value; NaN if there is no other."""
    return (
        min((low for low in lows if not isnan(low)), default=nan),
        max((high for high in highs if not isnan(high)), default=nan),
    )


def values(history: Sequence[Json]) -> list[float]:
    return _floats([point["value"] for point in history])


def _floats(column: Sequence[Any]) -> list[float]:
    return [float(value) for value in column]


def _text(number: float) -> float | str:
    if isinstance(number, int) or number - number == 0:
        return number
    return "NaN" if isnan(number) else "Infinity" if number > 0 else "-Infinity"
