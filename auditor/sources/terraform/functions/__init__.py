"""Terraform's functions: those that give the same for the same arguments, and read nothing but the configuration.

See https://developer.hashicorp.com/terraform/language/functions, and https://opentofu.org/docs/language/functions for
the few that only OpenTofu has. What another function gives is unknown, by its name.
"""

from __future__ import annotations

from typing import TYPE_CHECKING, Any, Final

from auditor.sources.terraform.functions import collections, encoding, files, forms, network, numbers, texts, times
from auditor.sources.terraform.functions.table import Function, applied
from auditor.sources.terraform.syntax import Call
from auditor.sources.terraform.values import BadArgument
from auditor.values import Unknown

if TYPE_CHECKING:
    from auditor.sources.terraform.evaluate import Context

FUNCTIONS: Final[dict[str, Function]] = {
    **collections.FUNCTIONS,
    **encoding.FUNCTIONS,
    **network.FUNCTIONS,
    **numbers.FUNCTIONS,
    **texts.FUNCTIONS,
    **times.FUNCTIONS,
}

NOT_KNOWN: Final = {
    "bcrypt": "gives another text each time",
    "issensitive": "depends on what Terraform takes for a secret",
    "plantimestamp": "gives the time at which Terraform runs",
    "rsadecrypt": "gives a secret, which is not read",
    "timestamp": "gives the time at which Terraform runs",
    "type": "is known only to `terraform console`",
    "uuid": "gives another text each time",
}
"""What those functions give that are not evaluated."""


def call(node: Call, context: Context) -> Any:
    """The value of a call of a function.

    Raises:
        BadArgument: there is no such function, or it can't take these arguments.
    """
    name = node.name.removeprefix("core::")
    form = forms.FORMS.get(name) or files.FORMS.get(name)
    if form:
        return form(node, context)
    function = FUNCTIONS.get(name)
    if function is None:
        if name in NOT_KNOWN:
            return Unknown(f"the function {name} {NOT_KNOWN[name]}")
        if "::" in name:
            return Unknown(f"{name} is a function of a provider, which only Terraform can ask")
        raise BadArgument(f"Terraform has no function {name}")
    arguments = [context.evaluate(argument) for argument in node.arguments]
    return applied(name, function, forms.expanded(arguments, context) if node.expand else arguments, context)
