"""How far the sweeper is behind, as a metric: an alarm fires when that is too far, or when no sweeper runs."""

import os


def publish(oldest_seconds: float) -> None:
    """Publish, in a Lambda, for how long (seconds) a run has waited to be sealed.

    One metric without dimensions: each combination of dimensions costs thirty cents a month.
    """
    if "AWS_LAMBDA_FUNCTION_NAME" not in os.environ:
        return
    # Imported here: only a Lambda can use it, and its import would cost any other process 50 ms at the start.
    from aws_lambda_powertools.metrics import EphemeralMetrics, MetricUnit  # noqa: PLC0415

    # Set by the template: a namespace for each stage.
    metrics = EphemeralMetrics(namespace=os.environ.get("POWERTOOLS_METRICS_NAMESPACE", "Cumulog"))
    metrics.add_metric("OldestUnsealedRun", MetricUnit.Seconds, oldest_seconds)
    metrics.flush_metrics()
