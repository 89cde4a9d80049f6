import socket

from infra.demo import reached


def test_without_a_stack_it_says_how_to_start_one(capsys):
    with socket.socket() as closed:
        closed.bind(("127.0.0.1", 0))
        url = f"http://127.0.0.1:{closed.getsockname()[1]}"

        code = reached.main(url)

    said = capsys.readouterr().err
    assert code == 2
    assert f"No Cumulog answers at {url}." in said
    assert "make up" in said


def test_an_address_that_is_none_is_told(capsys):
    assert reached.main("localhost") == 2
    assert "No Cumulog answers at localhost." in capsys.readouterr().err
