"""The documents: what they name exists, where they link to exists, and they leave out no route, setting or command."""

import re
from collections.abc import Iterator
from itertools import chain
from pathlib import Path

import pytest
import yaml

from app import app
from infra.deploy import parameters, settings

ROOT = Path(__file__).resolve().parents[3]
DOCS = ROOT / "infra" / "docs"
PACKAGES = ("chalicelib", "client", "infra", "tests")
MOST_LINES_OF_README = 150


def files(*suffixes: str) -> Iterator[Path]:
    """Our own files with one of these endings."""
    found = chain(ROOT.glob("*.*"), *((ROOT / package).rglob("*.*") for package in PACKAGES))
    yield from (path for path in sorted(found) if path.suffix in suffixes and "node_modules" not in path.parts)


DOCUMENTS = list(files(".md"))
PATHS = [path.relative_to(ROOT).as_posix() for path in files(".py", ".md", ".json", ".yaml", ".txt", ".lock", ".toml")]
PREFIX = re.compile(r"^/((ajax-)?api/\d\.\d/)?(mlflow/|cumulog/)?")
THIS = Path(__file__).relative_to(ROOT).as_posix()
# What was true when it was written need not be true for ever.
HISTORY = {"CHANGELOG.md"}

each_document = pytest.mark.parametrize("document", DOCUMENTS, ids=lambda path: path.relative_to(ROOT).as_posix())


def text(*names: str) -> str:
    return "\n".join((ROOT / name).read_text() for name in names)


def prose(markdown: str) -> str:
    """The text without its code, in which a # is no heading and a bracket no link."""
    return re.sub(r"^ *```.*?^ *```$|^ {4}.*?$", "", markdown, flags=re.MULTILINE | re.DOTALL)


def anchors(document: Path) -> set[str]:
    """The anchors of a page's headings, as GitHub makes them."""
    headings = re.findall(r"^#+ (.+)$", prose(document.read_text()), re.MULTILINE)
    return {re.sub(r"[^\w\- ]", "", heading.lower()).replace(" ", "-") for heading in headings}


@each_document
def test_every_link_leads_somewhere(document):
    linked = re.findall(r"\]\((?!https?:)([^)#]*)#?([^)]*)\)", prose(document.read_text()))

    targets = [((document.parent / link).resolve() if link else document, anchor) for link, anchor in linked]
    assert [str(target) for target, _ in targets if not target.exists()] == []
    assert [f"{target}#{anchor}" for target, anchor in targets if anchor and anchor not in anchors(target)] == []


def test_nobody_is_told_to_install_a_name_that_is_not_ours():
    """In a package index anybody may have that name."""
    told = re.compile(r"pip install ['\"]?cumulog\b")

    assert [path for path in PATHS if path != THIS and told.search((ROOT / path).read_text())] == []


@each_document
def test_every_path_that_is_named_is_there(document):
    named = set(re.findall(rf"(?<![\w/.-])((?:{'|'.join(PACKAGES)})/[\w./-]*\w/?)", document.read_text()))
    gone = [name for name in named if not (ROOT / name).exists()]

    assert document.name in HISTORY or gone == []


@each_document
def test_every_file_that_is_named_by_the_end_of_its_path_is_there(document):
    named = set(re.findall(r"`([\w/-]+\.py)`", document.read_text()))
    gone = [name for name in named if not any(f"/{path}".endswith(f"/{name}") for path in PATHS)]

    assert document.name in HISTORY or gone == []


def test_every_file_that_a_docstring_or_comment_names_is_there():
    rooms = "|".join(sorted({path.name for path in (ROOT / "chalicelib").iterdir() if path.is_dir()} | set(PACKAGES)))
    named = {
        (path.relative_to(ROOT).as_posix(), name)
        for path in files(".py")
        for name in re.findall(rf"(?<![\w/.-])((?:{rooms})/[\w/-]+\.py)\b", path.read_text())
    }

    assert {each for each in named if not any(f"/{path}".endswith(f"/{each[1]}") for path in PATHS)} == set()


@each_document
def test_every_command_is_one_of_makes(document):
    rules = re.findall(r"^([a-z][\w -]*):", text("Makefile"), re.MULTILINE)
    named = set(re.findall(r"(?:`|^ +)make ([a-z][\w-]+)", document.read_text(), re.MULTILINE))

    assert named - {target for rule in rules for target in rule.split()} == set()


@each_document
def test_every_endpoint_that_is_named_in_a_table_is_there(document):
    cells = re.findall(r"^\| ([^|]+) \|", document.read_text(), re.MULTILINE)
    named = {path for cell in cells for path in re.findall(r"`(/[a-z][\w./{}-]+)`", cell)}

    tails = {"/" + PREFIX.sub("", path).replace("+}", "}") for path in app.routes}
    assert {path for path in named if "/" + PREFIX.sub("", path) not in tails} == set()


def test_every_setting_is_in_a_document():
    code = "".join(path.read_text() for path in files(".py") if "tests" not in path.parts)

    assert missing_settings(code, text("infra/docs/settings.md", "CONTRIBUTING.md")) == []
    assert missing_settings(text("Makefile"), text("infra/docs/settings.md", "CONTRIBUTING.md")) == []


def test_every_setting_of_the_tests_is_in_a_document():
    code = "".join(path.read_text() for path in files(".py") if "tests" in path.parts)

    assert missing_settings(code, text("infra/docs/settings.md", "CONTRIBUTING.md")) == []


def missing_settings(code: str, told: str) -> list[str]:
    return sorted(set(re.findall(r"\bCUMULOG_[A-Z0-9_]+\b", code)) - set(re.findall(r"\bCUMULOG_[A-Z0-9_]+\b", told)))


def test_every_variable_of_a_deployment_is_in_a_document():
    template = yaml.safe_load(text("infra/deploy/fragments/parameters.yaml"))
    variables = {settings.variable(name) for name in template["Parameters"].keys() - parameters.OURS}
    told = text("infra/docs/deploying.md")

    assert {name for name in variables if f"`{name}`" not in told} == set()


def test_every_command_is_in_a_document():
    targets = re.search(r"^\.PHONY: (.+)$", text("Makefile"), re.MULTILINE)
    told = text("README.md", "CONTRIBUTING.md")

    assert targets
    assert [target for target in targets[1].split() if not re.search(rf"make {target}(?![\w-])", told)] == []


def test_every_page_can_be_reached_from_the_readme():
    readme = text("README.md")

    assert [page.name for page in DOCS.glob("*.md") if f"infra/docs/{page.name}" not in readme] == []


def test_the_readme_is_read_in_one_sitting():
    assert len(text("README.md").splitlines()) <= MOST_LINES_OF_README


def test_the_readme_says_what_the_table_of_costs_says():
    told = re.findall(r"\$\d+\.\d\d", text("README.md"))

    assert told
    assert set(told) - set(re.findall(r"\$\d+\.\d\d", text("infra/docs/costs.md"))) == set()
