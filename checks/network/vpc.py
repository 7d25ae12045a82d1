"""What security groups let in, and how a VPC reaches S3."""

from auditor import CRITICAL, HIGH, MEDIUM, Findings, Inventory, Undecided, check
from auditor.knowledge.workloads import WORKLOADS, group_users
from auditor.members import every, place, sure, those
from auditor.network import span
from auditor.resources.base import Placed
from auditor.resources.vpc import VPC, Ingress, SecurityGroup, Subnet, VPCEndpoint

ML_TOOLS = {
    8888: "Jupyter",
    5000: "MLflow",
    6006: "TensorBoard",
    8265: "Ray",
    10001: "Ray",
    4040: "Spark",
    18080: "Spark history",
    8787: "Dask",
    8080: "Airflow or TorchServe",
    8081: "TorchServe",
    8082: "TorchServe",
    8000: "Triton",
    8001: "Triton",
    8002: "Triton",
    8500: "TensorFlow Serving",
    8501: "TensorFlow Serving",
}
"""The port that each tool listens on unless told otherwise."""


DATABASES = {
    3306: "MySQL",
    5432: "PostgreSQL",
    1433: "SQL Server",
    1521: "Oracle",
    2483: "Oracle",
    2484: "Oracle",
    5439: "Redshift",
    27017: "MongoDB",
    27018: "MongoDB",
    27019: "MongoDB",
    6379: "Redis",
    11211: "Memcached",
    7000: "Cassandra",
    7199: "Cassandra",
    9042: "Cassandra",
    9160: "Cassandra",
    8182: "Neptune",
    9200: "OpenSearch",
    9300: "OpenSearch",
}
"""The port that each database or cache listens on unless told otherwise."""

_TRAINING = """
        Resources:
          Group: {Type: AWS::EC2::SecurityGroup, Properties: %s}
          Lab: {Type: AWS::SageMaker::NotebookInstance, Properties: {SecurityGroupIds: [!Ref Group]}}
        """


def _source(rule: Ingress) -> Placed:
    return place(rule, "cidr_ipv6" if ":" in (rule.anyone or "") else "cidr_ip")


@check(
    "vpc-sg-ingress-ssh",
    title="Security groups do not admit SSH from anywhere",
    severity=HIGH,
    bad=(
        """
        AWS::EC2::SecurityGroup:
          SecurityGroupIngress: [{IpProtocol: tcp, FromPort: 22, ToPort: 22, CidrIp: 0.0.0.0/0}]
        """,
        """
        AWS::EC2::SecurityGroup:
          SecurityGroupIngress: [{IpProtocol: "-1", CidrIpv6: "::/0"}]
        """,
        "AWS::EC2::SecurityGroupIngress: {GroupId: sg-1, IpProtocol: 6, FromPort: 0, ToPort: 1023, CidrIp: 0.0.0.0/1}",
    ),
    good=(
        """
        AWS::EC2::SecurityGroup:
          SecurityGroupIngress: [{IpProtocol: tcp, FromPort: 22, ToPort: 22, CidrIp: 10.0.0.0/8}]
        """,
        """
        AWS::EC2::SecurityGroup:
          SecurityGroupIngress: [{IpProtocol: tcp, FromPort: 443, ToPort: 443, CidrIp: 0.0.0.0/0}]
        """,
    ),
)
def ingress_ssh(group: SecurityGroup) -> Findings:
    """SSH that is open to the internet is tried with stolen and guessed credentials all day long.

    Fix: remove the rule and use Session Manager, or admit only your own address block or the bastion's security group.
    """
    for rule in those(group.ingress, lambda rule: rule.lets_in(22)):
        yield group.fail(f"admits SSH ({span(rule.ports())}) from {rule.anyone}", at=_source(rule))


@check(
    "vpc-sg-ingress-all-ports",
    title="Security groups do not open all ports to anywhere",
    severity=CRITICAL,
    bad=(
        """
        AWS::EC2::SecurityGroup:
          SecurityGroupIngress: [{IpProtocol: -1, CidrIp: 0.0.0.0/0}]
        """,
        """
        AWS::EC2::SecurityGroup:
          SecurityGroupIngress: [{IpProtocol: tcp, FromPort: 0, ToPort: 65535, CidrIpv6: "::/0"}]
        """,
        "AWS::EC2::SecurityGroupIngress: {GroupId: sg, IpProtocol: udp, FromPort: 1, ToPort: 65535, CidrIp: 0.0.0.0/1}",
    ),
    good=(
        """
        AWS::EC2::SecurityGroup:
          SecurityGroupIngress: [{IpProtocol: -1, CidrIp: 10.0.0.0/16}]
        """,
        """
        AWS::EC2::SecurityGroup:
          SecurityGroupIngress:
            - {IpProtocol: tcp, FromPort: 443, ToPort: 443, CidrIp: 0.0.0.0/0}
            - {IpProtocol: icmp, FromPort: -1, ToPort: -1, CidrIp: 0.0.0.0/0}
        """,
    ),
)
def ingress_all_ports(group: SecurityGroup) -> Findings:
    """A rule for all ports exposes every service of every instance behind it, also those nobody thought of.

    Fix: replace the rule by one for each port that must be reached, from the narrowest address block that will do.
    """
    for rule in those(group.ingress, lambda rule: rule.lets_in_all()):
        ports = rule.ports("tcp") or rule.ports("udp")
        yield group.fail(f"opens {span(ports)} to {rule.anyone}", at=_source(rule))


@check(
    "vpc-sg-ingress-ml-tool-ports",
    title="Security groups do not open the ports of Jupyter, MLflow, Ray, Spark and other ML tools to anywhere",
    severity=HIGH,
    bad=(
        """
        AWS::EC2::SecurityGroup:
          SecurityGroupIngress: [{IpProtocol: tcp, FromPort: 8888, ToPort: 8888, CidrIp: 0.0.0.0/0}]
        """,
        'AWS::EC2::SecurityGroupIngress: {GroupId: sg, IpProtocol: tcp, FromPort: 500, ToPort: 6010, CidrIpv6: "::/0"}',
    ),
    good=(
        """
        AWS::EC2::SecurityGroup:
          SecurityGroupIngress: [{IpProtocol: tcp, FromPort: 8888, ToPort: 8888, SourceSecurityGroupId: sg-2}]
        """,
        """
        AWS::EC2::SecurityGroup:
          SecurityGroupIngress: [{IpProtocol: udp, FromPort: 8888, ToPort: 8888, CidrIp: 0.0.0.0/0}]
        """,
    ),
)
def ingress_ml_tool_ports(group: SecurityGroup) -> Findings:
    """ML tools run code or show data for whoever reaches their port: many come without a login, or have it off.

    Fix: admit only the load balancer's, VPN's or bastion's security group; for one's own use, forward the port through
    Session Manager.
    """
    yield from _opened(group, ML_TOOLS, "ML tools")


def _opened(group: SecurityGroup, listeners: dict[int, str], of: str) -> Findings:
    """The rules that open one of these ports to anyone, with what listens there."""
    for rule in those(group.ingress, lambda rule: rule.lets_in(*listeners)):
        opened = [f"{name} ({port})" for port, name in listeners.items() if port in rule.ports()]
        what = " and ".join(opened)
        if len(opened) > 2:
            what = f"{opened[0]}, {opened[1]} and {len(opened) - 2} more ports of {of} ({span(rule.ports())})"
        yield group.fail(f"opens {what} to {rule.anyone}", at=_source(rule))


@check(
    "vpc-sg-ingress-database-ports",
    title="Security groups do not open the ports of databases and caches to anywhere",
    severity=HIGH,
    bad=(
        """
        AWS::EC2::SecurityGroup:
          SecurityGroupIngress: [{IpProtocol: tcp, FromPort: 5432, ToPort: 5432, CidrIp: 0.0.0.0/0}]
        """,
        'AWS::EC2::SecurityGroupIngress: {GroupId: s, IpProtocol: tcp, FromPort: 6000, ToPort: 6500, CidrIpv6: "::/0"}',
    ),
    good=(
        """
        AWS::EC2::SecurityGroup:
          SecurityGroupIngress: [{IpProtocol: tcp, FromPort: 5432, ToPort: 5432, SourceSecurityGroupId: sg-2}]
        """,
        """
        AWS::EC2::SecurityGroup:
          SecurityGroupIngress:
            - {IpProtocol: tcp, FromPort: 3306, ToPort: 3306, CidrIp: 10.0.0.0/8}
            - {IpProtocol: tcp, FromPort: 443, ToPort: 443, CidrIp: 0.0.0.0/0}
        """,
    ),
)
def ingress_database_ports(group: SecurityGroup) -> Findings:
    """A database or cache that anyone can reach is found within hours, and its password tried, or it has none.

    Fix: admit only the security group of the clients; for one's own use, forward the port through Session Manager.
    """
    yield from _opened(group, DATABASES, "databases")


@check(
    "vpc-sg-egress-unrestricted",
    title="Security groups of training and data workloads do not allow all egress",
    severity=MEDIUM,
    uses=WORKLOADS,
    bad=(
        _TRAINING % "{}",
        _TRAINING % "{SecurityGroupEgress: [{IpProtocol: '-1', CidrIp: 0.0.0.0/0}]}",
        _TRAINING % "{SecurityGroupEgress: [{IpProtocol: tcp, FromPort: 0, ToPort: 65535, CidrIpv6: '::/0'}]}",
    ),
    good=(
        _TRAINING % "{SecurityGroupEgress: [{IpProtocol: tcp, FromPort: 443, ToPort: 443, CidrIp: 0.0.0.0/0}]}",
        _TRAINING % "{SecurityGroupEgress: [{IpProtocol: '-1', CidrIp: 10.0.0.0/16}]}",
        _TRAINING
        % "{SecurityGroupEgress: [{IpProtocol: tcp, FromPort: 443, ToPort: 443, DestinationPrefixListId: pl-1}]}",
    ),
)
def egress_unrestricted(group: SecurityGroup, inventory: Inventory) -> Findings:
    """What works on data needs to reach a few services; where all egress is open, so is the way out for the data.

    Fix: allow only HTTPS to the VPC's endpoints (their security group, or the prefix list of S3) and to the databases
    in use. In a template without SecurityGroupEgress, AWS adds a rule that allows everything: write the rules down.
    """
    users = group_users(group, inventory)
    if every(lambda: bool(users), lambda: group.lets_everything_out):
        yield group.fail(f"lets everything out, and {next(iter(users))} uses it", at="egress")
    elif not sure(users, bool):
        raise Undecided("no training or data workload uses it", elsewhere=True)


@check(
    "vpc-s3-gateway-endpoint-missing",
    title="VPCs reach S3 through a gateway endpoint",
    severity=MEDIUM,
    uses=(VPCEndpoint, Subnet),
    bad="""
        Resources:
          Network: {Type: AWS::EC2::VPC, Properties: {CidrBlock: 10.0.0.0/16}}
          ToS3:
            Type: AWS::EC2::VPCEndpoint
            Properties: {VpcId: !Ref Network, ServiceName: !Sub "com.amazonaws.${AWS::Region}.s3"}
        """,
    good="""
        Resources:
          Network: {Type: AWS::EC2::VPC, Properties: {CidrBlock: 10.0.0.0/16}}
          Private: {Type: AWS::EC2::RouteTable, Properties: {VpcId: !Ref Network}}
          ToS3:
            Type: AWS::EC2::VPCEndpoint
            Properties:
              VpcId: !Ref Network
              ServiceName: !Sub "com.amazonaws.${AWS::Region}.s3"
              RouteTableIds: [!Ref Private]
        """,
)
def s3_gateway_endpoint_missing(vpc: VPC, inventory: Inventory) -> Findings:
    """Without a gateway endpoint, training data goes to S3 through a NAT gateway, billed by GB, or the internet.

    Fix: add a VPCEndpoint of type Gateway for S3 with the route tables of the private subnets; it costs nothing.
    """

    def leads_to_s3(endpoint: VPCEndpoint) -> bool:
        gateway = endpoint.vpc_endpoint_type == "Gateway"
        return gateway and vpc.answers_to(endpoint.vpc_id) and endpoint.service.is_for("s3")

    found = sure(inventory.all(VPCEndpoint, near=vpc), leads_to_s3)
    if any(endpoint.route_table_ids for endpoint in found):
        return
    if found:
        at = place(found[0], "route_table_ids")
        yield vpc.fail("has a gateway endpoint for S3 that no route table uses", at=at)
    elif not any(True for _ in those(inventory.all(VPCEndpoint, near=vpc), leads_to_s3)):
        subnets = those(inventory.all(Subnet, near=vpc), lambda subnet: vpc.answers_to(subnet.vpc_id) and subnet.in_use)
        if any(True for _ in subnets):
            yield vpc.fail("has no gateway endpoint for S3")
