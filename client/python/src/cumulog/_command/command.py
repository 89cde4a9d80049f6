"""The command `cumulog`: sync, and administration of users, tokens and grants.

MLFLOW_TRACKING_URI names the server. The credentials are those of MLflow's client: MLFLOW_TRACKING_TOKEN, or
MLFLOW_TRACKING_USERNAME with MLFLOW_TRACKING_PASSWORD. Results go to stdout, errors to stderr.
"""

import argparse
import json
import sys
from collections.abc import Callable, Mapping, Sequence
from typing import NamedTuple, TypeAlias

from cumulog._command.access import Access
from cumulog._command.sync import run as sync
from cumulog._command.tables import field, minute, table, when
from cumulog._http.errors import CumulogError
from cumulog._http.servers import required
from cumulog._http.version import VERSION
from cumulog._http.wire import Json
from cumulog._transfer.api import Api

LEVELS = ("READ", "USE", "EDIT", "MANAGE", "DENY")
_DAY = 24 * 3600


class Shown(NamedTuple):
    """A command's result: for programs (--json), for people, and for pipes (--quiet)."""

    fields: object
    text: str
    piped: str = ""


Run = Callable[[Access, argparse.Namespace], Shown]
Choice: TypeAlias = "argparse._SubParsersAction[argparse.ArgumentParser]"


def main(arguments: Sequence[str] | None = None, api: Api | None = None) -> int:
    """Run a command line; returns 0, or 1 if it failed. Without an `api`, the environment names the server."""
    parser = _parser()
    options = parser.parse_args(arguments)
    if options.run is None:
        parser.print_help()
        return 0
    try:
        is_sync = options.run is sync
        if is_sync:
            return sync(options)
        shown = options.run(Access(api or Api(required())), options)
    except CumulogError as error:
        print(f"cumulog: {error}", file=sys.stderr)  # noqa: T201 - a command
        return 1
    _print(shown, options)
    return 0


def _print(shown: Shown, options: argparse.Namespace) -> None:
    text = shown.piped if options.quiet else shown.text
    if options.json:
        text = json.dumps(shown.fields, indent=2)
    if text:
        print(text)  # noqa: T201


def whoami(access: Access, _options: argparse.Namespace) -> Shown:
    me = access.me()
    token = me.get("token", {})
    lines = {
        "user": me["username"] or "(anonymous: access is open)",
        "administrator": "yes" if me["may_administer"] else "no",
        "scopes": ", ".join(me["scopes"]),
        "token": token.get("token_id", ""),
        "expires": minute(token["expires"]) if token else "",
    }
    everywhere = {f"every {kind.replace('_', ' ')}": level for kind, level in me["everywhere"].items()}
    return Shown(me, "\n".join(f"{name:<24}{value}" for name, value in {**lines, **everywhere}.items() if value))


def list_users(access: Access, _options: argparse.Namespace) -> Shown:
    users = access.users()
    return Shown(users, table([("USER", field("username")), ("KIND", field("kind")), ("ADMIN", _is_admin)], users))


def add_user(access: Access, options: argparse.Namespace) -> Shown:
    user = access.add_user(options.name, "service" if options.service else "person")
    if options.admin:
        access.set_admin(options.name, True)
        user["is_admin"] = True
    return Shown(user, f"{options.name} was added. Make a token: cumulog admin tokens create --owner {options.name}")


def remove_user(access: Access, options: argparse.Namespace) -> Shown:
    access.remove_user(options.name)
    return Shown({}, f"{options.name} is deleted, and all their tokens are revoked.")


def restore_user(access: Access, options: argparse.Namespace) -> Shown:
    return Shown(access.restore_user(options.name), f"{options.name} is restored; the old tokens stay revoked.")


def make_admin(access: Access, options: argparse.Namespace) -> Shown:
    access.set_admin(options.name, True)
    return Shown({}, f"{options.name} is an administrator.")


def revoke_admin(access: Access, options: argparse.Namespace) -> Shown:
    access.set_admin(options.name, False)
    return Shown({}, f"{options.name} is no longer an administrator.")


def list_tokens(access: Access, options: argparse.Namespace) -> Shown:
    tokens = access.tokens(options.owner)
    columns = [
        ("ID", field("token_id")),
        ("LABEL", field("label")),
        ("SCOPES", lambda token: ", ".join(token["scopes"])),
        ("CREATED", when("created")),
        ("BY", field("created_by")),
        ("EXPIRES", when("expires")),
        ("REVOKED", when("revoked")),
    ]
    return Shown(tokens, table(columns, tokens))


def create_token(access: Access, options: argparse.Namespace) -> Shown:
    wish = {
        "owner": options.owner,
        "label": options.label,
        "scopes": options.scope,
        "expires_in_seconds": round(options.days * _DAY) if options.days is not None else None,
    }
    return _made(access.create_token({name: value for name, value in wish.items() if value is not None}))


def rotate_token(access: Access, options: argparse.Namespace) -> Shown:
    return _made(access.rotate_token(options.token_id))


def revoke_token(access: Access, options: argparse.Namespace) -> Shown:
    access.revoke_token(options.token_id)
    return Shown({}, f"{options.token_id} is revoked, with all tokens derived from it.")


def list_grants(access: Access, options: argparse.Namespace) -> Shown:
    if options.user:
        grants = access.grants_of(options.user)
        names = {"ON": "resource_type", "NAME": "resource_pattern", "PERMISSION": "permission"}
    else:
        grants = access.grants_on(*options.thing)
        names = {"USER": "username", "PERMISSION": "permission"}
    return Shown(grants, table([(heading, field(name)) for heading, name in names.items()], grants))


def set_grant(access: Access, options: argparse.Namespace) -> Shown:
    kind, name = options.thing
    access.grant(options.user, kind, name, options.level)
    return Shown({}, f"{options.user} has {options.level}.")


def remove_grant(access: Access, options: argparse.Namespace) -> Shown:
    access.revoke_grant(options.user, *options.thing)
    return Shown({}, f"{options.user} no longer has that grant.")


def _made(reply: Json) -> Shown:
    token = reply["token"]
    summary = f"Token {token['token_id']} of {token['owner']}, valid until {minute(token['expires'])}. Shown only once:"
    return Shown(reply, f"{summary}\n\n    {reply['text']}\n", reply["text"])


def _is_admin(user: Mapping[str, object]) -> str:
    return "yes" if user["is_admin"] else ""


def _parser() -> argparse.ArgumentParser:
    parser = argparse.ArgumentParser("cumulog", description="Cumulog on the command line.")
    parser.add_argument("--version", action="version", version=f"cumulog {VERSION}")
    parser.set_defaults(run=None)
    commands = parser.add_subparsers(metavar="COMMAND")
    sending = commands.add_parser("sync", help="send what journals on this machine still hold")
    sending.add_argument("--list", action="store_true", help="list the lines that a server refused")
    sending.add_argument("--from", dest="former", metavar="URL", help="also what was for a server at this address")
    sending.set_defaults(run=sync)
    admin = _choice(commands.add_parser("admin", help="users, tokens and grants"))
    _leaf(admin, "whoami", "show your user and permissions", whoami)
    _add_users(_choice(admin.add_parser("users", help="people and services that may have tokens")))
    _add_tokens(_choice(admin.add_parser("tokens", help="tokens that sign in to the server")))
    _add_grants(_choice(admin.add_parser("grants", help="permissions on experiments and registered models")))
    return parser


def _add_users(users: Choice) -> None:
    _leaf(users, "list", "list all users that are not deleted", list_users)
    add = _leaf(users, "add", "create a user, without any permission yet", add_user)
    add.add_argument("name")
    add.add_argument("--service", action="store_true", help="the user is a service, not a person")
    add.add_argument("--admin", action="store_true", help="the user is an administrator")
    for name, purpose, run in (
        ("remove", "delete a user and revoke their tokens", remove_user),
        ("restore", "restore a deleted user", restore_user),
        ("make-admin", "make a user an administrator", make_admin),
        ("revoke-admin", "make an administrator an ordinary user", revoke_admin),
    ):
        _leaf(users, name, purpose, run).add_argument("name")


def _add_tokens(tokens: Choice) -> None:
    _leaf(tokens, "list", "list your tokens, or a user's", list_tokens).add_argument("--owner", help="a user")
    create = _leaf(tokens, "create", "create a token; its text is shown only once", create_token)
    create.add_argument("--owner", help="the token's user; default: yourself")
    create.add_argument("--label", help="a name for the token")
    create.add_argument(
        "--scope", action="append", help="all, experiment:<LEVEL>:<id>, registered_model:<LEVEL>:<name>"
    )
    create.add_argument("--days", type=float, help="how long the token is valid; default 90, at most 365")
    for name, purpose, run in (
        ("revoke", "revoke a token, with all tokens derived from it", revoke_token),
        ("rotate", "replace a token by a new one", rotate_token),
    ):
        _leaf(tokens, name, purpose, run).add_argument("token_id")


def _add_grants(grants: Choice) -> None:
    listing = _leaf(grants, "list", "list the grants of a user, or on a thing", list_grants)
    _add_thing(listing).add_argument("--user", help="all grants of this user")
    setting = _leaf(grants, "set", "set a user's permission, replacing the one before", set_grant)
    setting.add_argument("user")
    setting.add_argument("level", choices=LEVELS)
    _add_thing(setting)
    removing = _leaf(grants, "remove", "remove a user's permission", remove_grant)
    removing.add_argument("user")
    _add_thing(removing)


def _add_thing(leaf: argparse.ArgumentParser) -> "argparse._MutuallyExclusiveGroup":
    """Require one of two options that name a thing; `thing` is then its kind and name."""
    several = leaf.add_mutually_exclusive_group(required=True)
    for option, kind in (("--experiment", "experiment"), ("--model", "registered_model")):
        meaning = f"the {kind.replace('_', ' ')}'s {'id' if kind == 'experiment' else 'name'}, or '*' for all"
        several.add_argument(option, dest="thing", type=_named(kind), help=meaning)
    return several


def _named(kind: str) -> Callable[[str], tuple[str, str]]:
    return lambda text: (kind, text)


def _choice(parser: argparse.ArgumentParser) -> Choice:
    return parser.add_subparsers(required=True, metavar="COMMAND")


def _leaf(choice: Choice, name: str, purpose: str, run: Run) -> argparse.ArgumentParser:
    leaf: argparse.ArgumentParser = choice.add_parser(name, help=purpose, description=purpose)
    leaf.set_defaults(run=run)
    leaf.add_argument("--json", action="store_true", help="print the server's answer")
    leaf.add_argument("--quiet", action="store_true", help="print only the text of a new token")
    return leaf
