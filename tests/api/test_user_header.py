"""Who asks, as long as nobody can sign in: a header says so, where it is trusted."""

import json

import pytest

from app import app
from chalicelib import config
from chalicelib.access import identity
from infra.local import gateway
from tests import client as api
from tests.api.approved_model import folder as folder
from tests.registered import OURS

pytestmark = pytest.mark.usefixtures("bucket")


@pytest.fixture
def trusting(monkeypatch: pytest.MonkeyPatch):
    monkeypatch.setenv("CUMULOG_TRUST_USER_HEADER", "1")
    config.settings.cache_clear()
    yield
    monkeypatch.undo()
    config.settings.cache_clear()


def requester(header: str) -> str:
    """Who is taken for the requester when this comes in X-Cumulog-User."""
    body = json.dumps({"name": "wine", "version": "1", "stage": "Production"}).encode()
    headers = {"content-type": api.JSON, "X-Cumulog-User": header}
    _, _, content = gateway.call(app, "POST", OURS + "/requests/create", None, headers, body)
    return str(json.loads(content)["request"]["requester"])


def test_a_header_names_nobody(folder):
    assert requester("bea") == ""


def test_a_header_names_who_asks_where_it_is_trusted(folder, trusting):
    assert requester("bea@example.com") == "bea@example.com"


@pytest.mark.parametrize("header", ["cumulog:transition", "a b", "", "x" * 257, "a\x00", "Zoë"])
def test_a_header_that_is_no_name_names_nobody(folder, trusting, header):
    assert requester(header) == ""


def test_a_lambda_trusts_no_header(folder, trusting, monkeypatch):
    monkeypatch.setenv("AWS_LAMBDA_FUNCTION_NAME", "cumulog")
    config.settings.cache_clear()

    assert config.settings().trust_user_header is False


def test_whoever_is_known_otherwise_needs_no_header(folder):
    with identity.in_name_of("dan"):
        assert requester("") == "dan"
