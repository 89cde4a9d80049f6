"""The Chalice app: settings, then one line per blueprint. The code is in `chalicelib/`."""

import gc

from chalicelib.access.authorizer import blueprint as authorizer
from chalicelib.accounts.routes import blueprint as accounts
from chalicelib.approvals.machine.handler import blueprint as transitions
from chalicelib.approvals.routes import blueprint as approvals
from chalicelib.artifacts.routes import blueprint as artifacts
from chalicelib.catalogue.handler import blueprint as catalogue_events
from chalicelib.catalogue.routes import blueprint as catalogue
from chalicelib.edge.application import Application
from chalicelib.lineage.routes import blueprint as lineage
from chalicelib.provenance.routes import blueprint as provenance
from chalicelib.registry.routes import blueprint as registry
from chalicelib.reproductions.routes import blueprint as reproductions
from chalicelib.service.routes import blueprint as service
from chalicelib.sweeper.schedule import blueprint as sweeper
from chalicelib.tracking.columns.routes import blueprint as columns
from chalicelib.tracking.experiments.routes import blueprint as experiments
from chalicelib.tracking.index.routes import blueprint as index
from chalicelib.tracking.logged_models.routes import blueprint as logged_models
from chalicelib.tracking.metrics.routes import blueprint as metrics
from chalicelib.tracking.runs.routes import blueprint as runs
from chalicelib.views.routes import blueprint as views

app = Application(app_name="cumulog")
# Every body comes as bytes: text decoding would corrupt unlisted binary types. Replies are bytes only for clients
# that ask for them (`edge/http.py`) or accept them compressed (`edge/compressing.py`).
app.api.binary_types = ["*/*"]
app.register_blueprint(authorizer)
app.register_blueprint(service)
app.register_blueprint(accounts)
app.register_blueprint(experiments)
app.register_blueprint(runs)
app.register_blueprint(metrics)
app.register_blueprint(logged_models)
app.register_blueprint(index)
app.register_blueprint(columns)
app.register_blueprint(views)
app.register_blueprint(artifacts)
app.register_blueprint(catalogue)
app.register_blueprint(catalogue_events)
app.register_blueprint(registry)
app.register_blueprint(approvals)
app.register_blueprint(reproductions)
app.register_blueprint(provenance)
app.register_blueprint(lineage)
app.register_blueprint(transitions)
app.register_blueprint(sweeper)
# What was imported stays for good: no request's garbage collection has to go through it, which took up to half of
# the time of reading many points.
gc.freeze()
