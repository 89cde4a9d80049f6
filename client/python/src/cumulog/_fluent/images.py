"""Images: as a file, or as one of a row of images of a key, under the names by which MLflow's page finds them.

images/<key, ~ for />+step+<step>+timestamp+<ms>+<random>.png             as it was logged
images/<key, ~ for />+step+<step>+timestamp+<ms>+<random>+compressed.webp  at most 256 pixels wide and high
"""

import re
import secrets
from pathlib import Path
from typing import Any

from cumulog._fluent.artifacts import made
from cumulog._fluent.face import run_to_log_to
from cumulog._fluent.quiet import quiet
from cumulog._fluent.runs import Run, now, once
from cumulog._fluent.waiting import Operations, waited

_KEY = re.compile(r"[a-zA-Z0-9_\-./ ]+")
_SMALL = 256
_LOGGED = "mlflow.loggedImages"


@quiet
def log_image(  # noqa: PLR0913 - MLflow's signature
    image: Any,
    artifact_file: str | None = None,
    key: str | None = None,
    step: int | None = None,
    timestamp: int | None = None,
    synchronous: bool | None = None,
) -> Operations | None:
    """Log an image of Pillow, or an array of numpy if Pillow is installed: as a file, or under a key at a step.

    An array has the shape (height, width), or that with 1, 3 or 4 channels. Its numbers are whole ones from 0 to 255,
    or others from 0 to 1; bool is a mask.
    """
    run = run_to_log_to()
    if artifact_file is not None and (key is not None or step is not None or timestamp is not None):
        once(
            f"The image '{artifact_file}' was not logged: it goes to a file, or has key, step and timestamp, not both."
        )
    elif artifact_file is not None:
        made(run, artifact_file, lambda path: pillow_of(image).save(path))
    elif key is not None and _KEY.fullmatch(key):
        moment = now() if timestamp is None else timestamp
        path = f"images/{key.replace('/', '~')}+step+{step or 0}+timestamp+{moment}+{secrets.token_hex(16)}"
        both(run, image, path, "+compressed")
        run.tags({_LOGGED: True})
    else:
        once(f"An image was not logged: its key {key!r} may have letters, digits and '_-./ ', or give artifact_file.")
    return waited(synchronous)


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
    """An image of Pillow. Raises TypeError, ValueError or ImportError for what is none."""
    if hasattr(image, "to_pil"):
        return image.to_pil()
    if is_image(image):
        return image
    if not hasattr(image, "__array_interface__"):
        raise TypeError(f"{type(image).__name__} is no image: pass one of Pillow, or an array of numpy.")
    try:
        # An optional library.
        from PIL import Image  # type: ignore[import-not-found, unused-ignore]  # noqa: PLC0415
    except ImportError as error:
        raise ImportError("arrays need Pillow: pip install Pillow.") from error
    return Image.fromarray(_bytes_of(image))


def _bytes_of(array: Any) -> Any:
    """An array as unsigned bytes, without a single channel. Raises ValueError for another shape or range."""
    if array.ndim == 3 and array.shape[2] == 1:
        array = array[:, :, 0]
    if array.ndim not in (2, 3) or (array.ndim == 3 and array.shape[2] not in (3, 4)):
        raise ValueError(f"an image has the shape (height, width) or that with 1, 3 or 4 channels, not {array.shape}.")
    if array.dtype.kind in "iu":
        if array.size and (array.min() < 0 or array.max() > 255):
            raise ValueError(f"its whole numbers go from 0 to 255, not from {array.min()} to {array.max()}.")
        return array.astype("uint8")
    if array.dtype.kind in "bf":
        return (_scaled(array.astype(float)) * 255).astype("uint8")
    raise ValueError(f"an image has numbers, not {array.dtype}.")


def _scaled(array: Any) -> Any:
    """Numbers from 0 to 1; others are scaled to that, as MLflow does."""
    if not array.size or (array.min() >= 0 and array.max() <= 1):
        return array
    once("The numbers of an image do not go from 0 to 1, so they were scaled to that.")
    return (array - array.min()) / ((array.max() - array.min()) or 1)
