"""The commands' settings: make's variables, which are environment variables too."""

import re
from collections.abc import Mapping
from dataclasses import dataclass
from pathlib import Path

from infra.deploy.aws import names
from infra.deploy.aws.errors import Refused


@dataclass(frozen=True)
class Settings:
    """`package` is a folder with the output of `make package`; None means to build a new one.

    `variables` is the whole environment, which also has the template's parameters (infra/deploy/parameters.py).
    """

    stage: str
    region: str | None
    profile: str | None
    assume_yes: bool
    delete_data: bool
    package: Path | None
    variables: Mapping[str, str]


def from_environment(env: Mapping[str, str]) -> Settings:
    """The settings in `env`. Raises Refused for an invalid value."""
    package = env.get("PACKAGE")
    return Settings(
        stage=_stage(env.get("STAGE", "")),
        region=env.get("REGION") or None,
        profile=env.get("PROFILE") or None,
        assume_yes=_choice("YES", env, {"": False, "1": True}),
        delete_data=_choice("DATA", env, {"": False, "keep": False, "delete": True}),
        package=_package(Path(package).expanduser()) if package else None,
        variables=env,
    )


def variable(parameter: str) -> str:
    """The make variable of a template's parameter: DashboardOrigin → DASHBOARD_ORIGIN."""
    return re.sub(r"(?<!^)(?=[A-Z])", "_", parameter).upper()


def _stage(text: str) -> str:
    if not text:
        raise Refused("STAGE is missing. Name the installation, for example STAGE=prod.")
    if not names.is_stage(text):
        raise Refused(
            f"STAGE is {text!r}; it must be 1 to 20 lowercase letters and digits, begin with a letter, not be 'code'."
        )
    return text


def _choice(name: str, env: Mapping[str, str], meanings: Mapping[str, bool]) -> bool:
    text = env.get(name, "")
    if text not in meanings:
        raise Refused(f"{name} is {text!r}; it may be {' or '.join(repr(each) for each in meanings if each)}.")
    return meanings[text]


def _package(folder: Path) -> Path:
    if not (folder / "template.json").is_file() or not (folder / "cumulog.zip").is_file():
        raise Refused(f"PACKAGE is {str(folder)!r}, without template.json or cumulog.zip; `make package` makes them.")
    return folder
