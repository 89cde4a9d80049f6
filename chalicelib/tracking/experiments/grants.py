"""Users' permissions on an experiment. Its runs and logged models have no grants of their own."""

from chalicelib.access import granted, levels
from chalicelib.storage import tables
from chalicelib.storage.failures import ItemTooLarge
from chalicelib.storage.items import ExperimentItem
from chalicelib.storage.transactions import Refused, Transaction
from chalicelib.tracking.experiments import recent_experiments
from chalicelib.tracking.experiments.experiments import load, too_many_tags


def set_grant(experiment_id: str, user: str, level: str | None) -> str | None:
    """Set a user's permission on an experiment, deleted or not (None removes it), and return the one before.

    Raises ResourceDoesNotExist, and InvalidParameterValue if the experiment's item grows too large.
    """
    item = load(experiment_id)
    before = item.grants.get(user)
    for _ in tables.attempts():
        after = levels.with_level(item.grants, user, level)
        if after == item.grants or _updated(item, after, user):
            break
        item = load(experiment_id)
    recent_experiments.forget(experiment_id)
    return before


def _updated(item: ExperimentItem, after: dict[str, str], user: str) -> bool:
    """Write the grants and the user's row; return False if any grant changed since the experiment was read."""
    is_as_read = ExperimentItem.grants == item.grants
    if not item.grants:
        # Experiments of earlier versions have none.
        is_as_read = is_as_read | ExperimentItem.grants.does_not_exist()
    transaction = Transaction()
    transaction.update(item, [ExperimentItem.grants.set(after)], ExperimentItem.pk.exists() & is_as_read)
    row = granted.row(user, levels.EXPERIMENT, item.experiment_id)
    (transaction.put if user in after else transaction.delete)(row)
    try:
        transaction.commit()
    except ItemTooLarge as error:
        raise too_many_tags() from error
    except Refused:
        return False
    return True
