"""AWS Organizations."""

from typing import Annotated, Any

from auditor.resources.base import Resource
from auditor.resources.fields import From


class Organization(Resource, cfn="api:Organizations::Organization", tf="aws_organizations_organization"):
    """The organization that the account belongs to."""

    management_account: Annotated[str, From(tf="master_account_id", live="MasterAccountId")]
    feature_set: str = "ALL"


class OrganizationPolicy(Resource, cfn="AWS::Organizations::Policy", tf="aws_organizations_policy"):
    """A policy of the organization; live, those about AI services, which only its management account is told."""

    type: Annotated[str, From(tf="type")] = "SERVICE_CONTROL_POLICY"
    content: Annotated[Any, From(live="PolicyContent")]


class EffectivePolicy(Resource, cfn="api:Organizations::EffectivePolicy"):
    """The policies about AI services that hold for the account, put together; JSON."""

    policy_content: str
