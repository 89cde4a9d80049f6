"""`python -m infra.client`: write the generated modules of `cumulog.Client`."""

# For its blueprints, whose endpoints the document describes.
import app  # noqa: F401
from chalicelib.service import routes
from infra.client import writing

if __name__ == "__main__":
    wanted = writing.modules(routes.document())
    writing.FOLDER.mkdir(exist_ok=True)
    for path in writing.FOLDER.glob("*.py"):
        if path.name not in wanted:
            path.unlink()
    for name, text in wanted.items():
        (writing.FOLDER / name).write_text(text)
