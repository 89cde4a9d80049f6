"""AWS Batch for tests: it takes jobs, and says of them what it is told to. Nothing runs in it."""

import json
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass, field
from http.server import BaseHTTPRequestHandler
from typing import Any

from tests.served import served


@dataclass
class Jobs:
    """`refuses` is what SubmitJob is answered instead of an id; `job` what DescribeJobs says of each job."""

    url: str = ""
    submitted: list[Any] = field(default_factory=list)
    terminated: list[str] = field(default_factory=list)
    refuses: str = ""
    job: dict[str, Any] = field(default_factory=lambda: {"status": "SUCCEEDED"})

    def answer(self, path: str, body: Any) -> tuple[int, Any]:
        if path == "/v1/describejobs":
            return 200, {"jobs": [{"jobId": each, **self.job} for each in body["jobs"]] if self.job else []}
        if path == "/v1/terminatejob":
            self.terminated.append(body["jobId"])
            return 200, {}
        self.submitted.append(body)
        if self.refuses:
            return 400, {"__type": "ClientException", "message": self.refuses}
        return 200, {"jobId": "job-1", "jobName": body["jobName"]}


@contextmanager
def batch() -> Iterator[Jobs]:
    jobs = Jobs()

    class Handler(BaseHTTPRequestHandler):
        def do_POST(self) -> None:
            body = self.rfile.read(int(self.headers["Content-Length"]))
            status, told = jobs.answer(self.path, json.loads(body))
            content = json.dumps(told).encode()
            self.send_response(status)
            self.send_header("Content-Type", "application/json")
            self.send_header("Content-Length", str(len(content)))
            self.end_headers()
            self.wfile.write(content)

        def log_message(self, *_: Any) -> None:
            pass

    with served(Handler) as url:
        jobs.url = url
        yield jobs
