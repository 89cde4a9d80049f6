"""The three histories of the protocol: one run in pages, several runs in full, several runs sampled for a chart."""

from typing import Any

from chalicelib.edge.replies import MOST_BYTES, fitting
from chalicelib.tracking.metrics import history
from chalicelib.tracking.metrics.schemas import GetMetricHistory, GetMetricHistoryBulk, GetMetricHistoryBulkInterval
from chalicelib.tracking.series import points, sampling
from chalicelib.tracking.series.replies import metric

# A point on the wire without its key: `{"key": "", "value": -1.7976931348623157e+308, "timestamp": 1795403926785, …}, `
_POINT_BYTES = 110
# The same with its run's id, which the caller may have sent with 256 characters.
_POINT_OF_RUN_BYTES = 200


def of_one(request: GetMetricHistory) -> dict[str, Any]:
    """Return a page of one metric's points. Without `max_results` it is as long as one reply can carry."""
    most = MOST_BYTES // (_POINT_BYTES + len(request.metric_key.encode()))
    wanted = most if request.max_results is None else min(most, request.max_results)
    found = history.of_metric(request.run_id, request.metric_key)
    page = points.page(found, wanted, request.page_token)
    reply: dict[str, Any] = {"metrics": [metric(point) for point in page.points]} if page.points else {}
    return {**reply, **({"next_page_token": page.token} if page.token else {})}


def of_several(request: GetMetricHistoryBulk) -> dict[str, Any]:
    """Return the first points of several runs, by run and then in history order."""
    found = history.of_runs(request.run_id, request.metric_key or "")
    chosen = sampling.bulk(found, request.max_results)
    return {"metrics": fitting(metric(point, run_id) for run_id, point in chosen)}


def sampled(request: GetMetricHistoryBulkInterval) -> dict[str, Any]:
    """Return points of several runs, each run evenly sampled by itself; fewer where a reply could not carry them."""
    found = history.of_runs(request.run_ids, request.metric_key)
    share = MOST_BYTES // (max(1, len(request.run_ids)) * (_POINT_OF_RUN_BYTES + len(request.metric_key.encode())))
    most = min(request.max_results, share)
    messages = []
    for run_id in request.run_ids:
        between = sampling.between_steps(found[run_id], request.start_step, request.end_step)
        messages += [metric(point, run_id) for point in sampling.sample(between, most)]
    return {"metrics": messages} if messages else {}
