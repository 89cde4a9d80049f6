"""Who may what on a registered model: a change like any other, and audited. Versions have no grants of their own."""

from chalicelib.access import levels
from chalicelib.registry.chain import changes
from chalicelib.registry.chain.changes import Change
from chalicelib.storage.registry_items import RegisteredModel


def set_grant(name: str, user: str, level: str | None) -> str | None:
    """Set a user's permission on a registered model, None for none; what it was before.

    Raises ResourceDoesNotExist, InvalidParameterValue when the model's item grows too large.
    """
    before: list[str | None] = []

    def decide(model: RegisteredModel) -> Change | None:
        held = model.grants.get(user)
        before.append(held)
        if held == level:
            return None
        model.grants = levels.with_level(model.grants, user, level)
        if level is None:
            return Change("grant:delete", {"user": user, "from": held})
        return Change("grant:set", {"user": user, "from": held, "to": level})

    changes.change(name, decide)
    return before[0]
