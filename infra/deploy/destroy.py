"""`make destroy`: remove a stage. Its tables and bucket stay unless the settings say to delete them.

Each step looks at what exists, so after a kill the same command continues where it stopped.
"""

from typing import Any

from botocore.exceptions import ClientError

from infra.deploy import dashboard
from infra.deploy.aws import buckets, code, remains, states
from infra.deploy.aws.account import code_of
from infra.deploy.aws.errors import Failed
from infra.deploy.aws.remains import Remains, Thing
from infra.deploy.settings import Settings
from infra.deploy.site import Site

_DATA = ("table", "bucket")
# Seconds between two checks, and how many checks: a large table takes minutes.
_WAIT = {"Delay": 3, "MaxAttempts": 200}


def destroy(site: Site, settings: Settings) -> None:
    """Remove the stage, data included if the settings say so, and list what is left.

    Raises Failed if the user does not type the stage's name, or if something could not be removed or still exists.
    """
    before = remains.look(site.account, site.place)
    stack = site.stack()
    if stack and states.is_moving(stack.status):
        raise Failed(f"{site.place.stack} is busy ({stack.status}). Wait for it, then try again.")
    going = _going(settings, before)
    if going or stack:
        _agree(site, settings, going, before)
    dashboard.clear(site)
    if stack:
        site.remove_stack(stack.id)
    dashboard.remove(site)
    _remove_logs(site, before)
    code.clear(site.account, site.place)
    if settings.delete_data:
        _delete_tables(site)
        _delete_bucket(site)
    _conclude(site, settings, remains.look(site.account, site.place))


def _going(settings: Settings, found: Remains) -> list[Thing]:
    return [thing for thing in found.found if settings.delete_data or thing.kind not in _DATA]


def _agree(site: Site, settings: Settings, going: list[Thing], found: Remains) -> None:
    """Say what will be removed and what stays, and ask for the stage's name."""
    stage, console = site.place.stage, site.console
    console.say(
        f"In {site.place.region}, account {site.place.account}, this will be deleted permanently, with the stack:"
    )
    for thing in going:
        console.say(f"  {thing}")
    if settings.delete_data:
        console.say("That is ALL DATA of this stage: every run, model, artifact and audit chain.")
    elif staying := [thing for thing in found.found if thing not in going]:
        console.say(f"This stays, with all data, and a later `make deploy STAGE={stage}` uses it again:")
        for thing in staying:
            console.say(f"  {thing}")
    if not settings.assume_yes and console.answer(f"Type the stage's name to continue ({stage}): ") != stage:
        raise Failed("Nothing was removed.")


def _remove_logs(site: Site, before: Remains) -> None:
    # A function that was still running when its stack was deleted has created its log group again.
    logs = site.account.client("logs")
    now = remains.look_for(site.account, site.place, "log group")
    for name in {*now, *(thing.name for thing in before.found if thing.kind == "log group")}:
        try:
            logs.delete_log_group(logGroupName=name)
        except ClientError as error:
            if code_of(error) != "ResourceNotFoundException":
                raise


def _delete_tables(site: Site) -> None:
    dynamodb = site.account.client("dynamodb")
    for table in site.place.tables:
        try:
            _delete_table(dynamodb, table)
        except ClientError as error:
            if code_of(error) != "ResourceNotFoundException":
                raise
        else:
            site.console.say(f"  deleted table {table}")


def _delete_table(dynamodb: Any, table: str) -> None:
    """Lift the protection and delete; raises ClientError ResourceNotFoundException if there is no such table."""
    described = dynamodb.describe_table(TableName=table)["Table"]
    if described["TableStatus"] != "DELETING":
        if described.get("DeletionProtectionEnabled"):
            dynamodb.update_table(TableName=table, DeletionProtectionEnabled=False)
            dynamodb.get_waiter("table_exists").wait(TableName=table, WaiterConfig=_WAIT)
        dynamodb.delete_table(TableName=table)
    dynamodb.get_waiter("table_not_exists").wait(TableName=table, WaiterConfig=_WAIT)


def _delete_bucket(site: Site) -> None:
    s3 = site.account.client("s3")
    bucket = site.place.bucket
    if buckets.is_ours(s3, bucket, site.account.id):
        count = buckets.empty(s3, bucket)
        if buckets.delete(s3, bucket):
            site.console.say(f"  deleted bucket {bucket} with {count} versions of objects")


def _conclude(site: Site, settings: Settings, left: Remains) -> None:
    """Say what is left. Raises Failed if anything is left except the data that should stay."""
    unwanted = _going(settings, left)
    for thing in left.found:
        site.console.say(f"{'Still there' if thing in unwanted else 'Kept'}: {thing}")
    if left.unseen:
        site.console.say(f"Not checked, because you have no permission to list them: {', '.join(left.unseen)}.")
    if unwanted:
        raise Failed("Not everything could be removed. Run the same command again.")
    if not left.found:
        site.console.say(f"Nothing left of stage {site.place.stage} in {site.place.region}.")
