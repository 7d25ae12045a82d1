"""Lambda: functions, their policies, URLs and asynchronous calls."""

from __future__ import annotations

from collections.abc import Callable, Iterator, Mapping
from typing import Any

from auditor.raw import Raw
from auditor.sources.account.collector import Api, collector
from auditor.sources.account.regular import Call, Listing, regular
from auditor.sources.account.services.tagging import TAGS_OPERATION, tags_by_arn, tags_of
from auditor.values import ABSENT, Unknown

_FUNCTIONS = Listing("ListFunctions", "Functions", shared=True)
_GONE = ("ResourceNotFoundException",)


def _only(*names: str) -> Callable[[dict[str, Any]], Mapping[str, Any]]:
    """Keeps some properties: what the list says of the function itself belongs to the function."""
    return lambda properties: {name: properties[name] for name in names if name in properties}


@collector(
    "lambda",
    types=("AWS::Lambda::Function",),
    operations=("ListFunctions",),
    details={
        "GetFunctionConcurrency": ("ReservedConcurrentExecutions",),
        "ListCodeSigningConfigs": ("CodeSigningConfigArn",),
        "ListFunctionsByCodeSigningConfig": ("CodeSigningConfigArn",),
        TAGS_OPERATION: ("Tags",),
    },
)
def functions(api: Api) -> Iterator[Raw]:
    """Every function; whether code must be signed is asked by configuration, as accounts have few of them."""
    signing: Callable[[str], Any] | None = None
    tags: dict[str, Any] | Unknown = {}

    def limited(function: Mapping[str, Any]) -> tuple[Mapping[str, Any], Any]:
        name = function["FunctionName"]
        return function, api.ask(
            "GetFunctionConcurrency", "ReservedConcurrentExecutions", gone=_GONE, FunctionName=name
        )

    for function, concurrency in api.each(limited, api.pages(_FUNCTIONS.operation, _FUNCTIONS.key, shared=True)):
        if concurrency is None:
            continue
        if signing is None:
            signing, tags = _signing(api), tags_by_arn(api, "lambda:function")
        arn, name = function["FunctionArn"], function["FunctionName"]
        properties = {
            **function,
            **_environment(function),
            "ReservedConcurrentExecutions": concurrency,
            "CodeSigningConfigArn": signing(arn),
            "Layers": [layer["Arn"] for layer in function.get("Layers", ())],
            "Tags": tags_of(tags, arn),
        }
        yield api.raw("AWS::Lambda::Function", arn, properties, names=(name,), title=name)


def _environment(function: Mapping[str, Any]) -> dict[str, Any]:
    """Variables that Lambda could not decrypt for who asks: it tells an error in their place, as if there were none."""
    error = function.get("Environment", {}).get("Error")
    if not error:
        return {}
    code = error.get("ErrorCode", "no reason given")
    return {"Environment": {"Variables": Unknown(f"its variables could not be decrypted to be read ({code})")}}


def _signing(api: Api) -> Callable[[str], Any]:
    """Tells the code signing configuration of a function by its ARN."""
    signed: dict[str, str] = {}
    other: Any = ABSENT
    configs = api.ask_all(
        "ListCodeSigningConfigs", "CodeSigningConfigs[].CodeSigningConfigArn", resource="code signing configurations"
    )
    if isinstance(configs, Unknown):
        return lambda _: configs
    for config in configs:
        found = api.ask_all("ListFunctionsByCodeSigningConfig", "FunctionArns", gone=_GONE, CodeSigningConfigArn=config)
        if isinstance(found, Unknown):
            other = found
        else:
            signed.update(dict.fromkeys(found or (), config))
    return lambda arn: signed.get(arn, other)


regular(
    "lambda",
    "AWS::Lambda::ResourcePolicy",
    _FUNCTIONS,
    # Lambda does not tell a function without a policy from one that was deleted: either way there is none.
    describe=Call(
        "GetPolicy", "{PolicyDocument: Policy}", {"FunctionName": "{FunctionName}"}, gone=_GONE, decides=True
    ),
    reshape=_only("FunctionArn", "PolicyDocument"),
    arn="{FunctionArn}",
    title="the policy of {FunctionName}",
)

regular(
    "lambda",
    "AWS::Lambda::EventInvokeConfig",
    _FUNCTIONS,
    describe=Call(
        "GetFunctionEventInvokeConfig",
        "{DestinationConfig: DestinationConfig}",
        {"FunctionName": "{FunctionName}"},
        gone=_GONE,
        decides=True,
    ),
    reshape=_only("FunctionArn", "DestinationConfig"),
    arn="{FunctionArn}",
    title="asynchronous calls of {FunctionName}",
)

regular(
    "lambda",
    "AWS::Lambda::Url",
    Listing(
        "ListFunctionUrlConfigs",
        "FunctionUrlConfigs",
        {"FunctionName": "{FunctionName}"},
        within=_FUNCTIONS,
        gone=_GONE,
    ),
    arn="{FunctionArn}",
    title="{FunctionUrl}",
)
