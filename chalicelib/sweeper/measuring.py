"""How far the sweeper is behind, as a metric: an alarm fires when that is too far, or when no sweeper runs."""

import os


def tell(oldest_seconds: float) -> None:
    """Publish, in a Lambda, for how long (seconds) a run has waited to be sealed.

    One metric without dimensions, as each combination of these costs thirty cents a month.
    """
    if "AWS_LAMBDA_FUNCTION_NAME" not in os.environ:
        return
    # Here, because nothing but a Lambda can use it and its import costs any other process 50 ms at the start.
    from aws_lambda_powertools.metrics import EphemeralMetrics, MetricUnit  # noqa: PLC0415

    # The template sets this one: a namespace for each stage.
    metrics = EphemeralMetrics(namespace=os.environ.get("POWERTOOLS_METRICS_NAMESPACE", "Cumulog"))
    metrics.add_metric("OldestUnsealedRun", MetricUnit.Seconds, oldest_seconds)
    metrics.flush_metrics()
