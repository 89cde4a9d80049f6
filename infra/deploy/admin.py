"""Tokens of the user `admin`. To make one, write permission on the account's ledger table is enough: no password."""

import os

from infra.deploy.site import Site


def enter(site: Site) -> None:
    """Point chalicelib to the stage's tables. It reads their names when it is imported, so call this before."""
    runs, ledger = site.place.tables
    os.environ.update(CUMULOG_RUNS_TABLE=runs, CUMULOG_LEDGER_TABLE=ledger)
    # chalicelib makes its own clients.
    os.environ.update(AWS_REGION=site.account.region, AWS_DEFAULT_REGION=site.account.region)
    if site.account.profile:
        os.environ["AWS_PROFILE"] = site.account.profile


def first_token() -> str | None:
    """A token if the stage has no admin yet; a stage with kept data has one already."""
    # See `enter`.
    from chalicelib.accounts import first_admin  # noqa: PLC0415

    return first_admin.create_once()


def another_token() -> str:
    """A new token, besides the existing ones. Raises errors.InvalidState if there are too many."""
    # See `enter`.
    from chalicelib.accounts import first_admin  # noqa: PLC0415

    return first_admin.create()
