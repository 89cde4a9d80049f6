"""`python -m infra.docs`: write the API reference, and the page of the command line."""

# For its blueprints, whose endpoints the document describes.
import app  # noqa: F401
from chalicelib.service import routes
from infra.docs import cli, reference

if __name__ == "__main__":
    reference.PAGE.write_text(reference.text(routes.document()))
    cli.PAGE.write_text(cli.text())
