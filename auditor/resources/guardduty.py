"""GuardDuty: detectors, what they found, and who manages them."""

from typing import Annotated, Literal

from auditor.members import known_first
from auditor.resources.base import Resource, Struct
from auditor.resources.fields import NOWHERE, From, Part
from auditor.values import Undecided


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
    # What templates wrote before there were features; GetDetector tells features.
    s3_logs: Annotated[
        bool | None, From(cfn="DataSources.S3Logs.Enable", tf="datasources.s3_logs.enable", live=NOWHERE)
    ] = None

    @property
    def protects_s3(self) -> bool:
        """Whether S3 Protection is on; a new detector has it unless told otherwise (GuardDuty CreateDetector)."""
        for feature in known_first(self.features, lambda one: one if one.name == "S3_DATA_EVENTS" else None):
            return feature.status == "ENABLED"
        if self.raw.dialect == "live":
            raise Undecided("GetDetector does not say whether S3 Protection is on")
        return self.s3_logs is not False


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
