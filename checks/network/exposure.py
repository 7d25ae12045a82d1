"""Instances that the internet reaches on a port that is not for it, hop by hop."""

from auditor import CRITICAL, Findings, Inventory, check
from auditor.reachability import USES, exposure
from auditor.resources.ec2 import Instance

ADMIN_PORTS = {
    22: "SSH",
    3389: "RDP",
    23: "Telnet",
    20: "FTP",
    21: "FTP",
    88: "Kerberos",
    389: "LDAP",
    445: "SMB",
    464: "Kerberos",
    636: "LDAP",
    749: "Kerberos",
}
"""The port of each way to administer a machine or a network, those that are tried most first."""

DATA_PORTS = {
    1433: "SQL Server",
    1521: "Oracle",
    2483: "Oracle",
    2484: "Oracle",
    3306: "MySQL",
    5432: "PostgreSQL",
    5439: "Redshift",
    5601: "Kibana",
    6379: "Redis",
    7000: "Cassandra",
    7001: "Cassandra",
    7199: "Cassandra",
    8182: "Neptune",
    9042: "Cassandra",
    9092: "Kafka",
    9094: "Kafka",
    9160: "Cassandra",
    9200: "Elasticsearch",
    9300: "Elasticsearch",
    11211: "Memcached",
    27017: "MongoDB",
    27018: "MongoDB",
    27019: "MongoDB",
}
"""The port that each database, cache, search engine or message broker listens on unless told otherwise."""

_NETWORK = """
        Resources:
          Net: {Type: AWS::EC2::VPC, Properties: {CidrBlock: 10.0.0.0/16}}
          Gateway: {Type: AWS::EC2::InternetGateway}
          Table: {Type: AWS::EC2::RouteTable, Properties: {VpcId: !Ref Net}}
          Default:
            Type: AWS::EC2::Route
            Properties: {RouteTableId: !Ref Table, DestinationCidrBlock: 0.0.0.0/0, GatewayId: !Ref Gateway}
          Public: {Type: AWS::EC2::Subnet, Properties: {VpcId: !Ref Net, MapPublicIpOnLaunch: true}}
          PublicTable:
            Type: AWS::EC2::SubnetRouteTableAssociation
            Properties: {SubnetId: !Ref Public, RouteTableId: !Ref Table}
          Trainer: {Type: AWS::EC2::Instance, Properties: {SubnetId: !Ref Public, SecurityGroupIds: [!Ref Group]}}
          Group:
            Type: AWS::EC2::SecurityGroup
            Properties:
              VpcId: !Ref Net
              SecurityGroupIngress: [{IpProtocol: tcp, FromPort: %d, ToPort: %d, %s}]
"""
_ACL = """          Acl: {Type: AWS::EC2::NetworkAcl, Properties: {VpcId: !Ref Net}}
          AclIn:
            Type: AWS::EC2::NetworkAclEntry
            Properties: {NetworkAclId: !Ref Acl, RuleNumber: 1, Protocol: 6, RuleAction: allow, CidrBlock: 10.0.0.0/8,
              PortRange: {From: 0, To: 65535}}
          AclUse:
            Type: AWS::EC2::SubnetNetworkAclAssociation
            Properties: {SubnetId: !Ref Public, NetworkAclId: !Ref Acl}
"""


def _reached(instance: Instance, ports: dict[int, str], inventory: Inventory) -> Findings:
    found = exposure(instance, ports, inventory)
    if found:
        names = f"{ports[found.port]} (port {found.port})"
        way = ", ".join(hop.title for hop in found.hops)
        yield instance.fail(f"can be reached from the internet on {names} by way of {way}", hops=found.hops)


@check(
    "ec2-instance-admin-port-exposed",
    title="No instance can be reached from the internet on SSH, RDP, Telnet, FTP, SMB, Kerberos or LDAP",
    severity=CRITICAL,
    uses=USES,
    bad=(_NETWORK % (22, 22, "CidrIp: 0.0.0.0/0"), _NETWORK % (0, 4000, "CidrIp: 0.0.0.0/1")),
    good=(
        _NETWORK % (22, 22, "CidrIp: 10.0.0.0/8"),
        _NETWORK % (443, 443, "CidrIp: 0.0.0.0/0"),
        _NETWORK % (22, 22, "CidrIp: 0.0.0.0/0") + _ACL,
    ),
)
def instance_admin_port_exposed(instance: Instance, inventory: Inventory) -> Findings:
    """Passwords and keys are tried on such a port day and night; one that fits gives the machine and its role away.

    Fix: admit the port only from your own addresses, or take the public address away, and come in through Session
    Manager; the path of the finding says which security group or listener to change.
    """
    yield from _reached(instance, ADMIN_PORTS, inventory)


@check(
    "ec2-instance-data-port-exposed",
    title="No instance can be reached from the internet on database, cache, search or Kafka ports",
    severity=CRITICAL,
    uses=USES,
    bad=(_NETWORK % (5432, 5432, "CidrIp: 0.0.0.0/0"), _NETWORK % (9000, 9300, "CidrIp: 128.0.0.0/1")),
    good=(
        _NETWORK % (5432, 5432, "SourceSecurityGroupId: sg-1"),
        _NETWORK % (22, 22, "CidrIp: 0.0.0.0/0"),
        _NETWORK % (6379, 6379, "CidrIp: 0.0.0.0/0") + _ACL,
    ),
)
def instance_data_port_exposed(instance: Instance, inventory: Inventory) -> Findings:
    """Data stores that the internet reaches are found within hours, and copied or deleted; many ask for no password.

    Fix: admit the port only from the security group of its clients, and move the instance to a private subnet; the
    path of the finding says which security group or listener to change.
    """
    yield from _reached(instance, DATA_PORTS, inventory)
