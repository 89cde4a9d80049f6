from chalicelib.edge import request_ids


def test_the_innermost_block_says_which_request_it_is() -> None:
    with request_ids.acting_in("r-1"):
        with request_ids.acting_in("r-2"):
            assert request_ids.current() == "r-2"
        assert request_ids.current() == "r-1"

    assert request_ids.current() == ""
