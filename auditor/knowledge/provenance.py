"""Where a resource was made: by a template or another tool that keeps it in code, or by hand."""

from __future__ import annotations

import re
from typing import Final, Protocol

from auditor.inventory import Inventory
from auditor.members import every, known_first, some
from auditor.resources.base import Resource
from auditor.resources.cloudformation import Stack
from auditor.resources.tags import Tags

# Tags that are there only on what such a tool made: CloudFormation's own, SageMaker Projects', and customary ones.
_MADE_BY: Final = (
    "aws:cloudformation:stack-name",
    "aws:cloudformation:stack-id",
    "sagemaker:project-name",
    "terraform",
    "opentofu",
    "pulumi",
    "pulumi:project",
    "iac",
)
# Tags whose value names the tool, as people use them with Terraform, which sets none by itself.
_NAMES_TOOL: Final = (
    *("managed-by", "managed_by", "managedby", "created-by", "created_by", "createdby", "deployed-by", "deployedby"),
    *("provisioned-by", "provisionedby", "provisioner", "iac-tool", "tool"),
)
_TOOL: Final = re.compile(
    r"terraform|terragrunt|opentofu|\btf\b|pulumi|cdk|cloudformation|\bsam\b|serverless|crossplane|ansible|spacelift"
    r"|github|gitlab|jenkins|codepipeline|codebuild|argo|ci/?cd"
)
_NO: Final = ("", "false", "no", "none", "manual")


class Tagged(Protocol):
    """A resource that has tags."""

    @property
    def tags(self) -> Tags:
        """Its tags."""
        ...


def is_from_code(resource: Resource, tags: Tagged, inventory: Inventory) -> bool:
    """Whether a template or another tool that keeps it in code made a resource.

    What a template declares is in code; a live resource is where a tag says so or a CloudFormation stack has it.

    Args:
        resource: of an account or a template.
        tags: the same resource, as what has tags.
        inventory: to look up stacks (`AWS::CloudFormation::Stack`).

    Raises:
        Undecided: its tags or the stacks are not known.
    """
    if not resource.scope.closed:
        return True
    return not every(lambda: not _says_so(tags.tags), lambda: not _is_of_a_stack(resource, inventory))


def _says_so(tags: Tags) -> bool:
    if (tags.get(*_MADE_BY) or "").strip().lower() not in _NO:
        return True
    return some(_NAMES_TOOL, lambda key: _TOOL.search((tags.get(key) or "").lower()) is not None)


def _is_of_a_stack(resource: Resource, inventory: Inventory) -> bool:
    def has_it(stack: Stack) -> bool:
        return some(
            stack.resources,
            lambda one: one.resource_type == resource.cfn and resource.answers_to(one.physical_resource_id),
        )

    return some(inventory.referring(Stack, _physical_ids, resource), has_it)


def _physical_ids(stack: Stack) -> tuple[str, ...]:
    return known_first(stack.resources, lambda one: one.physical_resource_id)
