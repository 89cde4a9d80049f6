"""The endpoints on audit chains, not part of MLflow's protocol: `/api/2.0/cumulog/registry/…`."""

from typing import Any

from chalice.app import Blueprint

from chalicelib import errors
from chalicelib.access import identity
from chalicelib.access.levels import READ
from chalicelib.access.requires import requires
from chalicelib.edge import mounts
from chalicelib.edge.replies import fitting
from chalicelib.provenance import history, lineage, replies, schemas, verifying
from chalicelib.provenance.verifying import Report
from chalicelib.registry.chain import audit, changes
from chalicelib.registry.chain.audit import Noted, Walk
from chalicelib.registry.resources import MODEL, MODEL_OF_CHAIN
from chalicelib.search import page
from chalicelib.search.field import Kind
from chalicelib.storage import page_secret

blueprint = Blueprint(__name__)
cumulog = mounts.cumulog(blueprint, "/registry")


@cumulog.endpoint("GET", "/audit")
@requires(READ, MODEL_OF_CHAIN)
def get_audit(request: schemas.GetAudit) -> dict[str, Any]:
    """List the links of a registered model's audit chain, newest last, in pages."""
    model = changes.load_either(request.name, request.model_id)
    question = _question("audit", model.model_id)
    after = _after(request.page_token, question)
    found = audit.entries(model.model_id, after, request.max_results)
    taken = fitting(replies.link(entry) for entry in found)
    # After a gap of missing links there may be more.
    last = max(int(taken[-1]["sequence"]), after + 1) if taken else after + request.max_results
    token = {"next_page_token": page.mint(question, (last,), page_secret.current)} if last < model.sequence else {}
    return {**replies.model(model), "entries": taken, **token}


@cumulog.endpoint("GET", "/verify")
@requires(READ, MODEL_OF_CHAIN)
def verify_audit(request: schemas.Verify) -> dict[str, Any]:
    """Verify a registered model's audit chain, from 20,000 links on in portions, and compare it with what is stored."""
    model = changes.load_either(request.name, request.model_id)
    question = _question("verify", model.model_id, str(request.sequence), str(request.digest))
    report = verifying.verify(model, _noted(request), _start(request.page_token, question))
    return {**replies.report(report), **_rest(report, question)}


@cumulog.endpoint("GET", "/state")
@requires(READ, MODEL_OF_CHAIN)
def get_state(request: schemas.GetState) -> dict[str, Any]:
    """Get a registered model as it was at a time: names, versions, and which version held each stage and alias."""
    model = changes.load_either(request.name, request.model_id)
    return replies.then(model, request.at, history.state_at(model.model_id, request.at))


@cumulog.endpoint("GET", "/lineage")
@requires(READ, MODEL)
def get_lineage(request: schemas.GetLineage) -> dict[str, Any]:
    """Get where a version comes from: its maker, requests, logged model and run, and which of these are missing."""
    return lineage.of(request.name, request.version)


def _question(*parts: str) -> str:
    return page.question_digest(*parts, identity.current().name)


def _after(token: str, question: str) -> int:
    """The number of the last link on the page before."""
    if not token:
        return 0
    (after,) = page.redeem(token, question, [Kind.INTEGER], page_secret.current)
    return int(after or 0)


def _start(token: str, question: str) -> Walk | None:
    """Where the call before stopped, None at first."""
    if not token:
        return None
    count, digest, at = page.redeem(token, question, [Kind.INTEGER, Kind.TEXT, Kind.INTEGER], page_secret.current)
    return Walk(int(count or 0), str(digest), int(at or 0))


def _rest(report: Report, question: str) -> dict[str, str]:
    if report.is_whole:
        return {}
    position = (report.walk.count, report.walk.digest, report.walk.at)
    return {"next_page_token": page.mint(question, position, page_secret.current)}


def _noted(request: schemas.Verify) -> Noted | None:
    if (request.sequence is None) != (request.digest is None):
        raise errors.InvalidParameterValue("'sequence' and 'digest' must be given together.")
    if request.sequence is None or request.digest is None:
        return None
    return Noted(request.sequence, request.digest)
