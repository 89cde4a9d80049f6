"""What an endpoint requires of its caller, declared on its view. A view that declares nothing is refused at import.

    @mlflow.endpoint("POST", "/runs/log-metric")
    @requires(EDIT, RUN, remembered=True)
    def log_metric(request: LogMetric) -> Reply: ...

If there are several declarations, all have to hold. What the caller may not read answers as if it did not exist.
"""

from collections.abc import Callable, Iterable
from typing import Any, NamedTuple, TypeVar

from chalicelib.access import identity, levels, scopes
from chalicelib.access.identity import Thing
from chalicelib.errors import CumulogError, PermissionDenied

View = TypeVar("View", bound=Callable[..., Any])

_ATTRIBUTE = "cumulog_rules"


class Held(NamedTuple):
    """A thing that a request is about, and the error for callers who may not read it: as if it did not exist."""

    thing: Thing
    missing: CumulogError


class Resource(NamedTuple):
    """A way to find the things that a request is about.

    `held_by` takes the request and `fresh`, which asks for what is stored now rather than what was read seconds ago.
    It raises the not-found error of what is missing.
    """

    name: str
    held_by: Callable[[Any, bool], Iterable[Held]]


class Rule(NamedTuple):
    """One declaration. `level` and `resource` are None where only the caller matters."""

    name: str
    level: str | None = None
    resource: Resource | None = None
    fresh: bool = False
    is_public: bool = False
    creates: str | None = None

    def check(self, request: Any) -> None:
        """Raises PermissionDenied, or the not-found error of what does not exist."""
        who = identity.current()
        if self is ADMIN and not who.may_all:
            raise PermissionDenied("This requires an administrator, with a token that is not limited to scopes.")
        if self.creates is not None and not levels.allows(
            scopes.limit(who.scopes, self.creates, scopes.ANY), levels.EDIT
        ):
            raise PermissionDenied(f"This requires a token with the scope '{self.creates}:EDIT:*'.")
        if self.level is not None and self.resource is not None and not who.may_all:
            for held in self.resource.held_by(request, self.fresh):
                demand(self.level, held)


PUBLIC = Rule("public", is_public=True)
AUTHENTICATED = Rule("authenticated")
FILTERED = Rule("filtered")
ADMIN = Rule("admin", fresh=True)
SELF = Rule("self", fresh=True)


def requires(level: str, resource: Resource, remembered: bool | None = None) -> Callable[[View], View]:
    """Callers with this permission on what the request is about may call the view.

    With `remembered`, what was read up to five seconds ago may decide. That is the default for READ.
    """
    is_remembered = level == levels.READ if remembered is None else remembered
    return _declared(Rule(f"{level} {resource.name}", level, resource, not is_remembered))


def creates(kind: str) -> Callable[[View], View]:
    """The view creates something: any valid token will do, unless its scopes are limited to existing things."""
    return _declared(Rule(f"creates {kind}", fresh=True, creates=kind))


def public(view: View) -> View:
    """Everybody may call the view, without a token."""
    return _declared(PUBLIC)(view)


def authenticated(view: View) -> View:
    """Anyone with a valid token may call the view, whatever its scopes."""
    return _declared(AUTHENTICATED)(view)


def filtered(view: View) -> View:
    """Anyone with a valid token may call the view; it leaves out what the caller may not read."""
    return _declared(FILTERED)(view)


def admin_only(view: View) -> View:
    return _declared(ADMIN)(view)


def decides_itself(view: View) -> View:
    """Anyone with a valid token may call the view, which decides itself what the caller may do (see its docstring)."""
    return _declared(SELF)(view)


def rules_of(view: Callable[..., Any]) -> tuple[Rule, ...]:
    """What a view declares. Raises TypeError if it declares nothing."""
    found: tuple[Rule, ...] = getattr(view, _ATTRIBUTE, ())
    if not found:
        raise TypeError(
            f"{view.__module__}.{view.__name__} does not say who may call it (chalicelib/access/requires.py)"
        )
    return found


def demand(level: str, held: Held) -> None:
    """Raises as `Rule.check` does."""
    mine = identity.level_on(held.thing)
    if not levels.allows(mine, levels.READ):
        raise held.missing
    if not levels.allows(mine, level):
        what = held.thing.kind.replace("_", " ")
        raise PermissionDenied(f"This requires {level} on the {what} '{held.thing.name}'; you have {mine}.")


def _declared(rule: Rule) -> Callable[[View], View]:
    def declare(view: View) -> View:
        setattr(view, _ATTRIBUTE, (rule, *getattr(view, _ATTRIBUTE, ())))
        return view

    return declare
