"""`python -m infra.docs`: write the API reference."""

# For its blueprints, whose endpoints the document describes.
import app  # noqa: F401
from chalicelib.service import routes
from infra.docs import reference

if __name__ == "__main__":
    reference.PAGE.write_text(reference.text(routes.document()))
