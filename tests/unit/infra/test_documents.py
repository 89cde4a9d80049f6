"""That what the documents name is there: tests, files, make's targets."""

import re
from pathlib import Path

import pytest

ROOT = Path(__file__).resolve().parents[3]
DOCUMENTS = [ROOT / "SECURITY.md", *sorted((ROOT / "infra" / "docs").glob("*.md"))]
RULES = re.findall(r"^([a-z][\w -]*):", (ROOT / "Makefile").read_text(), re.MULTILINE)
TARGETS = {target for rule in RULES for target in rule.split()}

each_document = pytest.mark.parametrize("document", DOCUMENTS, ids=lambda path: path.name)


@each_document
def test_every_file_that_is_named_is_there(document):
    named = re.findall(r"`((?:tests|infra|chalicelib|client)/[\w./-]+\.\w+)`", document.read_text())

    assert [name for name in named if not (ROOT / name).exists()] == []


@each_document
def test_every_link_leads_somewhere(document):
    linked = re.findall(r"\]\((?!https?:)([^)#]+)", document.read_text())

    assert [link for link in linked if not (document.parent / link).exists()] == []


@each_document
def test_every_command_is_one_of_makes(document):
    named = set(re.findall(r"(?:`|^ +)make ([a-z][\w-]+)", document.read_text(), re.MULTILINE))

    assert named - TARGETS == set()
