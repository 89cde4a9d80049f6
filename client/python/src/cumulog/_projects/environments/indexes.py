"""pip's settings in uv's words: whoever has pip fetch packages from a mirror means it for uv too."""

import configparser
import os
from collections.abc import Iterator, Mapping
from pathlib import Path

_NAMES = {
    "index-url": "UV_DEFAULT_INDEX",
    "extra-index-url": "UV_INDEX",
    "find-links": "UV_FIND_LINKS",
    "no-index": "UV_NO_INDEX",
    "constraint": "UV_CONSTRAINT",
    "trusted-host": "UV_INSECURE_HOST",
    "cert": "SSL_CERT_FILE",
}
# Names of the same that uv reads too.
_OTHERS = {"UV_DEFAULT_INDEX": ("UV_INDEX_URL",), "UV_INDEX": ("UV_EXTRA_INDEX_URL",)}
_COMMAS = ("UV_FIND_LINKS",)


def variables(environment: Mapping[str, str] = os.environ) -> dict[str, str]:
    """uv's variables for what pip was told and uv was not. Their values may hold credentials: never show them."""
    told = {key: value for each in _files(environment) for key, value in _read(each).items()}
    told |= {
        key: environment[name] for key in _NAMES if (name := f"PIP_{key.upper().replace('-', '_')}") in environment
    }
    found = {
        name: _worded(name, told[key])
        for key, name in _NAMES.items()
        if told.get(key, "").strip() and not any(each in environment for each in (name, *_OTHERS.get(name, ())))
    }
    if "UV_INDEX" in found and "UV_INDEX_STRATEGY" not in environment:
        # pip takes the best version of all indexes.
        found["UV_INDEX_STRATEGY"] = "unsafe-best-match"
    return found


def _worded(name: str, value: str) -> str:
    return ("," if name in _COMMAS else " ").join(value.split())


def _files(environment: Mapping[str, str]) -> Iterator[Path]:
    """pip's settings, the strongest last."""
    named = environment.get("PIP_CONFIG_FILE", "")
    if named == os.devnull:
        return
    home = Path(environment.get("HOME", "") or "~").expanduser()
    settings = Path(environment.get("XDG_CONFIG_HOME", "") or home / ".config")
    systems = [Path(each, "pip") for each in environment.get("XDG_CONFIG_DIRS", "/etc/xdg").split(":")]
    yield from (each / "pip.conf" for each in reversed(systems))
    yield from (Path("/etc/pip.conf"), home / ".pip" / "pip.conf", settings / "pip" / "pip.conf")
    if environment.get("VIRTUAL_ENV"):
        yield Path(environment["VIRTUAL_ENV"], "pip.conf")
    if named:
        yield Path(named)


def _read(path: Path) -> dict[str, str]:
    parser = configparser.RawConfigParser()
    try:
        parser.read(path, encoding="utf-8")
    except (configparser.Error, OSError, UnicodeDecodeError):
        # pip says what is wrong with it.
        return {}
    sections = [dict(parser[each]) for each in ("global", "install") if parser.has_section(each)]
    return {key.replace("_", "-"): value for each in sections for key, value in each.items()}
