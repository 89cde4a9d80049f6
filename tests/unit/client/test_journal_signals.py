"""Lines that a signal handler logs, while its own thread logs one."""

from cumulog._journal.chains import Head
from cumulog._journal.records import Kind
from cumulog._journal.writers import Writer


def test_a_line_of_a_signal_handler_within_another_line_leaves_none_missing() -> None:
    writer = Writer(Head("a" * 32, "http://server"), print)
    writer.append(Kind.METRICS, b"before")
    # It numbers its line while the interrupted one has its number, and has not written it.
    writer.append(Kind.METRICS, b"of the handler")
    writer.written -= 1
    writer.append(Kind.METRICS, b"interrupted")
    writer.written += 1
    writer.append(Kind.METRICS, b"after")
    writer.close()

    chain = writer.chain
    while found := chain.batch():
        chain.advance(found[-1].end)

    assert chain.finish() == ""
