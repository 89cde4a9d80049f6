"""botocore clients of the services that few requests need: S3, Step Functions, EventBridge."""

from typing import Any

_READ_TIMEOUT_SECONDS = 8
_ATTEMPTS = 3


def make(service: str, endpoint: str | None, region: str | None = None, **config: Any) -> Any:
    """A client of an AWS service, at the SDK's own endpoint if none is given; `config` is botocore's."""
    # Imported here for the cold start: only calls to such a service pay for it.
    from botocore.config import Config  # noqa: PLC0415
    from botocore.session import Session  # noqa: PLC0415

    common = Config(
        connect_timeout=1,
        read_timeout=_READ_TIMEOUT_SECONDS,
        retries={"mode": "standard", "total_max_attempts": _ATTEMPTS},
        user_agent="cumulog",
        **config,
    )
    return Session().create_client(service, region_name=region, endpoint_url=endpoint, config=common)
