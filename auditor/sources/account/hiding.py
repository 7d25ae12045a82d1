"""Secrets in what AWS answers are hidden here, before anything else sees them: by field, whatever the service."""

from __future__ import annotations

import json
from collections.abc import Callable, Mapping
from typing import Any

from auditor.secrets import hidden, looks_like, names_of_words, pair_in, without_secrets


def without_values(properties: Mapping[str, Any]) -> Mapping[str, Any]:
    """A resource's properties without values of environment variables, scripts and credentials.

    The names of variables stay, and of each value what it looks like (`auditor.secrets`). The same object where there
    is nothing to hide.
    """
    changed = {}
    for name, value in properties.items():
        hide = _BY_FIELD.get(name[:1].lower() + name[1:], _within)
        new = hide(value)
        if new is not value:
            changed[name] = new
    return {**properties, **changed} if changed else properties


def _within(value: Any) -> Any:
    if type(value) is dict:
        return without_values(value)
    if type(value) is list:
        return _members(value, _within)
    return value


def _members(values: list[Any], hide: Callable[[Any], Any]) -> list[Any]:
    """A list with its members hidden; the same one where none is."""
    new = [hide(member) for member in values]
    return values if all(map(_same, new, values)) else new


def _same(one: Any, other: Any) -> bool:
    return one is other


def _environment(value: Any) -> Any:
    """Variables as a map or as Name/Value pairs; what holds them under a key of its own is looked into."""
    if isinstance(value, list):
        return [_pair(member) for member in value]
    if isinstance(value, dict) and all(isinstance(member, str) for member in value.values()):
        return {name: hidden(text, name) for name, text in value.items()}
    return _within(value)


def _pair(pair: Any) -> Any:
    """One variable: `{"Name": …, "Value": …}`, or `NAME=value`."""
    if isinstance(pair, str):
        name, equals, text = pair.partition("=")
        return f"{name}={hidden(text, name)}" if equals else hidden(text)
    if not isinstance(pair, dict):
        return pair
    called, holder = pair_in(pair)
    return {
        key: hidden(text, called or "") if key == holder and isinstance(text, str) else text
        for key, text in pair.items()
    }


def _script(value: Any) -> Any:
    """A script, plain or in base64, nothing of which is kept."""
    if isinstance(value, bytes):
        value = value.decode(errors="replace")
    return hidden(value) if isinstance(value, str) else _within(value)


def _arguments(value: Any) -> Any:
    """Arguments by name, most of which are plain settings: only what looks like a secret is hidden."""
    if not isinstance(value, dict):
        return _within(value)
    found = {
        name: hidden(text, name)
        for name, text in value.items()
        if isinstance(text, str) and looks_like(text, name.lstrip("-"))
    }
    return without_values({**value, **found}) if found else without_values(value)


def _words(value: Any) -> Any:
    """A text, or the words of a command, where an option tells what the word after it is."""
    return _document(value) if isinstance(value, str | list) else _within(value)


def _definition(value: Any) -> Any:
    """The definition of a workflow, or what it is given, as a text: only what looks like a secret is hidden."""
    if not isinstance(value, str):
        return _within(value)
    try:
        content = json.loads(value)
    except (ValueError, RecursionError):
        return _document(value)
    kept = _document(content)
    return value if kept is content else json.dumps(kept)


def _document(value: Any, name: str = "") -> Any:
    """A value of any shape with what looks like a secret hidden; the same one where nothing does."""
    if isinstance(value, str):
        kept = without_secrets(value, name)
        return value if kept == value else kept
    if isinstance(value, list):
        named = zip(value, names_of_words(value), strict=True)
        new = [_document(member, option or name) for member, option in named]
        return value if all(map(_same, new, value)) else new
    if not isinstance(value, dict):
        return value
    called, holder = pair_in(value)
    changed = {key: _document(member, called or "" if key == holder else key) for key, member in value.items()}
    return value if all(changed[key] is member for key, member in value.items()) else changed


def _credential(value: Any) -> Any:
    return hidden(value) if isinstance(value, str) else _within(value)


# By the field's name, beginning with a small letter.
_BY_FIELD: Mapping[str, Callable[[Any], Any]] = {
    **dict.fromkeys(
        ("environment", "environmentVariables", "headerParameters", "queryStringParameters", "variables"), _environment
    ),
    **dict.fromkeys(
        ("userData", "content", "studioLifecycleConfigContent", "buildspec", "startupScript"),
        _script,
    ),
    **dict.fromkeys(
        (
            "connectionProperties",
            "airflowConfigurationOptions",
            "defaultArguments",
            "dockerLabels",
            "hyperParameters",
            "nonOverridableArguments",
            "options",
            "parameters",
            "properties",
            "sparkProperties",
            "staticHyperParameters",
        ),
        _arguments,
    ),
    **dict.fromkeys(
        ("args", "arguments", "command", "containerArguments", "containerEntrypoint", "entryPoint", "url"),
        _words,
    ),
    **dict.fromkeys(
        (
            "configurationValues",
            "definition",
            "definitionString",
            "input",
            "inputTemplate",
            "pipelineDefinition",
            "pipelineDefinitionBody",
        ),
        _definition,
    ),
    **dict.fromkeys(
        (
            "accessKey",
            "attributeValue",  # of what Firehose sends with every request to an HTTP endpoint
            "authToken",
            "clientSecret",
            "hECToken",
            "masterUserPassword",
            "password",
            "privateKey",
            "secretAccessKey",
            "secretKey",
            "sessionToken",
        ),
        _credential,
    ),
}
