"""Files that parameters of type path name by a URL."""

import shutil
from http.client import HTTPException, InvalidURL
from pathlib import Path, PurePosixPath
from urllib.parse import unquote, urlsplit
from urllib.request import urlopen

from cumulog._projects.errors import ProjectError
from cumulog._record.confidential import masked_url

_SECONDS = 60


def download(url: str, folder: Path) -> Path:
    """Fetch a file into a folder. Raises ProjectError."""
    parts = urlsplit(url)
    shown = masked_url(url)
    if parts.scheme not in ("http", "https"):
        raise ProjectError(f"'{shown}' cannot be fetched: use https://…, or download it and name the file.")
    place = folder / (unquote(PurePosixPath(parts.path).name).replace("/", "_") or "downloaded")
    folder.mkdir(parents=True, exist_ok=True)
    try:
        with urlopen(url, timeout=_SECONDS) as answer, place.open("wb") as file:  # noqa: S310 - of http alone
            shutil.copyfileobj(answer, file)
    except InvalidURL as error:
        raise ProjectError(f"'{shown}' cannot be fetched: it is no URL, or has a password in it.") from error
    except (OSError, ValueError, HTTPException) as error:
        raise ProjectError(f"'{shown}' cannot be fetched: {getattr(error, 'reason', error)}.") from error
    return place
