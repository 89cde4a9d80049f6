"""The rules of the house that a machine can check: who imports whom, and how long a file is."""

import ast
from collections import Counter
from collections.abc import Iterator
from functools import cache
from graphlib import CycleError, TopologicalSorter
from pathlib import Path

import pytest

ROOT = Path(__file__).resolve().parents[2]
CLIENT = ROOT / "client" / "python" / "src"
PACKAGES = ("chalicelib", "infra", "client", "tests")
MOST_LINES = 400
MOST_FILES = 20

VENDORS = {"pynamodb", "botocore", "boto3"}
# Who may import app.py: what serves it, and what documents it.
SERVERS = {"infra.local.__main__", "infra.client.__main__", "infra.docs.__main__", "infra.dashboard.check"}
# What tools put beside sources: `pip install ./client/python` builds there.
NOT_OURS = {"node_modules", "build"}


# What tools put there: npm, and pip when it installs the client.
MADE = {"node_modules", "build"}


def sources(*packages: str) -> Iterator[Path]:
    yield ROOT / "app.py"
    for package in packages:
        found = sorted((ROOT / package).rglob("*.py"))
        yield from (path for path in found if NOT_OURS.isdisjoint(path.relative_to(ROOT).parts))


def module_of(path: Path) -> str:
    root = CLIENT if path.is_relative_to(CLIENT) else ROOT
    return ".".join(path.relative_to(root).with_suffix("").parts).removesuffix(".__init__")


TREE_PATHS = {module_of(path): path for path in sources("chalicelib", "infra", "client")}


# Not when this file is collected, which every process of a test run does.
@cache
def tree_of(module: str) -> ast.Module:
    return ast.parse(TREE_PATHS[module].read_text())


def folder_of(module: str) -> Path:
    return TREE_PATHS[module].parent


def imported(module: str, known: set[str]) -> set[str]:
    """What the module imports: our own modules by full name, others by the first part of theirs."""
    names: set[str] = set()
    for node in ast.walk(tree_of(module)):
        if isinstance(node, ast.Import):
            names |= {alias.name for alias in node.names}
        elif isinstance(node, ast.ImportFrom):
            # `from package import module` names a module, `from module import thing` does not.
            ours = {f"{node.module}.{alias.name}" for alias in node.names} & known
            names |= ours or {node.module or ""}
    return {name if name in known else name.partition(".")[0] for name in names} - {module}


@cache
def graph() -> dict[str, set[str]]:
    return {module: imported(module, set(TREE_PATHS)) for module in TREE_PATHS}


# The rooms of chalicelib from the bottom up: each may import those before it, and what lies beside it. What stands
# outside of any room (errors, config, clock, remembered) is below them all.
ROOMS = (
    "storage.calls",
    "storage",
    "search",
    "access",
    "edge",
    "tracking",
    "tracking.series",
    "tracking.experiments",
    "tracking.feed",
    "tracking.runs",
    "tracking.logged_models",
    "tracking.metrics",
    "tracking.index",
    "tracking.columns",
    "views",
    "artifacts",
    "catalogue",
    "registry.chain",
    "registry",
    "approvals",
    "approvals.machine",
    "reproductions",
    "provenance",
    "lineage",
    "accounts",
    "sweeper",
    "service",
)


# The same for the client's rooms, above `__init__.py` of which there is nothing.
CLIENT_ROOMS = (
    "_http",
    "_client",
    "_journal",
    "_transfer",
    "_delivery",
    "_fluent",
    "_record",
    "_models",
    "_projects",
    "_sweeps",
    "_reproduction",
    "_cloud",
    "integrations",
    "_command",
    "_mlflow",
)


def client_rank(module: str) -> int:
    room = module.split(".")[1] if "." in module else ""
    return CLIENT_ROOMS.index(room) if room not in ("", "__main__", "MlflowClient") else len(CLIENT_ROOMS)


def room_of(module: str) -> str:
    """The folder of a module, as a dotted name below chalicelib; empty for what stands outside of any room."""
    path = TREE_PATHS[module].parent.relative_to(ROOT)
    return ".".join(path.parts[1:])


def rank(module: str) -> int:
    room = room_of(module)
    return ROOMS.index(room) if room else -1


def ours() -> Iterator[tuple[str, str]]:
    """Every import of one of our modules by the app or chalicelib."""
    for module, names in graph().items():
        if not module.startswith(("infra", "cumulog")):
            yield from ((module, name) for name in sorted(names) if name in TREE_PATHS)


def test_no_module_imports_itself_by_a_detour():
    try:
        order = list(TopologicalSorter(graph()).static_order())
    except CycleError as error:
        pytest.fail(" → ".join(error.args[1]))
    assert {"app", "cumulog._transfer.api"} <= set(order)


def test_every_room_has_its_place():
    assert {room_of(module) for module in graph() if module.startswith("chalicelib.")} - {""} == set(ROOMS)


def test_imports_point_down_the_rooms():
    ours_alone = ((one, two) for one, two in ours() if one != "app")
    assert [f"{one} → {two}" for one, two in ours_alone if rank(one) < rank(two)] == []


def test_imports_point_down_the_rooms_of_the_client():
    pairs = ((one, two) for one, names in graph().items() for two in names if one.startswith("cumulog."))
    ours_alone = ((one, two) for one, two in pairs if two.startswith("cumulog."))
    assert [f"{one} → {two}" for one, two in ours_alone if client_rank(one) < client_rank(two)] == []


def test_no_two_packages_import_each_other():
    pairs = {(folder_of(one), folder_of(two)) for one, names in graph().items() for two in names if two in TREE_PATHS}
    assert [f"{one} ↔ {two}" for one, two in sorted(pairs) if one < two and (two, one) in pairs] == []


def test_no_folder_is_crowded():
    counts = Counter(path.parent.relative_to(ROOT) for path in sources("chalicelib", "infra", "client"))
    assert {folder: count for folder, count in counts.items() if count > MOST_FILES} == {}


def test_no_feature_imports_the_routes_of_another():
    assert [f"{one} → {two}" for one, two in ours() if two.endswith(".routes") and one != "app"] == []


def test_nothing_imports_the_app_but_what_serves_it():
    assert {module for module, names in graph().items() if "app" in names} == SERVERS


def test_chalicelib_knows_nothing_of_its_surroundings():
    outside = {"infra", "client", "cumulog", "tests"}
    assert [
        f"{module} → {name}"
        for module, names in graph().items()
        for name in names
        if not module.startswith(("infra", "cumulog")) and name.partition(".")[0] in outside
    ] == []


def test_storage_alone_talks_to_aws_and_what_submits_jobs():
    outsiders = {module for module, names in graph().items() if names & VENDORS and not module.startswith("infra")}
    rest = [module for module in outsiders if not module.startswith("chalicelib.storage.")]
    assert rest == ["cumulog._cloud.batch"]


def blocks(tree: ast.AST) -> Iterator[list[ast.stmt]]:
    """Every list of statements inside a function."""
    for function in ast.walk(tree):
        if isinstance(function, ast.FunctionDef | ast.AsyncFunctionDef):
            for node in ast.walk(function):
                bodies = (getattr(node, name, None) for name in ("body", "orelse", "finalbody"))
                yield from (body for body in bodies if isinstance(body, list))


def unexplained_imports(tree: ast.AST, lines: list[str]) -> Iterator[int]:
    """Line numbers of imports in functions whose group has no comment right above it."""
    imports = (ast.Import, ast.ImportFrom)
    for body in blocks(tree):
        for before, node in zip([None, *body], body, strict=False):
            is_first = isinstance(node, imports) and not isinstance(before, imports)
            if is_first and not lines[node.lineno - 2].lstrip().startswith("#"):
                yield node.lineno


def test_an_import_inside_a_function_says_why():
    found = {
        f"{module}:{line}"
        for path in sources("chalicelib", "infra")
        for module in [module_of(path)]
        for line in unexplained_imports(tree_of(module), path.read_text().splitlines())
    }
    assert found == set()


def test_no_file_is_too_long():
    lengths = {path.relative_to(ROOT): path.read_text().count("\n") for path in sources(*PACKAGES)}
    assert {path: length for path, length in lengths.items() if length > MOST_LINES} == {}
