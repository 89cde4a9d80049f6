"""The caller's account, and clients of its services. The SDK's own AWS_ENDPOINT_URL can lead elsewhere, as in tests."""

from dataclasses import dataclass
from functools import cached_property
from typing import Any

import boto3
from botocore.config import Config
from botocore.exceptions import BotoCoreError, ClientError

from infra.deploy.aws.errors import Refused

_CONFIG = Config(retries={"mode": "standard", "total_max_attempts": 8}, user_agent_extra="cumulog-deploy")


@dataclass(frozen=True)
class Account:
    """`profile` is the requested AWS profile, if any."""

    id: str
    region: str
    profile: str | None
    session: Any

    @cached_property
    def _clients(self) -> dict[str, Any]:
        return {}

    def client(self, service: str) -> Any:
        """A client of the service, made once: making one takes longer than most calls."""
        if service not in self._clients:
            self._clients[service] = self.session.client(service, config=_CONFIG)
        return self._clients[service]

    @property
    def stacks(self) -> Any:
        """CloudFormation's client."""
        return self.client("cloudformation")


def enter(profile: str | None, region: str | None) -> Account:
    """The account of the credentials that the SDK finds. Raises Refused when it finds none, or no region."""
    try:
        session = boto3.Session(profile_name=profile, region_name=region)
        if not session.region_name:
            raise Refused("No region is set. Give REGION=…, or set AWS_REGION, or a region in your AWS profile.")
        identity = session.client("sts", config=_CONFIG).get_caller_identity()
    except (BotoCoreError, ClientError) as error:
        raise Refused(
            f"AWS could not identify you: {_sentence(error)} Sign in, or name a profile with PROFILE=…."
        ) from error
    return Account(identity["Account"], session.region_name, profile, session)


def code_of(error: ClientError) -> str:
    """AWS's error code."""
    return str(error.response.get("Error", {}).get("Code", ""))


def _sentence(error: Exception) -> str:
    return str(error).rstrip(".") + "."
