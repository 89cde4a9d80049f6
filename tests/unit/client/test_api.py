"""How replies are read, whoever sends the requests."""

import json

import pytest

import cumulog
from cumulog._http.wire import Reply
from cumulog._transfer.api import Entry

HTML = b"<!doctype html><title>404 Not Found</title>"


def answering(*replies):
    """An Api whose server gives these replies in turn, and the list of what it was asked."""
    asked = []
    left = list(replies)

    def send(*request):
        asked.append(request)
        return left.pop(0)

    return cumulog.Api("http://server/", send), asked


def said(**fields):
    return json.dumps(fields).encode()


@pytest.mark.parametrize(
    "reply",
    [
        Reply(404, said(error_code="ENDPOINT_NOT_FOUND", message="none")),
        Reply(404, HTML),
        Reply(405, HTML),
        Reply(404, b'{"detail":"Not Found"}'),
        Reply(200, HTML),
    ],
)
def test_an_answer_that_cumulog_never_gives_comes_from_another_server(reply):
    api, _ = answering(reply)

    with pytest.raises(cumulog.NotCumulog):
        api.delete("path")


@pytest.mark.parametrize(
    ("reply", "code"),
    [
        (Reply(404, said(error_code="RESOURCE_DOES_NOT_EXIST", message="gone")), "RESOURCE_DOES_NOT_EXIST"),
        (Reply(403, said(error_code="PERMISSION_DENIED", message="no")), "PERMISSION_DENIED"),
        (Reply(502, HTML), "INTERNAL_ERROR"),
        (Reply(401, b"Unauthorized"), "INTERNAL_ERROR"),
    ],
)
def test_a_refusal_keeps_its_code(reply, code):
    api, _ = answering(reply)

    with pytest.raises(cumulog.ApiError) as caught:
        api.delete("path")

    assert not isinstance(caught.value, cumulog.NotCumulog)
    assert (caught.value.status, caught.value.error_code) == (reply.status, code)


def test_a_listing_turns_all_pages():
    pages = [
        Reply(200, said(files=[{"path": "a", "is_dir": True}], next_page_token="t1")),
        Reply(200, said(files=[], next_page_token="t2")),
        Reply(200, said(files=[{"path": "b", "is_dir": False, "file_size": 3}])),
    ]
    api, asked = answering(*pages)

    assert list(api.entries("folder", recursive=True)) == [Entry("a", True, None), Entry("b", False, 3)]
    assert [query.get("page_token") for _, _, query, _ in asked] == [None, "t1", "t2"]
    assert all(query["path"] == "folder" and query["recursive"] == "true" for _, _, query, _ in asked)
