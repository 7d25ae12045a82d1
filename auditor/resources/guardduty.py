"""GuardDuty: detectors, what they found, and who manages them."""

from typing import Annotated, Literal

from auditor.resources.base import Resource, Struct
from auditor.resources.fields import NOWHERE, From, Part


class Feature(Struct):
    """A protection plan, such as S3_DATA_EVENTS, EKS_AUDIT_LOGS or RUNTIME_MONITORING."""

    name: str
    status: Literal["ENABLED", "DISABLED"]


class Detector(Resource, cfn="AWS::GuardDuty::Detector", tf="aws_guardduty_detector"):
    """GuardDuty in a region."""

    enable: bool = True
    features: Annotated[
        tuple[Feature, ...], From(tf=NOWHERE), Part("aws_guardduty_detector_feature", by="detector_id")
    ] = ()


class Finding(Resource, cfn="api:GuardDuty::Finding"):
    """A finding of high severity (7.0 or more) that nobody archived."""

    severity: float
    type: str


class Administrator(Struct):
    """The account that manages this one's GuardDuty."""

    account_id: str


class Administration(Resource, cfn="api:GuardDuty::Administration"):
    """Who manages a detector.

    Only the organization's GuardDuty administrator is told `auto_enable_organization_members`, it is None elsewhere.
    """

    administrator: Administrator | None = None
    auto_enable_organization_members: Annotated[str | None, From(live="Organization.AutoEnableOrganizationMembers")] = (
        None
    )
