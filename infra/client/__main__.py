"""`python -m infra.client`: write the generated modules of `cumulog.Client`."""

# For its blueprints, whose endpoints the document describes.
import app  # noqa: F401
from chalicelib.service import routes
from infra.client import writing

if __name__ == "__main__":
    wanted = writing.modules(routes.document())
    for path in writing.FOLDER.rglob("*.py"):
        if path.relative_to(writing.FOLDER).as_posix() not in wanted:
            path.unlink()
    for name, text in wanted.items():
        place = writing.FOLDER / name
        place.parent.mkdir(parents=True, exist_ok=True)
        place.write_text(text)
