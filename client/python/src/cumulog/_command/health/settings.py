"""What is installed, and variables that nobody looks at."""

import difflib
import os
import platform
from collections.abc import Iterator
from importlib import metadata

from cumulog._command.health.findings import Finding, ok, warning
from cumulog._http.version import VERSION

# MLflow's variables that the client, the command or the plugin looks at.
HONOURED = frozenset(
    f"MLFLOW_{name}"
    for name in (
        *("TRACKING_URI", "TRACKING_TOKEN", "TRACKING_USERNAME", "TRACKING_PASSWORD", "TRACKING_INSECURE_TLS"),
        *("TRACKING_SERVER_CERT_PATH", "TRACKING_CLIENT_CERT_PATH", "EXPERIMENT_NAME", "EXPERIMENT_ID", "RUN_ID"),
        *("RUN_NAME", "ENABLE_SYSTEM_METRICS_LOGGING", "SYSTEM_METRICS_SAMPLING_INTERVAL", "SYSTEM_METRICS_NODE_ID"),
        *("SYSTEM_METRICS_SAMPLES_BEFORE_LOGGING", "S3_IGNORE_TLS", "ENABLE_ARTIFACTS_PROGRESS_BAR"),
    )
)
# It is about something that this package does not do at all.
_HARMLESS = frozenset(("MLFLOW_DISABLE_TELEMETRY",))
# By it MLflow's client takes what `cumulog login` has kept, as ours does anyway.
_AUTH = "MLFLOW_TRACKING_AUTH"
_PLUGIN = ("mlflow.artifact_repository", "mlflow-artifacts")


def checks() -> Iterator[Finding]:
    yield _versions()
    if found := _plugin():
        yield found
    yield _variables()


def _versions() -> Finding:
    told = [f"cumulog {VERSION}", f"Python {platform.python_version()}"]
    if mlflow := _version("mlflow") or _version("mlflow-skinny"):
        told.append(f"mlflow {mlflow}")
    installed = _version("cumulog")
    if installed not in ("", VERSION):
        says = f"{', '.join(told)}; but what is installed says {installed}."
        return warning("versions", says, "Install cumulog again: two versions lie beside each other.")
    return ok("versions", ", ".join(told))


def _plugin() -> Finding | None:
    """Whether MLflow finds our plugin for artifacts, where MLflow is installed."""
    if not (_version("mlflow") or _version("mlflow-skinny")):
        return None
    group, name = _PLUGIN
    found = [each.value for each in metadata.entry_points(group=group, name=name)]
    ours = [value for value in found if value.startswith("cumulog.")]
    if not ours:
        told = "MLflow does not find the plugin, so it sends artifacts through the server, up to 6 MiB."
        return warning("plugin", told, "Install cumulog with pip; a folder in PYTHONPATH is not enough.")
    if set(found) != set(ours):
        told = f"Another package takes MLflow's artifacts as well: {', '.join(sorted(set(found) - set(ours)))}."
        return warning("plugin", told, "Uninstall one of them: MLflow takes any.")
    return ok("plugin", "MLflow finds it")


def _variables() -> Finding:
    known = HONOURED | _HARMLESS | ({_AUTH} if os.environ.get(_AUTH) == "cumulog" else set())
    strange = sorted(name for name in os.environ if name.startswith("MLFLOW_") and name not in known)
    if not strange:
        return ok("variables", "cumulog knows each MLFLOW_… that is set")
    told = f"cumulog does not look at {', '.join(map(_asked_about, strange))}."
    return warning("variables", told, "Nothing, if they are for mlflow; infra/docs/settings.md has those that count.")


def _asked_about(name: str) -> str:
    close = difflib.get_close_matches(name, HONOURED, 1, 0.9)
    return f"{name} (is {close[0]} meant?)" if close else name


def _version(package: str) -> str:
    try:
        return metadata.version(package)
    except metadata.PackageNotFoundError:
        return ""
