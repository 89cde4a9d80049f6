"""Tokens of the user `admin`: whoever may write to the account's ledger table may make one: no password is needed."""

import os

from infra.deploy.site import Site


def enter(site: Site) -> None:
    """Lead chalicelib to the stage's tables. It takes their names when it is imported, so this comes before that."""
    runs, ledger = site.place.tables
    os.environ.update(CUMULOG_RUNS_TABLE=runs, CUMULOG_LEDGER_TABLE=ledger)
    # chalicelib makes clients of its own.
    os.environ.update(AWS_REGION=site.account.region, AWS_DEFAULT_REGION=site.account.region)
    if site.account.profile:
        os.environ["AWS_PROFILE"] = site.account.profile


def first_token() -> str | None:
    """A token if the stage has no admin yet; it has one already where its data was kept."""
    # See `enter`.
    from chalicelib.accounts import first_admin  # noqa: PLC0415

    return first_admin.create_once()


def another_token() -> str:
    """A new token, beside those that there are. Raises errors.InvalidState when there are too many."""
    # See `enter`.
    from chalicelib.accounts import first_admin  # noqa: PLC0415

    return first_admin.create()
