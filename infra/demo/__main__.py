"""`python -m infra.demo URL`: train into the stack at this address, and say what there is to look at.

Exit code 2 when no Cumulog answers there.
"""

import logging
import os
import sys
import time
from urllib.error import URLError
from urllib.request import urlopen

from infra.demo import registry, sweep

EXPERIMENT = "demo: handwritten digits"


def main(url: str) -> int:
    """Train, register, and tell; the exit code."""
    if not _is_cumulog(url):
        print(f"No Cumulog answers at {url}. Start one with `make up` in another terminal, or name it: make demo URL=…")
        return 2
    began = time.monotonic()
    found = sweep.run(url, EXPERIMENT)
    model = registry.register(found)
    print(_summary(url, found, model, time.monotonic() - began))
    return 0


def _is_cumulog(url: str) -> bool:
    try:
        with urlopen(f"{url}/health", timeout=5) as answer:  # noqa: S310 - a URL that the user names
            return bool(answer.status == 200)
    except (URLError, OSError, ValueError):
        return False


def _summary(url: str, found: sweep.Sweep, model: str, seconds: float) -> str:
    best = found.trials[0]
    return (
        f"\n{len(found.trials) + 1} runs in {seconds:.0f} s, in the experiment {EXPERIMENT!r}.\n"
        f"The best of them has a test accuracy of {best.accuracy:.3f}: {best.params}\n"
        f"The registered model {model!r} has a version in Production, one in Staging, and the aliases champion and "
        "challenger.\n\n"
        "Look at it from Python:\n\n"
        "    import mlflow\n"
        f'    mlflow.set_tracking_uri("{url}")\n'
        f'    mlflow.search_runs(experiment_names=["{EXPERIMENT}"], order_by=["metrics.test_accuracy DESC"])\n'
        f'    mlflow.sklearn.load_model("models:/{model}@champion")\n'
    )


if __name__ == "__main__":
    # The stock client prints a line or two for each run, and asks for its own packages.
    os.environ.setdefault("MLFLOW_SUPPRESS_PRINTING_URL_TO_STDOUT", "true")
    logging.getLogger("mlflow").setLevel(logging.ERROR)
    sys.exit(main(sys.argv[1]))
