"""`python -m infra.deploy deploy|destroy|admin-token`, told by the environment what to do it with (settings.py).

Exit code 0 when it is done, also if nothing had to be; 1 when it failed or the user said no; 2 for wrong input.
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
from infra.deploy.deploy import deploy
from infra.deploy.destroy import destroy
from infra.deploy.settings import Settings
from infra.deploy.site import Site

_INTERRUPTED = 130


def main(words: list[str]) -> int:
    """Run one command; the exit code of the process."""
    commands = {"deploy": _deploy, "destroy": destroy, "admin-token": _admin_token}
    try:
        if len(words) != 1 or words[0] not in commands:
            raise Refused(f"Say one of: {', '.join(commands)}.")
        told = settings.from_environment(os.environ)
        commands[words[0]](_enter(told), told)
    except DeployError as error:
        print(f"cumulog: {error}", file=sys.stderr, flush=True)
        return error.exit_code
    except (BotoCoreError, ClientError, CumulogError) as error:
        print(f"cumulog: AWS did not do it: {error}", file=sys.stderr, flush=True)
        return Failed.exit_code
    except KeyboardInterrupt:
        print("\ncumulog: interrupted. What CloudFormation has begun, it carries on.", file=sys.stderr, flush=True)
        return _INTERRUPTED
    return 0


def _enter(told: Settings) -> Site:
    entered = account.enter(told.profile, told.region)
    site = Site(entered, Place(told.stage, entered.id, entered.region), Console())
    admin.enter(site)
    return site


def _deploy(site: Site, told: Settings) -> None:
    outputs = deploy(site, told, lambda: built.found_or_made(told.package))
    site.console.say(f"Url: {outputs['Url']}")
    if token := admin.first_token():
        site.console.say(f"Token of the user admin, shown this once:\n{token}")


def _admin_token(site: Site, _told: Settings) -> None:
    found = site.stack()
    if found is None or "Url" not in found.outputs:
        raise Refused(f"Stage {site.place.stage} is not deployed in {site.place.region}, account {site.place.account}.")
    site.console.say(admin.another_token())


if __name__ == "__main__":
    sys.exit(main(sys.argv[1:]))
