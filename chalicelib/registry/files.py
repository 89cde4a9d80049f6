"""Where the files of a version are, and who may read them.

Who reads a file of a version needs READ on the registered model and READ on the experiment in which the file is, both
as they are now (infra/decisions/0017-files-keep-their-own-permissions.md). So DENY and a revocation hold whoever has
registered the files, and under whatever name.
"""

from chalicelib import errors
from chalicelib.access import identity
from chalicelib.access.levels import READ
from chalicelib.access.requires import Held
from chalicelib.artifacts import paths
from chalicelib.artifacts import resources as artifacts
from chalicelib.artifacts.paths import ArtifactPath
from chalicelib.edge.checks import SHOWN
from chalicelib.storage.registry_items import ModelVersion
from chalicelib.tracking import locations
from chalicelib.tracking.locations import EXTERNAL, PROXIED

_RUNS = "runs:/"


def is_external(version: ModelVersion) -> bool:
    """Whether the files of a version are in storage that is not ours."""
    return locations.locate(version.location).kind == EXTERNAL


def are_ours(version: ModelVersion) -> bool:
    """Whether the files of a version are in our storage; a prompt's version has none."""
    return bool(version.location.startswith(PROXIED))


def folder_of(version: ModelVersion) -> ArtifactPath:
    """The folder of a version's files. Raises InvalidParameterValue if they are elsewhere, or if it has none."""
    if are_ours(version):
        return paths.folder(version.location.removeprefix(PROXIED))
    if is_external(version):
        raise errors.InvalidParameterValue(
            f"The files of this version are not in this server's storage. They are at {version.location[:SHOWN]!r}: "
            "read them there."
        )
    raise errors.InvalidParameterValue("This version has no files.")


def held(folder: ArtifactPath, fresh: bool) -> Held:
    """The experiment in which a folder is. Raises ResourceDoesNotExist."""
    return artifacts.held(folder.key, fresh)


def are_readable(folder: ArtifactPath) -> bool:
    """Whether the caller may read what is in a folder."""
    return identity.current().may_all or identity.may(READ, held(folder, fresh=True).thing)


def download_uri(version: ModelVersion) -> str:
    """Where a client downloads a version's files. A runs:/ URI stays as it is: the client resolves it, as in MLflow."""
    if version.download_uri:
        return str(version.download_uri)
    return str(version.source if version.source.startswith(_RUNS) else version.location)
