"""What MLflow's own client leaves of a run: its tags, and the requirements of its models."""

import re
from collections.abc import Sequence
from pathlib import Path

from cumulog._record import git
from cumulog._reproduction.recorded.run import Code, Described, Invocation, Missing
from cumulog._transfer.api import Api
from cumulog._transfer.transfer import Options, download

_NAMES = ("requirements.txt", "python_env.yaml")
_PYTHON = re.compile(r"^python:\s*[\"']?([\d.]+)", re.MULTILINE)


def packages(api: Api, root: str, paths: Sequence[str], into: Path) -> tuple[str, str]:
    """The requirements of a model that the run logged among its artifacts, and its Python; empty if there is none."""
    models = [path.removesuffix("MLmodel") for path in paths if path.rpartition("/")[2] == "MLmodel"]
    wanted = [f"{model}{name}" for model in models[:1] for name in _NAMES if f"{model}{name}" in paths]
    download([f"{root}/{path}" for path in wanted], into, api, Options(progress=False), root=root)
    texts = {path.rpartition("/")[2]: (into / path).read_text() for path in wanted}
    python = _PYTHON.search(texts.get("python_env.yaml", ""))
    return texts.get("requirements.txt", ""), python[1] if python else ""


def described(tags: dict[str, str], packages: tuple[str, str]) -> Described:
    """What a run says of its making, as far as tags go."""
    requirements, python = packages
    commit = tags.get("mlflow.source.git.commit", "")
    remote = tags.get("mlflow.source.git.repoURL", "") or tags.get("mlflow.gitRepoURL", "")
    name, kind = tags.get("mlflow.source.name", ""), tags.get("mlflow.source.type", "")
    is_script = kind == "LOCAL" and name.endswith(".py")
    if kind == "PROJECT":
        uri, _, folder = name.partition("#")
        root = uri.removeprefix("file://") if uri.startswith(("/", "file://")) else ""
        code, invocation = (
            Code(bool(commit), commit, remote or ("" if root else uri), root),
            Invocation(folder=folder or "."),
        )
    else:
        code, invocation = Code(bool(commit), commit, remote, _top(name)), Invocation(script=name if is_script else "")
    return Described(code, invocation, python, requirements, "", tuple(_gaps(tags, requirements)))


def _top(script: str) -> str:
    """The top folder of the repository that a script is in, if it is here; empty if it is not."""
    state = git.state(Path(script).parent)[0] if Path(script).is_absolute() and Path(script).is_file() else None
    return str(state.root) if state else ""


def _gaps(tags: dict[str, str], requirements: str) -> list[Missing]:
    if "mlflow.source.name" not in tags:
        return [Missing("command", "The run does not say what was run: it has no tag mlflow.source.name.")]
    found = [
        Missing("code", "MLflow's client does not record uncommitted edits: what ran may differ from the commit."),
        Missing("command", "MLflow's client does not record the arguments of a command line: give them after --."),
        Missing("variables", "MLflow's client records no variables of the environment."),
    ]
    if not tags.get("mlflow.source.git.commit"):
        found[0] = Missing("code", "The run has no commit: MLflow's client found no git repository.")
    if requirements:
        return [*found, Missing("packages", "The packages are those of the run's model: others are not recorded.")]
    return [*found, Missing("packages", "The packages are not recorded: the run logged no model with requirements.")]
