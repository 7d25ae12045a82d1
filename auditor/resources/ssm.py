"""Systems Manager: which instances it manages."""

from auditor.resources.base import Resource, Struct


class Compliance(Struct):
    """Whether an instance complies with one kind of rule: `Patch`, `Association` or a kind of one's own."""

    compliance_type: str
    status: str


class ManagedInstance(Resource, cfn="api:SSM::ManagedInstance"):
    """An instance with an agent that answers or did so (SSM DescribeInstanceInformation)."""

    instance_id: str
    ping_status: str
    compliance: tuple[Compliance, ...] = ()
