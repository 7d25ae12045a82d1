"""How EMR clusters encrypt."""

from auditor import MEDIUM, Findings, check
from auditor.resources.emr import Cluster


@check(
    "emr-security-configuration-missing",
    title="EMR clusters have a security configuration",
    severity=MEDIUM,
    bad="AWS::EMR::Cluster: {Name: spark, ReleaseLabel: emr-7.5.0}",
    good="AWS::EMR::Cluster: {Name: spark, ReleaseLabel: emr-7.5.0, SecurityConfiguration: encrypted}",
)
def security_configuration_missing(cluster: Cluster) -> Findings:
    """Without one, neither the disks of the nodes nor what they send each other is encrypted.

    Fix: make a security configuration with encryption at rest and in transit, and name it; this needs a new cluster.
    """
    if not cluster.security_configuration:
        yield cluster.fail("has no security configuration", at="security_configuration")
