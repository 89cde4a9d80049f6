"""Which things a user has a grant on, as a list beside the grants: who may read ten of a thousand things reads ten.

The grant lies in the thing, and it alone decides (infra/decisions/0014-grants-lie-in-the-thing.md). A row only says
where to look. It is put and deleted in one transaction with the grant. A row may outlive its grant, as when a model is
deleted, but no grant is without its row.

Grants of earlier versions have no rows. The sweeper puts those (`sweeper/filling.py`), and until it is done everything
is read, as it was before.
"""

from chalicelib.access import identity, levels
from chalicelib.access.filled import is_complete
from chalicelib.access.identity import Thing
from chalicelib.storage import keys, tables
from chalicelib.storage.access_items import GrantedRow


def row(user: str, kind: str, thing_id: str) -> GrantedRow:
    """The row of a user's grant on an experiment, or on a registered model, which goes by its internal id."""
    return GrantedRow(keys.granted(user), keys.granted_thing(kind, thing_id))


def to(user: str, kind: str) -> list[str] | None:
    """The ids of the things of a kind among which are all that the user has a grant on; None if that is not known."""
    if not is_complete():
        return None
    rows = tables.query(GrantedRow, keys.granted(user), GrantedRow.sk.startswith(keys.granted_thing(kind, "")))
    return [keys.granted_id(each.sk) for each in rows]


def within_reach(kind: str) -> list[str] | None:
    """The ids of the things of a kind among which are all that the caller may read; None if any may be."""
    who = identity.current()
    needs_no_grant = levels.allows(identity.own_level(who, Thing(kind, "", {})), levels.READ)
    return None if needs_no_grant else to(who.name, kind)
