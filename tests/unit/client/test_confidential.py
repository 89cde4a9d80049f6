"""What a record leaves out: no secret is stored, in whatever form, and innocent things are."""

import gzip
import io
import zipfile
from pathlib import Path
from typing import Any

import pytest

from cumulog._record import confidential, facts, git
from tests.unit.client import secret_forms as forms


def test_there_are_enough_forms():
    assert len(forms.PLANTED) + len(forms.ARGUMENTS) > 130


@pytest.mark.parametrize(("secret", "text"), forms.PLANTED, ids=range(len(forms.PLANTED)))
def test_a_file_with_a_secret_is_left_out(secret: str, text: str):
    assert confidential.flaw_of_content(text.encode())
    # Not only at the beginning of a file, nor only in one encoding.
    assert confidential.flaw_of_content(("word " * 4000 + "\n" + text).encode())
    assert confidential.flaw_of_content(text.encode("utf-16"))


@pytest.mark.parametrize(("secret", "text"), forms.PLANTED, ids=range(len(forms.PLANTED)))
def test_a_text_is_shown_without_its_secret(secret: str, text: str):
    assert secret not in confidential.masked(text)


@pytest.mark.parametrize(("secret", "arguments"), forms.ARGUMENTS, ids=range(len(forms.ARGUMENTS)))
def test_arguments_are_shown_without_secrets(secret: str, arguments: list[str]):
    shown = confidential.masked_arguments(["train.py", *arguments, "--lr", "0.1"])

    assert secret not in " ".join(shown)
    assert (shown[0], shown[-2:]) == ("train.py", ["--lr", "0.1"])


@pytest.mark.parametrize("text", forms.INNOCENT)
def test_innocent_texts_stay(text: str):
    assert (confidential.flaw_of_content(text.encode()), confidential.masked(text)) == ("", text)


@pytest.mark.parametrize("arguments", forms.INNOCENT_ARGUMENTS)
def test_innocent_arguments_stay(arguments: list[str]):
    assert confidential.masked_arguments(arguments) == arguments


@pytest.mark.parametrize("path", forms.SECRET_FILES)
def test_some_names_of_files_are_enough(path: str):
    assert confidential.flaw_of_name(path)
    assert confidential.flaw_of_name(f"some/{path}")


@pytest.mark.parametrize("path", forms.INNOCENT_FILES)
def test_other_files_are_looked_into(path: str):
    assert confidential.flaw_of_name(path) == ""


def test_archives_are_looked_into_and_what_cannot_be_is_left_out():
    packed = io.BytesIO()
    with zipfile.ZipFile(packed, "w", zipfile.ZIP_DEFLATED) as archive:
        archive.writestr("notes.txt", f"token = '{forms.STRONG}'")
    harmless = gzip.compress(b"a,b\n1,2\n")

    assert "secret" in confidential.flaw_of_content(packed.getvalue())
    assert "secret" in confidential.flaw_of_content(gzip.compress(f"api_key={forms.STRONG}".encode()))
    assert confidential.flaw_of_content(harmless) == ""
    assert "unpacked" in confidential.flaw_of_content(b"PK\x03\x04 broken")
    assert "compressed" in confidential.flaw_of_content(b"BZh91AY")
    assert "unpacked" in confidential.flaw_of_content(gzip.compress(b"0" * (9 << 20)))


def test_remotes_lose_their_credentials_and_nothing_else():
    urls: list[Any] = [
        "https://ada:pw@host/x.git",
        f"https://{forms.STRONG}@host/x",
        "ssh://git@host/x",
        "git@host:x.git",
    ]

    shown = [confidential.masked_url(url) for url in urls]

    assert shown == ["https://host/x.git", "https://host/x", "ssh://git@host/x", "git@host:x.git"]


def test_an_archive_behind_a_program_is_looked_into_and_one_in_another_is_left_out():
    def packed(content: bytes) -> bytes:
        place = io.BytesIO()
        with zipfile.ZipFile(place, "w", zipfile.ZIP_DEFLATED) as archive:
            archive.writestr("notes.txt", content)
        return place.getvalue()

    assert "secret" in confidential.flaw_of_content(
        b"#!/usr/bin/env python3\n" + packed(f"api_key={forms.STRONG}".encode())
    )
    assert confidential.flaw_of_content(b"#!/usr/bin/env python3\n" + packed(b"print(1)")) == ""
    assert "unpacked" in confidential.flaw_of_content(packed(packed(b"print(1)")))
    assert "unpacked" in confidential.flaw_of_content(gzip.compress(packed(b"print(1)")))


def test_a_branch_is_named_without_a_secret():
    state = git.State(Path("/x"), "0" * 40, f"try/{forms.TOKENS[0]}", "")

    assert forms.TOKENS[0] not in str(facts.tags(state))
