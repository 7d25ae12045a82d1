"""Security Hub."""

from typing import Annotated

from auditor.resources.base import Resource
from auditor.resources.fields import From


class Hub(Resource, cfn="AWS::SecurityHub::Hub", tf="aws_securityhub_account"):
    """Security Hub in a region; live, `Standard` says which standards are enabled."""

    enable_default_standards: Annotated[bool, From(live=None)] = True


class Standard(Resource, cfn="AWS::SecurityHub::Standard", tf="aws_securityhub_standards_subscription"):
    """A security standard that is enabled in a region."""

    standards_arn: str


class DelegatedAdmin(Resource, cfn="AWS::SecurityHub::DelegatedAdmin", tf="aws_securityhub_organization_admin_account"):
    """The account that manages Security Hub for the organization; live, only its management account is told."""

    admin_account_id: str
