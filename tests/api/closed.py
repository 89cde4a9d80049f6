"""Access closed: a world of things that one user owns, and others who come with tokens of their own, or with none.

    anonymous   sends no token                      reader, editor, manager   were granted that on all of the owner's
    junk        sends what looks like one           admin                     is an administrator
    foreign     has a token, things of its own, and no grant on the owner's

Every text in the owner's things that nobody has to name holds `SECRET`, so that a reply can be searched for it.
"""

import base64
import hashlib
import json
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from typing import Any, NamedTuple

from app import app
from chalicelib import clock
from chalicelib.access import levels, tokens
from chalicelib.storage import keys, tables
from chalicelib.storage.access_items import Token, TokenRow, User
from infra.local import gateway
from tests import client as api

SECRET = "hush-hush"
ROLES = ("anonymous", "junk", "foreign", "reader", "editor", "manager", "admin")
# What each was granted on all that is the owner's.
GRANTED = {"reader": levels.READ, "editor": levels.EDIT, "manager": levels.MANAGE}

_A_YEAR_MS = 365 * 24 * 3600 * 1000


class Wish(NamedTuple):
    """A request: the path encoded, the query as text or mapping, the body as bytes."""

    method: str
    path: str
    query: Any = None
    body: bytes | None = None
    headers: Mapping[str, str] = {}


class Answer(NamedTuple):
    status: int
    headers: dict[str, str]
    body: bytes

    @property
    def fields(self) -> dict[str, Any]:
        return dict(json.loads(self.body)) if self.body.startswith(b"{") else {}

    @property
    def outcome(self) -> tuple[int, str | None]:
        """Status and error code."""
        return self.status, self.fields.get("error_code")


@dataclass
class World:
    """`names` are the ids and names of things, by what test data call them; `tokens` each user's, as sent."""

    names: dict[str, str] = field(default_factory=dict)
    tokens: dict[str, str] = field(default_factory=dict)

    def ask(self, who: str, wish: Wish) -> Answer:
        """The answer to a request with this one's token, which headers of the wish come after."""
        sent = {**self.authorization(who), **wish.headers}
        if wish.body is not None and not any(name.lower() == "content-type" for name in sent):
            sent["content-type"] = api.JSON
        return Answer(*gateway.call(app, wish.method, wish.path, wish.query, sent, wish.body))

    def done(self, who: str, path: str, /, **fields: Any) -> dict[str, Any]:
        """POST what has to work, and the reply."""
        answer = self.ask(who, posted(path if path.startswith("/api") else api.PREFIX + path, fields))
        assert answer.status == 200, answer
        return answer.fields

    def authorization(self, who: str) -> dict[str, str]:
        return {"Authorization": f"Bearer {self.tokens[who]}"} if who in self.tokens else {}


def posted(path: str, fields: Any) -> Wish:
    """A POST of the fields as JSON."""
    return Wish("POST", path, body=json.dumps(fields).encode())


def add_user(name: str, is_admin: bool = False, deleted: int | None = None) -> None:
    """A user as it is stored; `deleted` is when, in ms."""
    user = User(
        keys.USERS,
        name,
        name=name,
        kind=tokens.PERSON,
        is_admin=is_admin,
        everywhere={},
        created=clock.now_ms(),
        created_by="",
        change=clock.unique_id(),
        deleted=deleted,
    )
    tables.put(user)


def add_token(owner: str, scopes: Sequence[str] = ("all",), **fields: Any) -> str:
    """The text of a new token of a user's, as it is stored; good for a year unless `fields` say otherwise."""
    new = tokens.new(tokens.PERSON)
    now = clock.now_ms()
    given = {"expires": now + _A_YEAR_MS, "created": now, "created_by": owner, "label": "", "parents": [], **fields}
    tables.put(
        Token(
            keys.token(new.token_id),
            keys.TOKEN,
            token_id=new.token_id,
            digest=new.digest,
            owner=owner,
            scopes=list(scopes),
            **given,
        )
    )
    tables.put(TokenRow(keys.tokens(owner), new.token_id))
    return new.text


def junk() -> str:
    """What looks like a token, but for its last character."""
    text = tokens.new(tokens.PERSON).text
    return text[:-1] + ("0" if text[-1] != "0" else "1")


def basic(user: str, password: str) -> str:
    """A whole Authorization header."""
    return "Basic " + base64.b64encode(f"{user}:{password}".encode()).decode()


def sha256(body: bytes) -> str:
    return hashlib.sha256(body).hexdigest()
