"""The Chalice app: settings, then one line per blueprint. What happens is in `chalicelib/`."""

from chalice.app import Chalice

from chalicelib.service.routes import blueprint as service
from chalicelib.sweeper.schedule import blueprint as sweeper
from chalicelib.tracking.routes import blueprint as tracking

app = Chalice(app_name="cumulog")
app.register_blueprint(service)
app.register_blueprint(tracking)
app.register_blueprint(sweeper)
