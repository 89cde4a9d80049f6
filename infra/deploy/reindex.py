"""Rebuild an experiment's index, portion by portion: `make reindex EXPERIMENT=1 [URL=http://127.0.0.1:5000]`.

Safe while the server is in use. If access is closed, the token in MLFLOW_TRACKING_TOKEN needs MANAGE on the experiment.
Prints counts of what was read and repaired; if all but the first two are zero, the index was right.
"""

import json
import os
import sys
from collections import Counter
from http.client import HTTPConnection, HTTPSConnection
from urllib.parse import urlsplit


def main(url: str, experiment_id: str) -> int:
    total: Counter[str] = Counter()
    token = ""
    while True:
        reply = _portion(url, {"experiment_id": experiment_id, "page_token": token})
        token = str(reply.pop("next_page_token", ""))
        total.update({name: int(count) for name, count in reply.items()})
        print(", ".join(f"{name} {count}" for name, count in total.items()), flush=True)
        if not token:
            return 0


def _portion(url: str, body: dict[str, str]) -> dict[str, str]:
    parts = urlsplit(url)
    kind = HTTPSConnection if parts.scheme == "https" else HTTPConnection
    connection = kind(parts.netloc, timeout=60)
    path = f"{parts.path.rstrip('/')}/api/2.0/cumulog/index/rebuild"
    connection.request("POST", path, json.dumps(body).encode(), _headers())
    with connection.getresponse() as reply:
        content = reply.read()
        if reply.status != 200:
            sys.exit(f"{reply.status}: {content.decode(errors='replace')}")
        return dict(json.loads(content))


def _headers() -> dict[str, str]:
    token = os.environ.get("MLFLOW_TRACKING_TOKEN")
    return {"Content-Type": "application/json", **({"Authorization": f"Bearer {token}"} if token else {})}


if __name__ == "__main__":
    sys.exit(main(*sys.argv[1:]))
