"""IAM Access Analyzer."""

from typing import Annotated

from auditor.resources.base import Resource
from auditor.resources.fields import NOWHERE, From


class Analyzer(Resource, cfn="AWS::AccessAnalyzer::Analyzer", tf="aws_accessanalyzer_analyzer"):
    """An analyzer of a region (external access) or of the account (unused access)."""

    type: Annotated[str, From(tf="type")] = "ACCOUNT"
    status: Annotated[str, From(cfn=NOWHERE, tf=NOWHERE)] = "ACTIVE"


class AnalyzerFinding(Resource, cfn="api:AccessAnalyzer::Finding"):
    """An active finding about a resource of this account.

    `resource` is that resource's ARN, which is one of the finding's names too.
    """

    finding_type: str
    resource: str | None = None
    resource_type: str | None = None
