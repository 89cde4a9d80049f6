"""What S3 is told to say of a file that a browser downloads."""

from email.message import Message

import pytest

from chalicelib.artifacts import attachments

PLAIN = "text/plain; charset=utf-8"
BINARY = "application/octet-stream"


@pytest.mark.parametrize(
    ("name", "content_type"),
    [
        ("notes.txt", PLAIN),
        ("MLmodel", PLAIN),
        ("table.JSON", PLAIN),
        ("report.html", PLAIN),
        ("report.HTM", PLAIN),
        ("plot.svg", PLAIN),
        ("feed.xhtml", PLAIN),
        ("script.js", PLAIN),
        ("plot.png", "image/png"),
        ("a.b.jpeg", "image/jpeg"),
        ("paper.pdf", "application/pdf"),
        ("model.pkl", BINARY),
        ("noextension", BINARY),
        ("page.html.gz", BINARY),
        ("page.svgz", BINARY),
        ("page.html ", BINARY),
        ("ends.", BINARY),
    ],
)
def test_nothing_that_a_browser_would_run_has_a_type_of_its_own(name: str, content_type: str) -> None:
    assert attachments.content_type(name) == content_type


@pytest.mark.parametrize(
    ("name", "header"),
    [
        ("m.bin", 'attachment; filename="m.bin"'),
        ("with space;.txt", 'attachment; filename="with space;.txt"'),
        ('a"b', 'attachment; filename="a\\"b"'),
        ("100%.txt", 'attachment; filename="100%.txt"'),
        ("größe.txt", "attachment; filename=\"gr__e.txt\"; filename*=UTF-8''gr%C3%B6%C3%9Fe.txt"),
        ("漢字.png", "attachment; filename=\"__.png\"; filename*=UTF-8''%E6%BC%A2%E5%AD%97.png"),
        ("a\r\nX: y", "attachment; filename=\"a__X: y\"; filename*=UTF-8''a%0D%0AX%3A%20y"),
    ],
)
def test_a_file_is_saved_under_its_own_name(name: str, header: str) -> None:
    assert attachments.disposition(name) == header


@pytest.mark.parametrize("name", ["m.bin", 'a"b;c', "100%.png", "a'b*c(d).txt", "back\\slash"])
def test_whoever_reads_the_header_finds_a_plain_name(name: str) -> None:
    message = Message()
    message["Content-Disposition"] = attachments.disposition(name)

    assert message.get_filename() == name
