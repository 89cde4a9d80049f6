"""Which points of which runs a chart receives: the selection for get-history-bulk-interval and get-history-bulk.

Both take each run's distinct points of one key. MLflow 3.17 samples each run separately, and by row rather than by
step: a thousand points logged at one step count as a thousand.
"""

from collections.abc import Mapping, Sequence

from chalicelib.errors import InvalidParameterValue
from chalicelib.tracking.series.points import Point, in_history_order, in_step_order

MOST_POINTS_PER_RUN = 2500
MOST_BULK_POINTS = 25_000


def between_steps(points: Sequence[Point], start_step: int | None, end_step: int | None) -> Sequence[Point]:
    """Return the points from one step to another, both included, or all points when neither step is given.

    Raises InvalidParameterValue when only one step is given, or when the start is after the end.
    """
    if start_step is None and end_step is None:
        return points
    if start_step is None or end_step is None:
        raise InvalidParameterValue("If either start step or end step are specified, both must be specified.")
    if start_step > end_step:
        raise InvalidParameterValue(
            f"end_step must be greater than start_step. Found start_step={start_step} and end_step={end_step}."
        )
    return [point for point in points if start_step <= point.step <= end_step]


def sample(points: Sequence[Point], max_results: int) -> list[Point]:
    """Return at most `max_results` of one run's points, in step order: evenly spread, including the first and the last.

    Works like SQL's NTILE: cut the points into `max_results` stretches of equal length (the first ones longer by one if
    the division leaves a remainder) and take the head of each; the last point replaces the last head.
    Raises InvalidParameterValue unless 1 ≤ `max_results` ≤ 2500.
    """
    if not 1 <= max_results <= MOST_POINTS_PER_RUN:
        raise InvalidParameterValue(f"max_results must be between 1 and {MOST_POINTS_PER_RUN}.")
    ordered = in_step_order(points)
    if len(ordered) <= max_results:
        return ordered
    length, longer = divmod(len(ordered), max_results)
    heads = [stretch * length + min(stretch, longer) for stretch in range(max_results - 1)]
    return [*(ordered[head] for head in heads), ordered[-1]]


def bulk(points_by_run: Mapping[str, Sequence[Point]], max_results: int) -> list[tuple[str, Point]]:
    """Return the first `max_results` (at most 25,000) points with their run ids, by run id and then in history order.

    A run that comes late in the alphabet may get no points: the endpoint is defined so.
    Raises InvalidParameterValue for a negative `max_results`.
    """
    if max_results < 0:
        raise InvalidParameterValue(f"max_results must not be negative. Found max_results={max_results}.")
    most = min(max_results, MOST_BULK_POINTS)
    rows: list[tuple[str, Point]] = []
    for run_id in sorted(points_by_run):
        rows.extend((run_id, point) for point in in_history_order(points_by_run[run_id])[: most - len(rows)])
    return rows
