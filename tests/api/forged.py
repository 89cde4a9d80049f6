"""What passes for a token, or nearly: made from the owner's, or of users who are no more."""

from chalicelib import clock
from chalicelib.access import tokens
from tests.api.closed import Wish, World, add_token, basic, posted

_PERSON, _SERVICE = "cml_p_", "cml_s_"


def add_to(world: World) -> None:
    """Put forged tokens, and page tokens of the owner's, among the names of a world."""
    text = world.tokens["owner"]
    begun = text[:-6]
    now = clock.now_ms()
    world.names |= {
        "owners_token": text,
        "basic_owner": basic("owner", text),
        "basic_reversed": basic(text, ""),
        "basic_longer": basic("token2", text),
        "basic_default": basic("admin", "password1234"),
        "basic_empty": basic("token", ""),
        "other_kind": checked(begun.replace(_PERSON, _SERVICE)),
        "other_secret": checked(begun[:-1] + ("a" if begun[-1] != "a" else "b")),
        "wrong_check": text[:-1] + ("a" if text[-1] != "a" else "b"),
        "capitals": text.upper(),
        "cut": text[:-1],
        "cyrillic": text.replace("p_", "р_", 1),
        "digest": tokens.digest(text),
        "revoked": add_token("owner", revoked=now),
        "expired": add_token("owner", expires=now),
        "of_deleted_user": add_token("former"),
        "of_nobody": add_token("nobody"),
        "long": "x" * 100_000,
        "page_of_owner": _page_of_runs(world),
        "versions_page_of_owner": _page_of_versions(world),
    }


def checked(begun: str) -> str:
    """A token's text with the check that belongs to it, as anybody can make it."""
    # What a token looks like is no secret; its own module makes it, so that the forgery stays a good one.
    text = begun + tokens._check(begun)
    assert tokens.id_of(text)
    return text


def _page_of_runs(world: World) -> str:
    experiments = [world.names["experiment"]]
    reply = world.ask(
        "owner",
        posted(
            "/api/2.0/mlflow/runs/search",
            {"experiment_ids": experiments, "run_view_type": "ALL", "max_results": 1},
        ),
    )
    return str(reply.fields["next_page_token"])


def _page_of_versions(world: World) -> str:
    reply = world.ask("owner", Wish("GET", "/api/2.0/mlflow/model-versions/search", {"max_results": 1}))
    return str(reply.fields["next_page_token"])
