"""That what the cost model measures has the shape that it states."""

from infra.cost.measured import Units
from infra.cost.workload import Shape
from tests.perf import population, spending_calls


def test_a_measured_run_has_the_stated_metrics_params_and_tags():
    run = spending_calls.planned()

    created = population.create_body(run, "1")
    logged = population.batch_body(run, "a run")

    # The name of a run is a tag too.
    assert len(created["tags"]) + 1 == Shape().tags
    assert (len(logged["params"]), len(run.metrics)) == (Shape().params, Shape().metrics)


def test_a_point_comes_of_every_step_and_of_every_metric_in_turn():
    made = spending_calls.points(range(Shape().points), at_ms=1_000)

    assert len({(point["key"], point["step"]) for point in made}) == Shape().points
    assert {point["key"] for point in made[: Shape().metrics]} == set(spending_calls.planned().metrics)


def test_units_add_up_as_often_as_they_are_spent():
    spent = Units(read=1, write=2, trips=3, puts=4, gets=5).plus(Units(read=10, puts=20), times=0.5)

    assert spent == Units(read=6, write=2, trips=3, puts=14, gets=5)
