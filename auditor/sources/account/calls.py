"""Calls to AWS: clients made once each, pages followed, failures turned into gaps, calls counted."""

from __future__ import annotations

import re
import threading
from collections import Counter, defaultdict
from collections.abc import Collection, Iterator, Mapping, Sequence
from concurrent.futures import ThreadPoolExecutor
from dataclasses import dataclass, field
from functools import partial
from typing import Any

import jmespath
from botocore import exceptions, xform_name
from botocore.parsers import ResponseParserError

from auditor.raw import Gap
from auditor.sources.account.failures import CallFailed, Halt
from auditor.sources.account.pace import Pace
from auditor.sources.account.session import client_config

# No answer, or one that cannot be read. What else botocore raises (a wrong parameter, say) is a bug of ours.
_NO_ANSWER = (
    exceptions.ChecksumError,
    exceptions.ConnectionError,
    exceptions.CredentialRetrievalError,
    exceptions.EndpointProviderError,
    exceptions.HTTPClientError,
    exceptions.IncompleteReadError,
    exceptions.LoginError,
    exceptions.MetadataRetrievalError,
    exceptions.NoCredentialsError,
    exceptions.PaginationError,
    exceptions.SSOError,
    exceptions.TokenRetrievalError,
    exceptions.UnknownEndpointError,
    ResponseParserError,
)

EXPIRED = frozenset({"ExpiredToken", "ExpiredTokenException", "RequestExpired", "TokenRefreshRequired"})
"""Error codes of credentials that were good once: from here on every call would fail."""

# How pages go on where botocore has no paginator: the response's member, the parameter it goes into.
_TOKENS = (
    ("NextToken", "NextToken"),
    ("nextToken", "nextToken"),
    ("Marker", "Marker"),
    ("NextMarker", "Marker"),
    ("NextPageToken", "NextPageToken"),
    ("NextContinuationToken", "ContinuationToken"),
)

# Where the next page begins after the last name of this one: whether there is more, that name, the parameter.
_AFTER_LAST = {
    "firehose:ListDeliveryStreams": (
        "HasMoreDeliveryStreams",
        "DeliveryStreamNames[-1]",
        "ExclusiveStartDeliveryStreamName",
    ),
    "kinesisanalytics:ListApplications": (
        "HasMoreApplications",
        "ApplicationSummaries[-1].ApplicationName",
        "ExclusiveStartApplicationName",
    ),
}

# The largest page where botocore's model does not tell it, from the API references. Without a size, ListQueues ends
# after a thousand queues as if that were all, and ListServices gives ten at a time.
_PAGE_SIZES = {"ecs:ListServices": 100, "resourcegroupstaggingapi:GetResources": 100, "sqs:ListQueues": 1_000}
_SIZE_PARAMETERS = ("MaxResults", "maxResults", "Limit", "limit", "MaxRecords", "MaxItems")

_REQUEST_IDS = re.compile(r"\s*\([^()]*request ?id[^()]*\)|[\s,;]*request ?id\W+[\w-]+", re.I)
_ENCODED = re.compile(r"\s*Encoded authorization failure message:.*", re.S)


@dataclass(slots=True)
class _Kept:
    """The answer to a question that several collectors have; the lock makes them wait for the first who asks."""

    lock: threading.Lock = field(default_factory=threading.Lock)
    items: tuple[Any, ...] | None = None
    failed: Gap | None = None


class Calls:
    """One account's clients, safe to use from many threads.

    Attributes:
        counts: calls made so far by `service:Operation`; a retry is not counted again.
    """

    def __init__(self, session: Any, halt: Halt, *, connections: int = 10, rate: float | None = None) -> None:
        """Make no call yet.

        Args:
            session: a guarded `boto3.Session`.
            halt: stops all calls.
            connections: how many may run at once.
            rate: the most requests a second to one service in one region.
        """
        self.counts: Counter[str] = Counter()
        self.account: str | None = None
        self._session = session
        self._halt = halt
        self._rate = rate
        self._config = client_config(connections)
        self._clients: dict[tuple[str, str], Any] = {}
        # boto3 sessions are not thread-safe; and what reading a model takes for a moment is kept for reuse by thread:
        # with 50 ms a call, when each of many threads reads some, half as much memory again.
        self._maker = ThreadPoolExecutor(1, thread_name_prefix="auditor-client")
        self._kept: defaultdict[tuple[str, ...], _Kept] = defaultdict(_Kept)
        self._lock = threading.Lock()

    def client(self, service: str, region: str) -> Any:
        """The client of a service and region; making one costs 10 ms of CPU, the first of a service up to 130."""
        return self._clients.get((service, region)) or self._maker.submit(self._made, service, region).result()

    def offered(self, service: str, region: str, partition: str) -> bool:
        """Whether AWS offers the service in the region, as far as botocore's own list tells."""
        known = self._maker.submit(self._session.get_available_regions, service, partition_name=partition)
        regions = known.result()
        return not regions or region in regions

    def call(
        self,
        service: str,
        region: str,
        operation: str,
        key: str | None,
        params: Mapping[str, Any],
        pascal: bool = False,
    ) -> Any:
        """One call; what `key` (JMESPath) finds in the response, None where it finds nothing.

        With `pascal`, the names of the response's members begin with a capital.

        Raises:
            CallFailed: no answer, or an error.
        """
        response = self._one(service, region, operation, params)
        response.pop("ResponseMetadata", None)
        if pascal:
            response = _capitalised(response, self._answer(service, region, operation))
        if key is None:
            return response
        return jmespath.search(key, response)

    def pages(
        self, service: str, region: str, operation: str, key: str, params: Mapping[str, Any], pascal: bool = False
    ) -> Iterator[Any]:
        """Every item that `key` (JMESPath) finds in every page; `pascal` as in `call`.

        Raises:
            CallFailed: a page did not come.
        """
        client = self.client(service, region)
        paged = client.can_paginate(xform_name(operation))
        responses = (self._paginated if paged else self._followed)(client, service, region, operation, params)
        for response in responses:
            if pascal:
                response = _capitalised(response, self._answer(service, region, operation))
            found = jmespath.search(key, response)
            if isinstance(found, list):
                yield from found
            elif found is not None:
                yield found

    def pages_once(
        self, service: str, region: str, operation: str, key: str, params: Mapping[str, Any], pascal: bool = False
    ) -> Sequence[Any]:
        """As `pages`, but all at once and asked only the first time.

        Raises:
            CallFailed: a page did not come, now or when it was asked first.
        """
        question = (service, region, operation, key, repr(sorted(params.items())), str(pascal))
        with self._lock:
            kept = self._kept[question]
        with kept.lock:
            if kept.failed:
                raise CallFailed(kept.failed)
            if kept.items is None:
                try:
                    kept.items = tuple(self.pages(service, region, operation, key, params, pascal))
                except CallFailed as failed:
                    kept.failed = failed.gap
                    raise
            return kept.items

    # --- how --------------------------------------------------------------------------------------------------------

    def _made(self, service: str, region: str) -> Any:
        client = self._clients.get((service, region))
        if client is None:
            client = self._session.client(service, region_name=region, config=self._config)
            client.meta.events.register("before-call", self._on_call)
            pace = Pace(self._halt, self._rate)
            client.meta.events.register("before-send", partial(_on_send, pace))
            client.meta.events.register("needs-retry", partial(_on_answer, pace))
            self._clients[service, region] = client
        return client

    def _answer(self, service: str, region: str, operation: str) -> Any:
        """The shape of an operation's response."""
        return self.client(service, region).meta.service_model.operation_model(operation).output_shape

    def _one(self, service: str, region: str, operation: str, params: Mapping[str, Any]) -> Any:
        client = self.client(service, region)
        try:
            return getattr(client, xform_name(operation))(**params)
        except (exceptions.ClientError, *_NO_ANSWER) as error:
            raise self._failed(service, region, operation, error) from error

    def _paginated(
        self, client: Any, service: str, region: str, operation: str, params: Mapping[str, Any]
    ) -> Iterator[Any]:
        paginator = client.get_paginator(xform_name(operation))
        given = paginator._pagination_cfg.get("limit_key")
        size = _largest_page(client, service, operation, params, (given,) if given else ())
        pages = iter(paginator.paginate(**params, PaginationConfig={"PageSize": size.get(given)}))
        while True:
            try:
                page = next(pages, None)
            except (exceptions.ClientError, *_NO_ANSWER) as error:
                raise self._failed(service, region, operation, error) from error
            if page is None:
                return
            yield page

    def _followed(
        self, client: Any, service: str, region: str, operation: str, params: Mapping[str, Any]
    ) -> Iterator[Any]:
        accepted = client.meta.service_model.operation_model(operation).input_shape
        tokens = [pair for pair in _TOKENS if accepted is not None and pair[1] in accepted.members]
        after_last = _AFTER_LAST.get(f"{service}:{operation}")
        params = {**params, **_largest_page(client, service, operation, params, _SIZE_PARAMETERS)}
        while True:
            response = self._one(service, region, operation, params)
            yield response
            following = next(((given, response[name]) for name, given in tokens if response.get(name)), None)
            if after_last and response.get(after_last[0]):
                following = after_last[2], jmespath.search(after_last[1], response)
            if following is None or params.get(following[0]) == following[1]:  # the same page again: it would not end
                return
            params[following[0]] = following[1]

    def _failed(self, service: str, region: str, operation: str, error: Exception) -> CallFailed:
        if isinstance(error, exceptions.ClientError):
            answer = error.response.get("Error", {})
            code, message = str(answer.get("Code") or "Unknown"), str(answer.get("Message") or "")
        else:
            code, message = type(error).__name__, str(error)
        if code in EXPIRED:
            self._halt.stop("the credentials expired")
        return CallFailed(Gap(service, operation, code, plain(message), self.account, region))

    def _on_call(self, model: Any, **_: Any) -> None:
        self._halt.check()
        with self._lock:
            self.counts[f"{model.service_model.service_name}:{model.name}"] += 1


def _on_send(pace: Pace, **_: Any) -> None:
    """Before every attempt, so that no retry outlives a stopped scan."""
    pace.wait()


def _on_answer(pace: Pace, response: Any = None, **_: Any) -> None:
    """After every attempt; a request that was not answered has no response."""
    if response is not None and response[0].status_code >= 400:
        pace.hold(response[0].headers.get("Retry-After"))


def plain(message: str) -> str:
    """AWS's words without request ids and encoded blobs, which differ with every call and tell nobody anything."""
    return _REQUEST_IDS.sub("", _ENCODED.sub("", message)).strip()


def _capitalised(value: Any, shape: Any) -> Any:
    """A response whose members begin with a capital; the keys of maps, which are data, stay as they are."""
    kind = shape.type_name if shape is not None else None
    if kind == "structure" and isinstance(value, dict) and not getattr(shape, "is_document_type", False):
        return {name[:1].upper() + name[1:]: _capitalised(one, shape.members.get(name)) for name, one in value.items()}
    if kind == "list" and isinstance(value, list):
        return [_capitalised(one, shape.member) for one in value]
    if kind == "map" and isinstance(value, dict):
        return {name: _capitalised(one, shape.value) for name, one in value.items()}
    return value


def _largest_page(
    client: Any, service: str, operation: str, params: Mapping[str, Any], sizes: Collection[str]
) -> dict[str, int]:
    """The parameter, one of `sizes`, that asks for as many items a page as the API allows, where there is one.

    SageMaker's default of ten costs ten times the calls. EC2 is left alone: it gives a thousand by itself, and refuses
    a page size beside ids.
    """
    shape = client.meta.service_model.operation_model(operation).input_shape
    if service == "ec2" or shape is None:
        return {}
    for name in sizes:
        if name in shape.members and name not in params:
            most = _PAGE_SIZES.get(f"{service}:{operation}") or shape.members[name].metadata.get("max")
            return {name: int(most)} if most else {}
    return {}
