"""Calls that ask to wait for the server (`synchronous=True`), and those that ask for something to wait for."""

from cumulog._fluent.process import process


class Operations:
    """What a call with `synchronous=False` returns, as in MLflow."""

    def wait(self) -> None:
        """Wait until the server has what was logged, for ten seconds at most."""
        process.deliver_now()


def waited(synchronous: bool | None) -> Operations | None:
    """Wait if that was asked for. Without an answer to the question a call is journalled, and returns."""
    if synchronous:
        process.deliver_now()
    return Operations() if synchronous is False else None
