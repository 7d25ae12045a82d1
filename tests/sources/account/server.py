"""A simulated account over HTTP, in a process of its own, so that its work is not counted as the scanner's.

    with served() as server:
        client = boto3.client("sqs", endpoint_url=server.url)

`python -m tests.sources.account.server [SECONDS]` is that process; it waits so long before each answer. It has a second
address where the same account answers with faults.
"""

from __future__ import annotations

import io
import json
import os
import re
import socket
import subprocess
import sys
import threading
import time
import urllib.request
from collections import Counter
from collections.abc import Callable, Iterable, Iterator
from contextlib import contextmanager
from functools import cache
from pathlib import Path
from typing import Any
from urllib.parse import parse_qs

from tests.sources.account.faults import BROKEN, DROPPED, THROTTLED, Dice, error

DENIED = "sagemaker"
"""The service that the bad network denies, by its signing name."""

SEED = 7
ROOT = Path(__file__).parents[3]
SEEN = "/_requests"
"""Asking for this path tells the requests since it was last asked."""


# --- in its process -------------------------------------------------------------------------------------------------


class Observed:
    """A WSGI application that remembers what it is asked, maybe answers late, and says what it cannot do.

    What moto lacks it answers with HTTP 500, which clients take for a failure that passes, and ask again four times.
    Here it is a 501, which they take at its word.
    """

    def __init__(self, application: Any, delay: float) -> None:
        self._application = application
        self._delay = delay
        self._seen: list[dict[str, str]] = []

    def __call__(self, environ: dict[str, Any], start_response: Callable[..., Any]) -> Iterable[bytes]:
        if environ["PATH_INFO"] == SEEN:
            seen, self._seen = self._seen, []
            start_response("200 OK", [("Content-Type", "application/json")])
            return [json.dumps(seen).encode()]
        self._seen.append(_told(environ))
        time.sleep(self._delay)

        def start(status: str, *rest: Any) -> Any:
            return start_response("501 Not simulated" if status.startswith("500") else status, *rest)

        try:
            answer: Iterable[bytes] = self._application(environ, start)
        except (AttributeError, ImportError, NotImplementedError, TypeError):  # a service, library, operation it lacks
            start_response("501 Not simulated", [])
            return []
        return answer


class Faulty:
    """A WSGI application between a client and another: faults as `Dice` says, and a service that is denied."""

    def __init__(self, application: Any) -> None:
        self._application = application
        self._dice = Dice(SEED)

    def __call__(self, environ: dict[str, Any], start_response: Callable[..., Any]) -> Iterable[bytes]:
        told = _told(environ)
        service, query = told["service"], bool(told["action"])
        fault = self._dice.roll(json.dumps(told) + _body(environ).decode("latin-1"))
        if service == DENIED:
            start_response("400 Denied", [])
            return [error(service, "AccessDeniedException", query=query).encode()]
        if fault == THROTTLED:
            start_response("400 Throttled", [])
            return [error(service, "Throttling", query=query).encode()]
        if fault == BROKEN:
            start_response("500 Broken", [])
            return []
        if fault == DROPPED:
            environ["werkzeug.socket"].shutdown(socket.SHUT_RDWR)
            return []
        answer: Iterable[bytes] = self._application(environ, start_response)
        return answer


def _body(environ: dict[str, Any]) -> bytes:
    """A request's body, which can be read again."""
    body: bytes = environ["wsgi.input"].read(int(environ.get("CONTENT_LENGTH") or 0))
    environ["wsgi.input"] = io.BytesIO(body)
    return body


def _told(environ: dict[str, Any]) -> dict[str, str]:
    """What a request says of which operation it is."""
    form: dict[str, list[str]] = {}
    if "x-www-form-urlencoded" in environ.get("CONTENT_TYPE", ""):
        form = parse_qs(_body(environ).decode())
    scope = re.search(r"Credential=[^/]+/\d+/([^/]+)/([^/]+)/", environ.get("HTTP_AUTHORIZATION", ""))
    return {
        "service": scope[2] if scope else "",
        "region": scope[1] if scope else "",
        "target": environ.get("HTTP_X_AMZ_TARGET", ""),
        "action": form.get("Action", [""])[0],
        "version": form.get("Version", [""])[0],
        "method": environ["REQUEST_METHOD"],
        "path": environ.get("RAW_URI", environ["PATH_INFO"]).partition("?")[0],
        "query": environ.get("QUERY_STRING", ""),
    }


def serve(delay: float = 0.0) -> None:
    """Serve until killed; the ports, the second with faults, are printed."""
    from moto.moto_server.werkzeug_app import DomainDispatcherApplication, create_backend_app
    from werkzeug.serving import WSGIRequestHandler, make_server

    class Handler(WSGIRequestHandler):
        protocol_version = "HTTP/1.1"  # connections are kept, as AWS does

        def log_request(self, *_: Any) -> None:
            """Quietly."""

    application = Observed(DomainDispatcherApplication(create_backend_app), delay)
    servers = [
        make_server("127.0.0.1", 0, one, threaded=True, request_handler=Handler)
        for one in (application, Faulty(application))
    ]
    print(*(server.server_port for server in servers), flush=True)
    threading.Thread(target=servers[1].serve_forever, daemon=True).start()
    servers[0].serve_forever()


# --- from outside ---------------------------------------------------------------------------------------------------


class Server:
    """A server that runs elsewhere.

    Attributes:
        url: where it is asked.
        faulty: where it is asked over a bad network.
    """

    def __init__(self, *ports: str) -> None:
        self.url, self.faulty = (f"http://localhost:{port}" for port in ports)

    @property
    def environment(self) -> dict[str, str]:
        """What makes AWS's tools and `auditor` ask this server and nobody else."""
        return {
            "AWS_ENDPOINT_URL": self.url,
            "AWS_ACCESS_KEY_ID": "testing",
            "AWS_SECRET_ACCESS_KEY": "testing",
            "AWS_DEFAULT_REGION": "us-east-1",
            "AWS_EC2_METADATA_DISABLED": "true",
            "AWS_DISABLE_HOST_PREFIX_INJECTION": "true",
            "AWS_CONFIG_FILE": os.devnull,
            "AWS_SHARED_CREDENTIALS_FILE": os.devnull,
        }

    def seen(self) -> Counter[tuple[str, str]]:
        """What it was asked since this was last called: `service:Operation` and region, as requests are signed for."""
        with urllib.request.urlopen(self.url + SEEN) as answer:  # noqa: S310 - our own server
            return Counter((operation_of(request), request["region"]) for request in json.load(answer))


def resolve(host: Any, *rest: Any, _resolve: Any = socket.getaddrinfo, **settings: Any) -> Any:
    """`socket.getaddrinfo` that finds names below `localhost`, such as a bucket's, as RFC 6761 has it."""
    here = isinstance(host, str) and f".{host}".endswith(".localhost")
    return _resolve("127.0.0.1" if here else host, *rest, **settings)


@contextmanager
def served(delay: float = 0.0) -> Iterator[Server]:
    """A server with an empty account, until the block ends."""
    environment = {name: value for name, value in os.environ.items() if not name.startswith(("AWS_", "MOTO_"))}
    process = subprocess.Popen(
        [sys.executable, "-m", "tests.sources.account.server", str(delay)],
        cwd=ROOT,
        env={**environment, "MOTO_EC2_LOAD_DEFAULT_AMIS": "false", "MOTO_IAM_LOAD_MANAGED_POLICIES": "false"},
        stdout=subprocess.PIPE,
        stderr=subprocess.DEVNULL,
        text=True,
    )
    assert process.stdout is not None
    try:
        yield Server(*process.stdout.readline().split())
    finally:
        process.kill()
        process.wait()
        process.stdout.close()


# --- which operation a request is -----------------------------------------------------------------------------------


def operation_of(request: dict[str, str]) -> str:
    """The operation, as botocore's models tell it; what they don't tell is given as it came, in brackets."""
    services = _by_signing_name().get(request["service"], [])
    asked = request["action"] or request["target"].rpartition(".")[2]
    for model in services:
        prefix, version = model.metadata.get("targetPrefix"), model.api_version
        same = request["version"] in ("", version) and request["target"].rpartition(".")[0] in ("", prefix)
        if asked in model.operation_names and same:
            return f"{model.service_name}:{asked}"
    if not asked:
        found = [fit for model in services for fit in _fitting(model, request)]
        if found:
            return max(found)[1]
    return f"[{request['service']} {request['method']} {request['path']} {asked}]"


def _fitting(model: Any, request: dict[str, str]) -> Iterator[tuple[tuple[int, int, bool, bool], str]]:
    """Operations of a REST API that the request may be, each with how exactly it fits.

    Of two that look the same, the one that is not deprecated (GetBucketLifecycle is), and that is signed so
    (ListDirectoryBuckets as `s3express`).
    """
    given = set(re.findall(r"(?:^|&)([^=&]+)", request["query"]))
    for operation in model.operation_names:
        method, path, literals, needed = _route(model, operation)
        if method == request["method"] and path.fullmatch(request["path"]) and literals | needed <= given:
            described = model.operation_model(operation)
            express = any(one.name == "UseS3ExpressControlEndpoint" for one in described.static_context_parameters)
            signed = express == (request["service"] == "s3express")
            fit = len(literals | needed), len(path.pattern), not described.deprecated, signed
            yield fit, f"{model.service_name}:{operation}"


@cache
def _route(model: Any, operation: str) -> tuple[str, re.Pattern[str], frozenset[str], frozenset[str]]:
    """Method, path, and the query's names that the operation always has, by its address and by its parameters."""
    shape = model.operation_model(operation)
    path, _, query = shape.http["requestUri"].partition("?")
    parts = re.split(r"(\{[^}]+\})", path)
    pattern = "".join(
        (".+" if part.endswith("+}") else "[^/]+") if part.startswith("{") else re.escape(part) for part in parts
    )
    if model.service_name == "s3":
        pattern = pattern.rstrip("/") + "/?"
    literals = frozenset(re.findall(r"(?:^|&)([^=&]+)", query))
    members = shape.input_shape.members if shape.input_shape else {}
    needed = frozenset(
        member.serialization.get("name", name)
        for name, member in members.items()
        if member.serialization.get("location") == "querystring" and name in shape.input_shape.required_members
    )
    return shape.http["method"], re.compile(pattern), literals, needed


@cache
def _by_signing_name() -> dict[str, list[Any]]:
    """The models of the services that some collector declares, by the name that requests are signed with."""
    import botocore.session

    from auditor.sources.account.collector import load_collectors
    from auditor.sources.account.guard import CORE_OPERATIONS

    session = botocore.session.get_session()
    declared = CORE_OPERATIONS.union(*(one.declared for one in load_collectors()))
    models: dict[str, list[Any]] = {}
    for service in sorted({operation.partition(":")[0] for operation in declared}):
        model = session.get_service_model(service)
        models.setdefault(model.signing_name, []).append(model)
    models["s3express"] = models["s3"]
    return models


if __name__ == "__main__":
    serve(*map(float, sys.argv[1:]))
