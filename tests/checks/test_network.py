"""The network pillar: subnets, routes, endpoints, databases, load balancers, training, on a simulated account."""

from __future__ import annotations

import json
from pathlib import Path
from typing import Any

import pytest

from auditor.config import Config
from tests.support import by_title, judge, statuses, template

ROLE = "arn:aws:iam::123456789012:role/service/SageMaker"
IMAGE = "ami-12c6146b"
ANYONE = [{"CidrIp": "0.0.0.0/0"}]


class Net:
    """A VPC with a public, a private and an isolated subnet, as an account has it."""

    def __init__(self, ec2: Any) -> None:
        self.ec2 = ec2
        self.vpc = ec2.create_vpc(CidrBlock="10.0.0.0/16")["Vpc"]["VpcId"]
        self.gateway = ec2.create_internet_gateway()["InternetGateway"]["InternetGatewayId"]
        ec2.attach_internet_gateway(InternetGatewayId=self.gateway, VpcId=self.vpc)
        self.public = self.subnet("public", 1, "us-east-1a")
        self.private = self.subnet("private", 2, "us-east-1a")
        self.isolated = self.subnet("isolated", 3, "us-east-1b")
        self.table(self.public, self.gateway)

    def subnet(self, name: str, number: int, zone: str) -> str:
        made: str = self.ec2.create_subnet(
            VpcId=self.vpc,
            CidrBlock=f"10.0.{number}.0/24",
            AvailabilityZone=zone,
            TagSpecifications=[tags("subnet", name)],
        )["Subnet"]["SubnetId"]
        return made

    def table(self, subnet: str, gateway: str) -> None:
        table = self.ec2.create_route_table(VpcId=self.vpc)["RouteTable"]["RouteTableId"]
        self.ec2.create_route(RouteTableId=table, DestinationCidrBlock="0.0.0.0/0", GatewayId=gateway)
        self.ec2.associate_route_table(RouteTableId=table, SubnetId=subnet)

    def group(self, name: str, port: int | None = None) -> str:
        made: str = self.ec2.create_security_group(GroupName=name, Description="x", VpcId=self.vpc)["GroupId"]
        if port:
            rule = {"IpProtocol": "tcp", "FromPort": port, "ToPort": port, "IpRanges": ANYONE}
            self.ec2.authorize_security_group_ingress(GroupId=made, IpPermissions=[rule])
        return made


def tags(kind: str, name: str) -> dict[str, Any]:
    return {"ResourceType": kind, "Tags": [{"Key": "Name", "Value": name}]}


@pytest.fixture
def net(aws: Any) -> Net:
    return Net(aws("ec2"))


def of(found: dict[str, str], name: str) -> str | None:
    return next((status for key, status in found.items() if name in key), None)


# --- reachability -----------------------------------------------------------------------------------------------------


@pytest.mark.parametrize(
    ("check", "port"), [("ec2-instance-admin-port-exposed", 22), ("ec2-instance-data-port-exposed", 5432)]
)
def test_exposed_instances_live(check: str, port: int, net: Net, scan: Any, deny: Any) -> None:
    groups = {"bad": net.group("open", port), "good": net.group("closed", 443)}
    made = {}
    for name, group in groups.items():
        interface = {"DeviceIndex": 0, "SubnetId": net.public, "Groups": [group], "AssociatePublicIpAddress": True}
        made[name] = net.ec2.run_instances(
            ImageId=IMAGE, InstanceType="t3.micro", MinCount=1, MaxCount=1, NetworkInterfaces=[interface]
        )["Instances"][0]["InstanceId"]
    verdicts = judge(scan(check), check)
    found = {name: verdict.status.value for name, verdict in verdicts.items()}
    assert {name: of(found, made[name]) for name in made} == {"bad": "fail", "good": "pass"}
    (finding,) = next(verdict.findings for name, verdict in verdicts.items() if made["bad"] in name)
    assert finding.hops[0].title == net.gateway
    assert f"(port {port})" in finding.message
    deny("DescribeNetworkAcls")
    found = statuses(scan(check), check)
    assert {name: of(found, made[name]) for name in made} == {"bad": "unknown", "good": "pass"}


# --- subnets and routes ---------------------------------------------------------------------------------------------


def test_subnet_public_ip_live(net: Net, scan: Any, deny: Any) -> None:
    net.ec2.modify_subnet_attribute(SubnetId=net.public, MapPublicIpOnLaunch={"Value": True})
    check = "vpc-subnet-public-ip-auto-assign"
    found = statuses(scan(check), check)
    assert of(found, net.public) == "fail"
    assert of(found, net.private) == "pass"
    deny("DescribeSubnets")
    collected = scan(check)
    assert statuses(collected, check) == {}
    assert any("AWS::EC2::Subnet" in gap.types for gap in collected.gaps)


def start(net: Net, subnet: str) -> None:
    net.ec2.run_instances(ImageId=IMAGE, InstanceType="t3.micro", MinCount=1, MaxCount=1, SubnetId=subnet)


def test_subnet_tiers_live(aws: Any, net: Net, scan: Any, deny: Any) -> None:
    check = "vpc-subnet-tiers-missing"
    start(net, net.public)
    assert of(statuses(scan(check), check), net.vpc) == "fail"  # nothing is in the others
    start(net, net.private)
    assert of(statuses(scan(check), check), net.vpc) == "pass"
    deny("DescribeRouteTables")
    assert of(statuses(scan(check), check), net.vpc) == "unknown"


def test_isolated_subnets_live(net: Net, scan: Any, deny: Any) -> None:
    check = "vpc-isolated-subnet-missing"
    fake = net.subnet("isolated-by-name", 4, "us-east-1b")
    net.table(fake, net.gateway)
    found = statuses(scan(check), check)
    assert of(found, fake) == "fail"
    assert of(found, net.isolated) == "pass"
    assert of(found, net.private) is None
    deny("DescribeRouteTables")
    assert of(statuses(scan(check), check), fake) == "unknown"


def test_network_acl_of_isolated_subnets_live(net: Net, scan: Any, deny: Any) -> None:
    check = "vpc-isolated-subnet-default-nacl"
    found = statuses(scan(check), check)
    assert of(found, net.isolated) == "fail"
    assert of(found, net.public) is None
    acl = net.ec2.create_network_acl(VpcId=net.vpc)["NetworkAcl"]["NetworkAclId"]
    acls = net.ec2.describe_network_acls(Filters=[{"Name": "vpc-id", "Values": [net.vpc]}])["NetworkAcls"]
    used = next(a for one in acls for a in one["Associations"] if a["SubnetId"] == net.isolated)
    net.ec2.replace_network_acl_association(AssociationId=used["NetworkAclAssociationId"], NetworkAclId=acl)
    assert of(statuses(scan(check), check), net.isolated) == "pass"
    deny("DescribeNetworkAcls")
    assert of(statuses(scan(check), check), net.isolated) == "unknown"


def test_private_route_live(net: Net, scan: Any, deny: Any) -> None:
    check = "vpc-private-route-internet-gateway"
    assert "fail" not in statuses(scan(check), check).values()
    net.table(net.private, net.gateway)
    verdicts = judge(scan(check), check)
    assert sorted(verdict.status.value for verdict in verdicts.values()).count("fail") == 1
    deny("DescribeSubnets")
    assert set(statuses(scan(check), check).values()) >= {"unknown"}


def test_default_vpc_live(net: Net, scan: Any, deny: Any) -> None:
    check = "vpc-default-vpc-in-use"
    start(net, net.private)
    assert list(statuses(scan(check), check).values()) == ["pass"]  # the other VPC is not judged
    net.ec2.run_instances(ImageId=IMAGE, InstanceType="t3.micro", MinCount=1, MaxCount=1)
    (verdict,) = judge(scan(check), check).values()
    assert verdict.findings[0].message == "is the default VPC, and 1 network interface uses it"
    deny("DescribeNetworkInterfaces")
    assert list(statuses(scan(check), check).values()) == ["unknown"]


def test_interface_endpoints_live(aws: Any, net: Net, scan: Any, deny: Any) -> None:
    check = "vpc-interface-endpoint-ml-missing"
    assert statuses(scan(check), check) == {}  # nothing works there
    aws("sagemaker").create_notebook_instance(
        NotebookInstanceName="lab", InstanceType="ml.t3.medium", RoleArn=ROLE, SubnetId=net.private
    )

    def endpoint(service: str) -> None:
        net.ec2.create_vpc_endpoint(
            VpcId=net.vpc,
            ServiceName=f"com.amazonaws.us-east-1.{service}",
            VpcEndpointType="Interface",
            SubnetIds=[net.private],
        )

    for service in ("sagemaker.api", "sagemaker.runtime", "sts"):
        endpoint(service)
    (verdict,) = judge(scan(check), check).values()
    assert verdict.findings[0].message == "has no interface endpoint for kms, logs"
    for service in ("kms", "logs"):
        endpoint(service)
    assert list(statuses(scan(check), check).values()) == ["pass"]
    deny("DescribeVpcEndpoints")
    assert list(statuses(scan(check), check).values()) == ["unknown"]


# --- security groups --------------------------------------------------------------------------------------------------


def test_database_ports_live(net: Net, scan: Any) -> None:
    check = "vpc-sg-ingress-database-ports"
    bad, good = net.group("bad", 6379), net.group("good", 443)
    found = statuses(scan(check), check)
    assert (of(found, bad), of(found, good)) == ("fail", "pass")


def test_egress_live(aws: Any, net: Net, scan: Any, deny: Any) -> None:
    check = "vpc-sg-egress-unrestricted"
    groups = [net.group(name) for name in ("bad", "good", "unused")]
    everything = {"IpProtocol": "-1", "IpRanges": ANYONE}
    net.ec2.revoke_security_group_egress(GroupId=groups[1], IpPermissions=[everything])
    for name, group in zip(("bad", "good"), groups, strict=False):
        aws("sagemaker").create_notebook_instance(
            NotebookInstanceName=name,
            InstanceType="ml.t3.medium",
            RoleArn=ROLE,
            SubnetId=net.private,
            SecurityGroupIds=[group],
        )
    found = statuses(scan(check), check)
    assert [of(found, group) for group in groups] == ["fail", "pass", None]
    deny("ListNotebookInstances")
    assert of(statuses(scan(check), check), groups[0]) == "unknown"


# --- databases --------------------------------------------------------------------------------------------------------


def test_rds_live(aws: Any, net: Net, scan: Any, deny: Any) -> None:
    rds = aws("rds")
    for name, subnet in (("outside", net.public), ("inside", net.private)):
        rds.create_db_subnet_group(DBSubnetGroupName=name, DBSubnetGroupDescription="x", SubnetIds=[subnet])
        rds.create_db_instance(
            DBInstanceIdentifier=name,
            DBInstanceClass="db.t3.micro",
            Engine="postgres",
            DBSubnetGroupName=name,
            PubliclyAccessible=name == "outside",
        )
    for check in ("rds-public-access", "rds-public-subnet"):
        found = statuses(scan(check), check)
        assert (of(found, "outside"), of(found, "inside")) == ("fail", "pass"), check
    deny("DescribeDBSubnetGroups")
    assert set(statuses(scan("rds-public-subnet"), "rds-public-subnet").values()) == {"unknown"}
    deny("DescribeDBInstances")
    collected = scan("rds-public-access")
    assert statuses(collected, "rds-public-access") == {}
    assert any("AWS::RDS::DBInstance" in gap.types for gap in collected.gaps)


@pytest.mark.parametrize("check", ["redshift-public-access", "redshift-enhanced-vpc-routing"])
def test_redshift_live(check: str, aws: Any, scan: Any, deny: Any) -> None:
    bad = check == "redshift-public-access"
    for name, is_bad in (("bad", True), ("good", False)):
        aws("redshift").create_cluster(
            ClusterIdentifier=name,
            NodeType="ra3.large",
            MasterUsername="admin",
            MasterUserPassword="Secret-123456",
            PubliclyAccessible=bad and is_bad,
            EnhancedVpcRouting=not is_bad,
        )
    found = statuses(scan(check), check)
    assert (of(found, "bad"), of(found, "good")) == ("fail", "pass")
    deny("DescribeClusters")
    collected = scan(check)
    assert statuses(collected, check) == {}
    assert any("AWS::Redshift::Cluster" in gap.types for gap in collected.gaps)


def test_emr_live(aws: Any, net: Net, scan: Any, deny: Any) -> None:
    check = "emr-master-public-ip"
    deny("GetManagedScalingPolicy", "GetAutoTerminationPolicy")  # which moto has not, and this check does not need
    for name, subnet in (("outside", net.public), ("inside", net.private)):
        aws("emr").run_job_flow(
            Name=name,
            ReleaseLabel="emr-7.1.0",
            Instances={
                "MasterInstanceType": "m5.xlarge",
                "InstanceCount": 1,
                "Ec2SubnetId": subnet,
                "KeepJobFlowAliveWhenNoSteps": True,
            },
        )
    assert {name.partition(" ")[0]: status for name, status in by_title(judge(scan(check), check)).items()} == {
        "outside": "fail",
        "inside": "pass",
    }
    deny("DescribeRouteTables", "GetManagedScalingPolicy", "GetAutoTerminationPolicy")
    assert set(statuses(scan(check), check).values()) == {"unknown"}


# --- load balancers, websites -----------------------------------------------------------------------------------------


def test_load_balancers_live(aws: Any, net: Net, scan: Any, deny: Any) -> None:
    check = "elb-internet-facing"
    second = net.subnet("public-b", 5, "us-east-1b")
    opened, closed = net.group("open", 443), net.group("closed")
    for name, scheme, group in (
        ("mlflow-out", "internet-facing", opened),
        ("mlflow-in", "internal", opened),
        ("mlflow-closed", "internet-facing", closed),
        ("shop", "internet-facing", opened),
    ):
        aws("elbv2").create_load_balancer(
            Name=name, Scheme=scheme, Subnets=[net.public, second], SecurityGroups=[group], Type="application"
        )
    found = by_title(judge(scan(check), check))
    assert found == {"mlflow-out": "fail", "mlflow-in": "pass", "mlflow-closed": "pass", "shop": "pass"}
    deny("DescribeSecurityGroups")
    assert by_title(judge(scan(check), check))["mlflow-out"] == "unknown"


def test_websites_live(aws: Any, scan: Any, deny: Any) -> None:
    s3, check = aws("s3"), "s3-bucket-website-public"
    for name in ("demo", "closed", "plain"):
        s3.create_bucket(Bucket=name)
        s3.delete_public_access_block(Bucket=name)
        grant = {"Effect": "Allow", "Principal": "*", "Action": "s3:GetObject", "Resource": f"arn:aws:s3:::{name}/*"}
        s3.put_bucket_policy(Bucket=name, Policy=json.dumps({"Version": "2012-10-17", "Statement": [grant]}))
        if name != "plain":
            s3.put_bucket_website(Bucket=name, WebsiteConfiguration={"IndexDocument": {"Suffix": "index.html"}})
    block = dict.fromkeys(("BlockPublicAcls", "IgnorePublicAcls", "BlockPublicPolicy", "RestrictPublicBuckets"), True)
    s3.put_public_access_block(Bucket="closed", PublicAccessBlockConfiguration=block)
    assert by_title(judge(scan(check), check)) == {"demo": "fail", "closed": "pass", "plain": "pass"}
    deny("GetBucketWebsite")
    found = by_title(judge(scan(check), check))
    assert (found["demo"], found["closed"]) == ("unknown", "pass")


# --- SageMaker --------------------------------------------------------------------------------------------------------


def job(**settings: Any) -> dict[str, Any]:
    return {
        "AlgorithmSpecification": {"TrainingImage": "image", "TrainingInputMode": "File"},
        "RoleArn": ROLE,
        "OutputDataConfig": {"S3OutputPath": "s3://models/"},
        "ResourceConfig": {"InstanceType": "ml.m5.large", "InstanceCount": 1, "VolumeSizeInGB": 10},
        "StoppingCondition": {"MaxRuntimeInSeconds": 3600},
        **settings,
    }


@pytest.mark.parametrize(
    ("check", "settings"),
    [
        ("sagemaker-training-network-isolation", {"EnableNetworkIsolation": True}),
        ("sagemaker-training-vpc", {"VpcConfig": {"Subnets": ["subnet-1"], "SecurityGroupIds": ["sg-1"]}}),
    ],
)
def test_training_live(check: str, settings: dict[str, Any], aws: Any, scan: Any, deny: Any) -> None:
    aws("sagemaker").create_training_job(TrainingJobName="bad", **job())
    aws("sagemaker").create_training_job(TrainingJobName="good", **job(**settings))
    assert by_title(judge(scan(check), check)) == {"bad": "fail", "good": "pass"}
    deny("DescribeTrainingJob")
    found = by_title(judge(scan(check), check))
    assert set(found.values()) <= {"unknown"}
    assert scan(check).gaps


@pytest.mark.parametrize(
    ("parameters", "isolation", "vpc"),
    [
        ({}, "fail", "fail"),
        ({"EnableNetworkIsolation": True, "VpcConfig": {"Subnets": ["subnet-1"]}}, "pass", "pass"),
        ({"EnableNetworkIsolation.$": "$.isolated", "VpcConfig.$": "$.vpc"}, "unknown", "unknown"),
        ({"EnableNetworkIsolation": "true", "VpcConfig": {"Subnets.$": "$.subnets"}}, "pass", "unknown"),
    ],
)
def test_training_in_state_machines(parameters: Any, isolation: str, vpc: str, tmp_path: Path) -> None:
    state = {"Type": "Task", "Resource": "arn:aws:states:::sagemaker:createTrainingJob", "Parameters": parameters}
    machine = {"Type": "AWS::StepFunctions::StateMachine", "Properties": {"Definition": {"States": {"Train": state}}}}
    collected = template(tmp_path, json.dumps({"Resources": {"Flow": machine}}), "template.json")
    assert statuses(collected, "sagemaker-training-network-isolation") == {"Flow": isolation}
    assert statuses(collected, "sagemaker-training-vpc") == {"Flow": vpc}


def test_training_finding_points_at_its_setting(tmp_path: Path) -> None:
    state = {"Type": "Task", "Resource": "arn:aws:states:::sagemaker:createTrainingJob", "Parameters": {"A": 1}}
    machine = {"Type": "AWS::StepFunctions::StateMachine", "Properties": {"Definition": {"States": {"Train": state}}}}
    collected = template(tmp_path, json.dumps({"Resources": {"Flow": machine}}), "template.json")
    (finding,) = judge(collected, "sagemaker-training-vpc")["Flow"].findings
    assert finding.path == ("Definition", "States", "Train", "Parameters", "VpcConfig")
    assert finding.message == "trains outside of your VPC in Train"


def test_models_live(aws: Any, net: Net, scan: Any, deny: Any) -> None:
    check = "sagemaker-model-vpc"
    places = {"bad": None, "narrow": [net.public, net.private], "good": [net.private, net.isolated]}
    for name, subnets in places.items():
        config = {"VpcConfig": {"Subnets": subnets, "SecurityGroupIds": ["sg-1"]}} if subnets else {}
        aws("sagemaker").create_model(
            ModelName=name, ExecutionRoleArn=ROLE, PrimaryContainer={"Image": "image"}, **config
        )
    assert by_title(judge(scan(check), check)) == {"bad": "fail", "narrow": "fail", "good": "pass"}
    deny("DescribeSubnets")
    assert by_title(judge(scan(check), check)) == {"bad": "fail", "narrow": "unknown", "good": "unknown"}


# --- templates --------------------------------------------------------------------------------------------------------


@pytest.mark.parametrize(
    ("properties", "status"),
    [
        ("{Engine: postgres, PubliclyAccessible: !Ref Flag}", "unknown"),
        ("{Engine: postgres}", "unknown"),
        ("{Engine: postgres, PubliclyAccessible: 'true'}", "fail"),
    ],
)
def test_rds_public_access_in_templates(properties: str, status: str, tmp_path: Path) -> None:
    text = f"""
Parameters: {{Flag: {{Type: String}}}}
Resources: {{Data: {{Type: AWS::RDS::DBInstance, Properties: {properties}}}}}
"""
    assert statuses(template(tmp_path, text), "rds-public-access") == {"Data": status}


def test_an_aurora_cluster_is_judged_by_its_instances(tmp_path: Path) -> None:
    text = """
Resources:
  Data: {Type: AWS::RDS::DBCluster, Properties: {Engine: aurora-postgresql}}
  One: {Type: AWS::RDS::DBInstance, Properties: {DBClusterIdentifier: !Ref Data, PubliclyAccessible: true}}
"""
    collected = template(tmp_path, text)
    assert statuses(collected, "rds-public-access") == {"One": "fail"}
    assert statuses(collected, "rds-public-subnet") == {"Data": "unknown"}


def test_sensitive_tags_come_from_the_configuration(tmp_path: Path) -> None:
    text = """
Resources:
  Table: {Type: AWS::EC2::RouteTable, Properties: {VpcId: vpc-1}}
  Out:
    Type: AWS::EC2::Route
    Properties: {RouteTableId: !Ref Table, DestinationCidrBlock: 0.0.0.0/0, NatGatewayId: nat-1}
  Data: {Type: AWS::EC2::Subnet, Properties: {VpcId: vpc-1, Tags: [{Key: tier, Value: secret}]}}
  Use: {Type: AWS::EC2::SubnetRouteTableAssociation, Properties: {SubnetId: !Ref Data, RouteTableId: !Ref Table}}
"""
    check = "vpc-isolated-subnet-missing"
    assert statuses(template(tmp_path, text), check) == {}
    assert statuses(template(tmp_path, text), check, Config(sensitive_tags=("tier=secret",))) == {"Data": "fail"}
    assert statuses(template(tmp_path, text), check, Config(sensitive_tags=("tier",))) == {"Data": "fail"}


def test_egress_where_another_workload_may_use_the_group(tmp_path: Path) -> None:
    text = """
Parameters: {Other: {Type: String}}
Resources:
  Group: {Type: AWS::EC2::SecurityGroup, Properties: {GroupDescription: x}}
  Lab: {Type: AWS::SageMaker::NotebookInstance, Properties: {SecurityGroupIds: [!GetAtt Group.GroupId]}}
  Second: {Type: AWS::SageMaker::NotebookInstance, Properties: {SecurityGroupIds: [!Ref Other]}}
"""
    verdict = judge(template(tmp_path, text), "vpc-sg-egress-unrestricted")["Group"]
    assert [finding.message for finding in verdict.findings] == ["lets everything out, and Lab uses it"]


@pytest.mark.parametrize(
    ("access", "services", "status"),
    [
        ("PublicInternetOnly", ["sts"], None),
        ("VpcOnly", ["sts"], "fail"),
        ("VpcOnly", ["sagemaker.api", "sagemaker.runtime-fips", "sts", "kms-fips", "logs"], "pass"),
    ],
)
def test_interface_endpoints_of_a_domain(access: str, services: list[str], status: str | None, tmp_path: Path) -> None:
    text = f"""
Resources:
  Net: {{Type: AWS::EC2::VPC, Properties: {{CidrBlock: 10.0.0.0/16}}}}
  Lab: {{Type: AWS::SageMaker::Domain, Properties: {{VpcId: !Ref Net, AppNetworkAccessType: {access}}}}}
"""
    for number, service in enumerate(services):
        name = f"ServiceName: com.amazonaws.us-east-1.{service}"
        text += f"  E{number}: {{Type: AWS::EC2::VPCEndpoint, Properties: {{VpcId: !Ref Net, {name}}}}}\n"
    assert statuses(template(tmp_path, text), "vpc-interface-endpoint-ml-missing").get("Net") == status


def test_egress_rules_apart_do_not_replace_the_one_for_everything(tmp_path: Path) -> None:
    text = """
Resources:
  Group: {Type: AWS::EC2::SecurityGroup, Properties: {GroupDescription: x}}
  Apart:
    Type: AWS::EC2::SecurityGroupEgress
    Properties: {GroupId: !Ref Group, IpProtocol: tcp, FromPort: 443, ToPort: 443, CidrIp: 10.0.0.0/8}
  Lab: {Type: AWS::SageMaker::NotebookInstance, Properties: {SecurityGroupIds: [!GetAtt Group.GroupId]}}
"""
    assert statuses(template(tmp_path, text), "vpc-sg-egress-unrestricted") == {"Group": "fail"}
