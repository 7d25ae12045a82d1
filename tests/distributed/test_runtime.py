"""The functions under Lambda's own runtime interface client, with a runtime API and an account of our own."""

from __future__ import annotations

import gzip
import json
import os
import queue
import subprocess
import sys
import threading
import time
from collections.abc import Iterator
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from pathlib import Path
from typing import Any

import boto3
import pytest

from tests.distributed.support import BUCKET, OWN, REGION, RUN, item
from tests.sources.account.server import Server, served

pytestmark = pytest.mark.slow

ROOT = Path(__file__).parents[2]
CLIENT = """
import socket, sys
from awslambdaric.__main__ import main
from tests.sources.account.server import resolve
socket.getaddrinfo = resolve
main(["bootstrap", sys.argv[1]])
"""


class RuntimeApi(ThreadingHTTPServer):
    """Hands out invocations and takes what comes of them: https://docs.aws.amazon.com/lambda/latest/dg/runtimes-api.html."""

    daemon_threads = True

    def __init__(self) -> None:
        super().__init__(("127.0.0.1", 0), _Handler)
        self.events: queue.SimpleQueue[bytes] = queue.SimpleQueue()
        self.answers: queue.SimpleQueue[tuple[str, Any]] = queue.SimpleQueue()

    def invoke(self, event: dict[str, Any]) -> tuple[str, Any]:
        """`response` or `error`, and its content."""
        self.events.put(json.dumps(event).encode())
        return self.answers.get(timeout=90)


class _Handler(BaseHTTPRequestHandler):
    server: RuntimeApi
    protocol_version = "HTTP/1.1"

    def do_GET(self) -> None:
        event = self.server.events.get()
        self.send_response(200)
        self.send_header("Lambda-Runtime-Aws-Request-Id", "8476a536-e9f4-11e8-9739-2dfe598c3fcd")
        self.send_header("Lambda-Runtime-Deadline-Ms", str(int((time.time() + 300) * 1000)))
        self.send_header("Lambda-Runtime-Invoked-Function-Arn", f"arn:aws:lambda:{REGION}:{OWN}:function:scan")
        self.send_header("Lambda-Runtime-Trace-Id", "Root=1-5bef4de7-ad49b0e87f6ef6c87fc2e700")
        self.send_header("Content-Type", "application/json")  # without these two the client crashes
        self.send_header("Content-Length", str(len(event)))
        self.end_headers()
        self.wfile.write(event)

    def do_POST(self) -> None:
        content = self.rfile.read(int(self.headers.get("Content-Length") or 0))
        self.send_response(202)
        self.send_header("Content-Length", "0")
        self.end_headers()
        self.server.answers.put((self.path.rpartition("/")[2], json.loads(content)))

    def log_message(self, *_: Any) -> None:
        """Quietly."""


@pytest.fixture(scope="module")
def account() -> Iterator[Server]:
    with served() as server:
        yield server


@pytest.fixture
def api(account: Server, tmp_path: Path) -> Iterator[RuntimeApi]:
    """The runtime API, and a function `scan_item` that asks it what to do."""
    with RuntimeApi() as server:
        threading.Thread(target=server.serve_forever, daemon=True).start()
        environment = {
            **os.environ,
            **account.environment,
            "AWS_LAMBDA_RUNTIME_API": f"127.0.0.1:{server.server_port}",
            "AWS_LAMBDA_FUNCTION_NAME": "scan",
            "AWS_REGION": REGION,
            "LAMBDA_TASK_ROOT": str(ROOT),
            "PYTHONPATH": os.pathsep.join([str(ROOT), os.environ.get("PYTHONPATH", "")]),
        }
        with (tmp_path / "log").open("w") as log:
            process = subprocess.Popen(
                [sys.executable, "-c", CLIENT, "auditor.aws_lambda.scan_item"],
                cwd=ROOT,
                env=environment,
                stdout=log,
                stderr=log,
            )
            try:
                yield server
            finally:
                process.kill()
                process.wait()
                server.shutdown()


def test_an_event_in_and_objects_out(account: Server, api: RuntimeApi) -> None:
    def client(service: str) -> Any:
        return boto3.client(
            service, REGION, endpoint_url=account.url, aws_access_key_id="testing", aws_secret_access_key="testing"
        )

    client("s3").create_bucket(Bucket=BUCKET)
    client("s3").put_object(Bucket=BUCKET, Key="config/auditor.toml", Body=b'select = ["ebs-volume-gp2"]')
    client("ec2").create_volume(AvailabilityZone=f"{REGION}a", Size=100, VolumeType="gp2")
    kind, done = api.invoke(item())
    assert (kind, done["status"], done["counts"]["findings"]) == ("response", "scanned", 1)
    there = [one["Key"] for one in client("s3").list_objects_v2(Bucket=BUCKET)["Contents"]]
    assert set(done["keys"].values()) <= set(there)
    content = client("s3").get_object(Bucket=BUCKET, Key=done["keys"]["findings"])["Body"].read()
    assert json.loads(gzip.decompress(content).splitlines()[0])["run"] == RUN

    kind, done = api.invoke({"run": RUN})  # the same process, still warm
    assert (kind, done["status"]) == ("response", "failed")
    kind, error = api.invoke({**item(), "bucket": "elsewhere"})
    assert (kind, error["errorType"]) == ("error", "UsageError")
    assert "NoSuchBucket" in error["errorMessage"]
