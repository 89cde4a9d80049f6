"""`python -m infra.demo URL`: train into the Cumulog at this address, and say what there is to look at.

Exit code 2 when it does not answer, or refuses. It may be called again: that adds another sweep and new versions.
"""

import logging
import os
import sys
import time
import warnings

from infra.demo import reached

# MLflow reads these when it is imported. A stack that ends in the middle is noticed within seconds.
_ENVIRONMENT = {
    "MLFLOW_DISABLE_TELEMETRY": "true",
    "MLFLOW_HTTP_REQUEST_MAX_RETRIES": "2",
    "MLFLOW_HTTP_REQUEST_TIMEOUT": "30",
    "MLFLOW_SUPPRESS_PRINTING_URL_TO_STDOUT": "true",
    # Figures are written to files here, never shown.
    "MPLBACKEND": "Agg",
    # The networks are small: a second thread would only wait for the first.
    "OMP_NUM_THREADS": "1",
}


def main(url: str) -> int:
    """The exit code."""
    code = reached.main(url)
    if code:
        return code
    os.environ.update(_ENVIRONMENT)
    print("Loading MLflow and scikit-learn ...", flush=True)
    # Imported late: they take seconds, and read the lines above.
    from mlflow.exceptions import MlflowException  # noqa: PLC0415

    from infra.demo import play  # noqa: PLC0415

    # MLflow calls stages deprecated, which its users still have, and the trial that fails overflows first.
    warnings.simplefilter("ignore")
    logging.getLogger("mlflow").setLevel(logging.ERROR)
    began = time.monotonic()
    try:
        played = play.play(url)
    except MlflowException as refusal:
        print(f"\ncumulog: The demo ends here: {refusal.message}", file=sys.stderr)
        return 2
    except KeyboardInterrupt:
        print("\nThe demo was interrupted; what it logged stays.", file=sys.stderr)
        return 130
    print(play.summary(url, played, time.monotonic() - began))
    return 0


if __name__ == "__main__":
    sys.exit(main(sys.argv[1].rstrip("/")))
