"""Permissions on a registered model. Setting one is an audited change like any other; versions have no own grants."""

from chalicelib.access import granted, levels
from chalicelib.registry.chain import changes
from chalicelib.registry.chain.changes import Change
from chalicelib.storage.registry_items import RegisteredModel


def set_grant(name: str, user: str, level: str | None) -> str | None:
    """Set a user's permission on a registered model, None to remove it; returns the permission before.

    Raises ResourceDoesNotExist, InvalidParameterValue when the model's item grows too large.
    """

    def decide(model: RegisteredModel) -> tuple[str | None, Change | None]:
        before = model.grants.get(user)
        if before == level:
            return before, None
        model.grants = levels.with_level(model.grants, user, level)
        row = granted.row(user, levels.REGISTERED_MODEL, model.model_id)
        if level is None:
            return before, Change("grant:delete", {"user": user, "from": before}, deletes=[row])
        return before, Change("grant:set", {"user": user, "from": before, "to": level}, puts=[row])

    return changes.outcome(name, decide).answer
