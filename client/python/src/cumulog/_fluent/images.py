"""Images: as a file, or as one of a row of images of a key, under the names by which MLflow's page finds them.

images/<key, ~ for />+step+<step>+timestamp+<ms>+<random>.png             as it was logged
images/<key, ~ for />+step+<step>+timestamp+<ms>+<random>+compressed.webp  at most 256 pixels wide and high
"""

import os
import re
import secrets
from pathlib import Path
from typing import Any

from cumulog._fluent import arguments
from cumulog._fluent.arguments import WrongArgument
from cumulog._fluent.artifacts import made
from cumulog._fluent.face import run_to_log_to
from cumulog._fluent.quiet import refuse
from cumulog._fluent.runs import Run, now, once
from cumulog._fluent.waiting import Operations, waited

_KEY = re.compile(r"[a-zA-Z0-9_\-./ ]+")
_SMALL = 256
_LOGGED = "mlflow.loggedImages"


def log_image(  # noqa: PLR0913 - MLflow's signature
    image: Any,
    artifact_file: str | os.PathLike[str] | None = None,
    key: str | None = None,
    step: int | None = None,
    timestamp: int | None = None,
    synchronous: bool | None = None,
) -> Operations | None:
    """Log an image of Pillow, or an array of numpy if Pillow is installed: as a file, or under a key at a step.

    An array has the shape (height, width), or that with 1, 3 or 4 channels. Its numbers are whole ones from 0 to 255,
    or others from 0 to 1; bool is a mask.
    """
    try:
        if artifact_file is None:
            _log_at(image, key, step, timestamp)
        elif (key, step, timestamp) == (None, None, None):
            place, whole = arguments.artifact_file(artifact_file), pillow_of(image)
            made(run_to_log_to(), place, whole.save)
        else:
            raise WrongArgument("artifact_file", "goes without key, step and timestamp.")
    except Exception as error:  # noqa: BLE001 - as `quiet` does, and there is something to wait for
        refuse("log_image", error)
    return waited(synchronous)


def _log_at(image: Any, key: str | None, step: int | None, timestamp: int | None) -> None:
    """Log an image as one of its key's."""
    if key is None:
        raise WrongArgument("artifact_file", "or key has to be given.")
    if not _KEY.fullmatch(arguments.text("key", key)):
        raise WrongArgument("key", f"may have letters, digits and '_-./ ', unlike {key[:100]!r}.")
    whole, run = pillow_of(image), run_to_log_to()
    moment = now() if timestamp is None else timestamp
    path = f"images/{key.replace('/', '~')}+step+{step or 0}+timestamp+{moment}+{secrets.token_hex(16)}"
    both(run, whole, path, "+compressed")
    run.tags({_LOGGED: True})


def both(run: Run, image: Any, path: str, small: str = "") -> None:
    """Log an image as `path`.png, and a small one as `path` and `small`.webp."""

    def write_small(place: Path) -> None:
        whole = pillow_of(image)
        scale = _SMALL / max(whole.size)
        whole.resize(tuple(max(1, int(side * scale)) for side in whole.size)).save(place)

    made(run, f"{path}.png", lambda place: pillow_of(image).save(place))
    made(run, f"{path}{small}.webp", write_small)


def is_image(thing: Any) -> bool:
    """Whether something is an image of Pillow, or MLflow's."""
    return (
        callable(getattr(thing, "save", None)) and callable(getattr(thing, "resize", None)) and hasattr(thing, "size")
    )


def pillow_of(image: Any) -> Any:
    """An image of Pillow. Raises WrongArgument for what is none, and ImportError."""
    if hasattr(image, "to_pil"):
        return image.to_pil()
    if is_image(image):
        return image
    if not hasattr(image, "__array_interface__"):
        raise WrongArgument("image", f"has to be one of Pillow, or an array of numpy, not {type(image).__name__}.")
    try:
        # An optional library.
        from PIL import Image  # type: ignore[import-not-found, unused-ignore]  # noqa: PLC0415
    except ImportError as error:
        raise ImportError("arrays need Pillow: pip install Pillow.") from error
    return Image.fromarray(_bytes_of(image))


def _bytes_of(array: Any) -> Any:
    """An array as unsigned bytes, without a single channel. Raises WrongArgument for another shape or range."""
    if array.ndim == 3 and array.shape[2] == 1:
        array = array[:, :, 0]
    if array.ndim not in (2, 3) or (array.ndim == 3 and array.shape[2] not in (3, 4)):
        raise WrongArgument(
            "image", f"has to have the shape (height, width), or that with 1, 3 or 4 channels, not {array.shape}."
        )
    if array.dtype.kind in "iu":
        if array.size and (array.min() < 0 or array.max() > 255):
            raise WrongArgument(
                "image", f"has to have whole numbers from 0 to 255, not from {array.min()} to {array.max()}."
            )
        return array.astype("uint8")
    if array.dtype.kind in "bf":
        return (_scaled(array.astype(float)) * 255).astype("uint8")
    raise WrongArgument("image", f"has to have numbers, not {array.dtype}.")


def _scaled(array: Any) -> Any:
    """Numbers from 0 to 1; others are scaled to that, as MLflow does."""
    if not array.size or (array.min() >= 0 and array.max() <= 1):
        return array
    once("The numbers of an image do not go from 0 to 1, so they were scaled to that.")
    return (array - array.min()) / ((array.max() - array.min()) or 1)
