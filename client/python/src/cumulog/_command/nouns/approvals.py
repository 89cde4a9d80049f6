"""`cumulog models requests, approve, reject, cancel, policy`: transitions that ask for approval."""

from typing import Any, Literal

import click

from cumulog._command.frame import completing, finding
from cumulog._command.frame.days import Days, seconds
from cumulog._command.frame.limited import limited
from cumulog._command.frame.session import Session
from cumulog._command.frame.tree import Command
from cumulog._command.shown.looks import Column
from cumulog._command.shown.results import Done, Rows
from cumulog._command.shown.text import second

STAGES = ("None", "Staging", "Production", "Archived")
REPRODUCERS = ("anybody", "somebody_else")


@click.command("requests", cls=Command, help="List the open transition requests, of all models or of one.")
@click.argument("name", required=False, shell_complete=completing.models)
@click.option("--limit", type=click.IntRange(1), default=100, show_default=True, help="How many at most.")
@click.pass_obj
def requests(session: Session, name: str | None, limit: int) -> Rows:
    pages = session.client.pages(session.client.registry.list_requests, name=name)
    with finding.suggesting_models(session.client, name):
        found, notes = limited(pages, "requests", limit)
    columns = [
        Column("MODEL", lambda each: each["name"], least=16),
        Column("VERSION", lambda each: each["version"], is_number=True),
        Column("TO", lambda each: each["to_stage"]),
        Column("APPROVALS", lambda each: f"{len(each['decided'])} of {each['needed']}", may_go=True),
        Column("BY", lambda each: each["requester"], may_go=True),
        Column("EXPIRES (UTC)", lambda each: second(each["expires"]), may_go=True),
        Column("REQUEST", lambda each: each["request_id"]),
        Column("COMMENT", lambda each: each["comment"]),
    ]
    return Rows(found, columns, notes=notes)


@click.command("approve", cls=Command, help="Approve a transition request.")
@click.argument("request_id")
@click.option("--comment", help="Stays in the audit chain.")
@click.pass_obj
def approve(session: Session, request_id: str, comment: str | None) -> Done:
    return _outcome(session.client.registry.approve_request(request_id, comment=comment)["request"])


@click.command("reject", cls=Command, help="Reject a transition request; one rejection ends it.")
@click.argument("request_id")
@click.option("--comment", help="The reason, which stays in the audit chain.")
@click.pass_obj
def reject(session: Session, request_id: str, comment: str | None) -> Done:
    return _outcome(session.client.registry.reject_request(request_id, comment=comment)["request"])


@click.command("cancel", cls=Command, help="Cancel a transition request that you opened.")
@click.argument("request_id")
@click.option("--comment", help="Stays in the audit chain.")
@click.pass_obj
def cancel(session: Session, request_id: str, comment: str | None) -> Done:
    return _outcome(session.client.registry.cancel_request(request_id, comment=comment)["request"])


@click.command("policy", cls=Command, help="Show which stages of a model ask for approval; with STAGE, set it.")
@click.argument("name", shell_complete=completing.models)
@click.argument("stage", required=False, type=click.Choice(STAGES, case_sensitive=False))
@click.option("--needed", type=click.IntRange(0), help="How many approvals; 0: none are asked for.")
@click.option("--approver", "approvers", multiple=True, help="A user who may approve; anybody without it. Repeatable.")
@click.option("--requester-may-approve", is_flag=True, help="Whoever asks may approve too.")
@click.option("--days", type=Days(), help="How long a request stays open; default 7.")
@click.option("--reproduced", type=click.Choice(REPRODUCERS), help="By whom the run must have been reproduced.")
@click.pass_obj
def policy(  # noqa: PLR0913 - one for each option
    session: Session,
    name: str,
    stage: str | None,
    needed: int | None,
    approvers: tuple[str, ...],
    requester_may_approve: bool,
    days: float | None,
    reproduced: str | None,
) -> Done | Rows:
    registry = session.client.registry
    if stage is None:
        if needed is not None or approvers or requester_may_approve or days is not None or reproduced:
            raise click.UsageError("Which stage? Name one, such as Production.", click.get_current_context())
        with finding.suggesting_models(session.client, name):
            return _policies(registry.get_policies(name)["policies"])
    if needed is None:
        raise click.UsageError(
            "How many approvals does the stage need? Give --needed, 0 for none.", click.get_current_context()
        )
    asks = bool(needed or reproduced)
    kind: Literal["none", "approval"] = "approval" if asks else "none"
    fields: dict[str, Any] = {
        "needed": needed,
        "approvers": list(approvers),
        "requester_may_approve": requester_may_approve,
        "expires_in_seconds": seconds(days),
        "reproduced": reproduced,
    }
    registry.set_policy(name, stage, kind, **(fields if asks else {}))
    told = f"asks for {_wanted(needed, reproduced)}"
    return Done(registry.get_policies(name)["policies"], f"{stage} of {name} {told}.")


def _wanted(needed: int, reproduced: str | None) -> str:
    if not reproduced:
        return approvals(needed) if needed else "no approval"
    by = reproduced.replace("_", " ")
    return f"{approvals(needed)} and a reproduction by {by}" if needed else f"a reproduction by {by}"


def approvals(count: int) -> str:
    """So many approvals, as text."""
    return "1 approval" if count == 1 else f"{count} approvals"


def _policies(found: Any) -> Rows:
    columns = [
        Column("STAGE", lambda each: each["stage"]),
        Column("POLICY", lambda each: each["policy"]),
        Column("NEEDED", lambda each: each.get("needed", ""), is_number=True),
        Column(
            "APPROVERS", lambda each: ", ".join(each.get("approvers", ())) or ("anybody" if "needed" in each else "")
        ),
        Column("REPRODUCED BY", lambda each: each.get("reproduced", "").replace("_", " ")),
        Column("REQUESTER MAY APPROVE", lambda each: "yes" if each.get("requester_may_approve") else ""),
    ]
    return Rows(found, columns)


def _outcome(request: Any) -> Done:
    what = f"{request['name']} {request['version']} to {request['to_stage']}"
    reason = f": {request['reason']}" if request.get("reason") else ""
    more = request["needed"] - len(request["decided"])
    # A server before reproductions tells of none.
    told = request.get("waits_for") or ([f"{approvals(more)} more"] if more > 0 else [])
    waits = f", and needs {' and '.join(told)}" if request["status"] == "PENDING" and told else ""
    return Done(request, f"The request for {what} is {request['status']}{waits}{reason}.")


COMMANDS = (requests, approve, reject, cancel, policy)
