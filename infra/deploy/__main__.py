"""`python -m infra.deploy deploy|destroy|admin-token`, with settings from the environment (settings.py).

Exit code 0 on success, also if there was nothing to do; 1 if it failed or the user said no; 2 for wrong input.
"""

import os
import sys

from botocore.exceptions import BotoCoreError, ClientError

from chalicelib.errors import CumulogError
from infra.deploy import admin, built, settings
from infra.deploy.aws import account
from infra.deploy.aws.errors import DeployError, Failed, Refused
from infra.deploy.aws.names import Place
from infra.deploy.console import Console
from infra.deploy.deploy import ADDRESS, deploy
from infra.deploy.destroy import destroy
from infra.deploy.settings import Settings
from infra.deploy.site import Site

_INTERRUPTED = 130
# What those need who submit jobs, by the output that has it.
_OF_JOBS = {
    "BatchRepository": "Repository of the image of jobs",
    "BatchQueue": "CUMULOG_BATCH_QUEUE",
    "BatchDefinition": "CUMULOG_BATCH_DEFINITION",
}


def main(words: list[str]) -> int:
    """Run one command; returns the exit code of the process."""
    commands = {"deploy": _deploy, "destroy": destroy, "admin-token": _admin_token}
    try:
        if len(words) != 1 or words[0] not in commands:
            raise Refused(f"Give one command: {', '.join(commands)}.")
        given = settings.from_environment(os.environ)
        commands[words[0]](_enter(given), given)
    except DeployError as error:
        print(f"cumulog: {error}", file=sys.stderr, flush=True)
        return error.exit_code
    except (BotoCoreError, ClientError, CumulogError) as error:
        print(f"cumulog: AWS refused or failed: {error}", file=sys.stderr, flush=True)
        return Failed.exit_code
    except KeyboardInterrupt:
        print("\ncumulog: interrupted. CloudFormation continues what it has begun.", file=sys.stderr, flush=True)
        return _INTERRUPTED
    return 0


def _enter(given: Settings) -> Site:
    entered = account.enter(given.profile, given.region)
    site = Site(entered, Place(given.stage, entered.id, entered.region), Console())
    admin.enter(site)
    return site


def _deploy(site: Site, given: Settings) -> None:
    outputs = deploy(site, given, lambda: built.found_or_made(given.package))
    site.console.say(f"Url: {outputs['Url']}")
    if ADDRESS in outputs:
        site.console.say(f"Dashboard: {outputs[ADDRESS]}")
    for output, name in _OF_JOBS.items():
        if output in outputs:
            site.console.say(f"{name}: {outputs[output]}")
    if token := admin.first_token():
        site.console.say(f"Token of the user admin, shown only once:\n{token}")


def _admin_token(site: Site, _given: Settings) -> None:
    found = site.stack()
    if found is None or "Url" not in found.outputs:
        raise Refused(f"Stage {site.place.stage} is not deployed in {site.place.region}, account {site.place.account}.")
    site.console.say(admin.another_token())


if __name__ == "__main__":
    sys.exit(main(sys.argv[1:]))
