"""`make deploy`: shows a change set, asks, carries it out and follows it. Kept data is imported first, the same way."""

import json
from collections.abc import Callable, Mapping
from typing import Any

from infra.deploy import dashboard, network, parameters
from infra.deploy.aws import change_sets, changes, code, kept, states, template
from infra.deploy.aws.change_sets import ChangeSet, Wanted
from infra.deploy.aws.errors import Failed, Refused
from infra.deploy.aws.stacks import Stack
from infra.deploy.aws.states import Next
from infra.deploy.aws.template import Holder
from infra.deploy.built import Package
from infra.deploy.package import gateway
from infra.deploy.settings import Settings
from infra.deploy.site import Site

DASHBOARD = "DashboardOrigin"
SITE, SITE_ORIGIN = "DashboardSite", "SiteOrigin"
# The output with the address of the dashboard.
ADDRESS = "Dashboard"

_STUCK = {
    Next.WAIT: "Another deployment of {stack} is under way ({status}). Wait for it, then try again.",
    Next.UNROLL: "{stack} is stuck in {status}. Have CloudFormation finish rolling back, then try again: "
    "aws cloudformation continue-update-rollback --stack-name {stack}",
    Next.DESTROY: "{stack} could not be deleted before ({status}). Run `make destroy` for it again.",
}


def deploy(site: Site, settings: Settings, make_package: Callable[[], Package]) -> Mapping[str, str]:
    """Deploy the package to the stage; returns the stack's outputs.

    Raises Refused for a parameter that the template does not allow, before anything is changed; Failed if the user says
    no, if data would be lost, or if CloudFormation fails: it has rolled back then, and the message names the state.
    """
    former = _free_stack(site)
    package = make_package()
    values = parameters.given(package.template, settings.variables)
    known = {**(former.parameters if former else {}), **values}
    _require_dashboard(package, known)
    values |= network.found(site, package.template, known)
    # Checked again: building a package may have taken a minute.
    before = _cleared(site, _free_stack(site))
    upload = _Upload(site, package, values)
    if before is None and (found := kept.among(site.account, template.holders(package.template, upload.known))):
        before = _change(site, settings, upload.importing(found))
    after = _change(site, settings, upload.updating(before) if before else upload.creating())
    if ADDRESS in after.outputs:
        dashboard.publish(site, package.site)
    if after.parameters.get(SITE_ORIGIN, "") != (address := after.outputs.get(ADDRESS, "")):
        site.console.say("Now that the dashboard's address is known, the bucket of artifacts lets it fetch files.")
        after = _change(site, settings, upload.telling(after, address))
    return after.outputs


class _Upload:
    """The package, uploaded to where CloudFormation can read it, and the change sets that can be made from it."""

    def __init__(self, site: Site, package: Package, values: Mapping[str, str]) -> None:
        self._place, self._template = site.place, package.template
        self._s3 = code.ensure(site.account, site.place)
        key = code.upload(self._s3, site.place, package.archive(), "zip")
        self._values = {**values, "Stage": site.place.stage, "CodeBucket": site.place.code_bucket, "CodeKey": key}
        self.known = {**self._values, "AWS::AccountId": site.place.account, "AWS::Region": site.place.region}

    def creating(self) -> Wanted:
        return Wanted(self._url(self._whole({})), "CREATE", self._parameters(None))

    def updating(self, before: Stack) -> Wanted:
        return Wanted(self._url(self._whole(before.parameters)), "UPDATE", self._parameters(before))

    def telling(self, before: Stack, address: str) -> Wanted:
        """As `updating`, with the address at which the dashboard is by now; empty for none."""
        self._values[SITE_ORIGIN] = address
        return self.updating(before)

    def importing(self, found: list[Holder]) -> Wanted:
        part = template.only(self._template, [holder.logical_id for holder in found])
        return Wanted(self._url(part), "IMPORT", self._parameters(None), tuple(found))

    def _whole(self, former: Mapping[str, str]) -> Mapping[str, Any]:
        """The template with the dashboard's origin in it: otherwise API Gateway would not see that it has changed."""
        origin = {**former, **self._values}.get(DASHBOARD, "")
        return (
            gateway.for_dashboard(self._template, origin)
            if DASHBOARD in self._template["Parameters"]
            else self._template
        )

    def _parameters(self, before: Stack | None) -> list[dict[str, Any]]:
        return parameters.request(self._template, self._values, before.parameters if before else ())

    def _url(self, part: Mapping[str, Any]) -> str:
        body = json.dumps(part, sort_keys=True).encode()
        return code.url(self._s3, self._place, code.upload(self._s3, self._place, body, "json"))


def _free_stack(site: Site) -> Stack | None:
    """The stage's stack. Raises Failed if it cannot be deployed over now."""
    found = site.stack()
    if found and (stuck := _STUCK.get(states.next_step(found.status))):
        raise Failed(stuck.format(stack=site.place.stack, status=found.status))
    return found


def _require_dashboard(package: Package, values: Mapping[str, str]) -> None:
    """Raises Refused if the package lacks the dashboard that is wanted."""
    parameter = package.template.get("Parameters", {}).get(SITE)
    if parameter and values.get(SITE, parameter["Default"]) == "on" and not package.site:
        raise Refused(
            "The package has no dashboard, because that could not be built: `make package` says why. "
            "DASHBOARD_SITE=off deploys without one."
        )


def _cleared(site: Site, found: Stack | None) -> Stack | None:
    """The stack to deploy over; the rest of a failed first deployment is removed, and counts as no stack."""
    if found is None or states.next_step(found.status) is Next.UPDATE:
        return found
    site.console.say(f"A first deployment did not succeed ({found.status}); its stack is being removed. Data stays.")
    site.remove_stack(found.id)
    return None


def _change(site: Site, settings: Settings, wanted: Wanted) -> Stack:
    """Compute one change set, show it, ask, and carry it out; returns the stack after it. Raises Failed."""
    with change_sets.proposed(site.account.stacks, site.place, wanted) as change_set:
        if change_set.changes:
            _agree(site, settings, change_set)
            _carry_out(site, change_set)
        else:
            site.console.say("Nothing to change: exactly this package is deployed already.")
    after = site.stack()
    if after is None:
        raise Failed(f"{site.place.stack} was deleted meanwhile.")
    return after


def _agree(site: Site, settings: Settings, change_set: ChangeSet) -> None:
    """Show the changes and ask. Raises Failed if data would be lost, or the answer is not yes."""
    place, console = site.place, site.console
    console.say(f"{place.stack} in {place.region}, account {place.account}:")
    for line in changes.lines(change_set.changes):
        console.say(line)
    if dangers := changes.dangers(change_set.changes):
        raise Failed(f"Refused, as data would be lost: this {'; '.join(dangers)}. Nothing was changed.")
    if not settings.assume_yes and console.answer("Carry this out? [y/N] ").lower() not in ("y", "yes"):
        raise Failed("Nothing was changed.")


def _carry_out(site: Site, change_set: ChangeSet) -> None:
    dashboard.clear_if_going(site, change_set.changes)
    follower = site.follower(change_set.stack_id)
    change_sets.execute(site.account.stacks, change_set)
    ended = follower.wait()
    if ended not in states.GOOD:
        raise Failed(f"The deployment failed; {site.place.stack} is in {ended}. The first failure above is the reason.")
