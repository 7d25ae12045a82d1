"""Load balancers of every kind, their listeners and target groups, and WAF in front of them."""

from __future__ import annotations

from auditor.inventory import Inventory
from auditor.resources import elb, elbv2, wafv2
from auditor.values import Unknown
from tests.sources.account.services.support import ACCOUNT, REGION, Behaviour, Case, scan

_ARN = f"arn:aws:elasticloadbalancing:{REGION}:{ACCOUNT}"
_ALB = f"{_ARN}:loadbalancer/app/api/1"
_GROUP = f"{_ARN}:targetgroup/api/1"
_BALANCER = {
    "LoadBalancerArn": _ALB,
    "LoadBalancerName": "api",
    "Type": "application",
    "Scheme": "internet-facing",
    "SecurityGroups": ["sg-1"],
    "AvailabilityZones": [{"ZoneName": "us-east-1a", "SubnetId": "subnet-1"}],
}
_LISTED = {"DescribeLoadBalancers": {"LoadBalancers": [_BALANCER]}}
_NEEDS = ("LoadBalancerArn",)
_CLASSIC = "AWS::ElasticLoadBalancing::LoadBalancer"
_ACL = "arn:aws:wafv2:us-east-1:123456789012:regional/webacl/a/1"


class TestElbV2(Behaviour):
    cases = (
        Case(
            "AWS::ElasticLoadBalancingV2::LoadBalancer",
            _ALB,
            "DescribeLoadBalancers",
            {
                **_LISTED,
                "DescribeLoadBalancerAttributes": {
                    "Attributes": [{"Key": "deletion_protection.enabled", "Value": "false"}]
                },
            },
            {"Subnets": ["subnet-1"]},
            token="NextMarker",
            gone={"DescribeLoadBalancerAttributes": "LoadBalancerNotFound"},
            needs=_NEEDS,
            title="api",
        ),
        Case(
            "AWS::ElasticLoadBalancingV2::Listener",
            f"{_ARN}:listener/app/api/1/2",
            "DescribeLoadBalancers",
            {
                **_LISTED,
                "DescribeListeners": {
                    "Listeners": [
                        {
                            "ListenerArn": f"{_ARN}:listener/app/api/1/2",
                            "LoadBalancerArn": _ALB,
                            "Port": 80,
                            "Protocol": "HTTP",
                            "DefaultActions": [
                                {"Type": "redirect", "RedirectConfig": {"Protocol": "HTTPS", "StatusCode": "HTTP_301"}}
                            ],
                        }
                    ]
                },
            },
            {"Protocol": "HTTP"},
            token="NextMarker",
            gone={"DescribeListeners": "LoadBalancerNotFound"},
            needs=(*_NEEDS, "ListenerArn", "Type", "StatusCode"),
            title="api, port 80",
        ),
        Case(
            "AWS::ElasticLoadBalancingV2::TargetGroup",
            _GROUP,
            "DescribeTargetGroups",
            {
                "DescribeTargetGroups": {
                    "TargetGroups": [
                        {
                            "TargetGroupArn": _GROUP,
                            "TargetGroupName": "api",
                            "Protocol": "HTTP",
                            "TargetType": "instance",
                            "HealthCheckEnabled": True,
                            "HealthCheckPath": "/ping",
                            "HealthCheckProtocol": "HTTP",
                            "LoadBalancerArns": [_ALB],
                        }
                    ]
                },
                "DescribeTargetHealth": {
                    "TargetHealthDescriptions": [{"Target": {"Id": "i-1"}, "TargetHealth": {"State": "healthy"}}]
                },
            },
            {"LoadBalancerArns": [_ALB]},
            token="NextMarker",
            gone={"DescribeTargetHealth": "TargetGroupNotFound"},
            needs=("TargetGroupArn", "Id"),
            title="api",
        ),
        Case(
            "AWS::WAFv2::WebACLAssociation",
            _ALB,
            "DescribeLoadBalancers",
            {
                **_LISTED,
                "GetWebACLForResource": {
                    "WebACL": {
                        "Name": "a",
                        "Id": "1",
                        "ARN": _ACL,
                        "DefaultAction": {},
                        "VisibilityConfig": {
                            "SampledRequestsEnabled": True,
                            "CloudWatchMetricsEnabled": True,
                            "MetricName": "a",
                        },
                    }
                },
            },
            {"ResourceArn": _ALB, "WebACLArn": _ACL},
            token="NextMarker",
            gone={"GetWebACLForResource": "WAFNonexistentItemException"},
            needs=(
                *_NEEDS,
                "LoadBalancerName",
                "Name",
                "Id",
                "ARN",
                "DefaultAction",
                "VisibilityConfig",
                "SampledRequestsEnabled",
                "CloudWatchMetricsEnabled",
                "MetricName",
            ),
        ),
    )

    def test_what_is_read(self, scripted) -> None:
        for case in self.cases:
            scripted(case.answers)
        found = scan(*(case.type for case in self.cases))
        assert found.calls["elbv2:DescribeLoadBalancers"] == 1
        inventory = Inventory(found)
        (balancer,), (listener,), (group,), (association,) = (
            inventory.of(elbv2.LoadBalancer),
            inventory.of(elbv2.Listener),
            inventory.of(elbv2.TargetGroup),
            inventory.of(wafv2.WebAclAssociation),
        )
        assert (balancer.type, balancer.is_internal, balancer.subnets) == ("application", False, ("subnet-1",))
        attributes = balancer.attributes
        assert attributes.get("deletion_protection.enabled") == "false"
        assert attributes.get("access_logs.s3.enabled") is None
        assert [(one.type, one.redirect_protocol) for one in listener.default_actions] == [("redirect", "HTTPS")]
        assert (listener.ssl_policy, balancer.answers_to(listener.load_balancer_arn)) == (None, True)
        assert (group.health_check_path, group.load_balancer_arns) == ("/ping", (_ALB,))
        assert [(target.target_id, target.state) for target in group.targets] == [("i-1", "healthy")]
        assert balancer.answers_to(association.resource_arn)

    def test_a_denied_web_acl_protects_nothing_for_sure(self, scripted) -> None:
        scripted({**_LISTED, "GetWebACLForResource": "WAFInternalErrorException"})
        found = scan("AWS::WAFv2::WebACLAssociation")
        (raw,) = found.raws
        assert raw.properties["ResourceArn"] == Unknown(found.gaps[0].reason)

    def test_load_balancers_without_a_web_acl(self, scripted) -> None:
        internal = {**_BALANCER, "LoadBalancerArn": f"{_ALB}2", "Scheme": "internal"}
        network = {**_BALANCER, "LoadBalancerArn": f"{_ALB}3", "Type": "network"}
        scripted(
            {"DescribeLoadBalancers": {"LoadBalancers": [_BALANCER, internal, network]}, "GetWebACLForResource": {}}
        )
        found = scan("AWS::WAFv2::WebACLAssociation")
        assert found.raws == []
        assert found.calls["wafv2:GetWebACLForResource"] == 1


class TestClassic(Behaviour):
    cases = (
        Case(
            _CLASSIC,
            f"{_ARN}:loadbalancer/old",
            "DescribeLoadBalancers",
            {
                "DescribeLoadBalancers": {
                    "LoadBalancerDescriptions": [
                        {
                            "LoadBalancerName": "old",
                            "Scheme": "internal",
                            "Subnets": ["subnet-1"],
                            "Instances": [{"InstanceId": "i-1"}],
                            "ListenerDescriptions": [
                                {
                                    "Listener": {
                                        "Protocol": "HTTPS",
                                        "LoadBalancerPort": 443,
                                        "InstancePort": 80,
                                        "SSLCertificateId": "arn:aws:acm:x",
                                    },
                                    "PolicyNames": ["tls"],
                                }
                            ],
                        }
                    ]
                },
                "DescribeLoadBalancerAttributes": {
                    "LoadBalancerAttributes": {
                        "AccessLog": {"Enabled": True},
                        "ConnectionDraining": {"Enabled": False},
                        "CrossZoneLoadBalancing": {"Enabled": True},
                        "AdditionalAttributes": [{"Key": "elb.http.desyncmitigationmode", "Value": "strictest"}],
                    }
                },
                "DescribeLoadBalancerPolicies": {
                    "PolicyDescriptions": [
                        {
                            "PolicyName": "tls",
                            "PolicyTypeName": "SSLNegotiationPolicyType",
                            "PolicyAttributeDescriptions": [
                                {"AttributeName": "Protocol-TLSv1.2", "AttributeValue": "true"}
                            ],
                        }
                    ]
                },
            },
            {"CrossZone": True, "DesyncMitigationMode": "strictest"},
            token="NextMarker",
            gone=dict.fromkeys(
                ("DescribeLoadBalancerAttributes", "DescribeLoadBalancerPolicies"), "LoadBalancerNotFound"
            ),
            needs=("LoadBalancerName", "Enabled", "Protocol", "LoadBalancerPort", "InstancePort"),
            title="old",
        ),
    )

    def test_what_is_read(self, scripted) -> None:
        scripted(self.cases[0].answers)
        (balancer,) = Inventory(scan(_CLASSIC)).of(elb.LoadBalancer)
        (listener,), (policy,) = balancer.listeners, balancer.policies
        assert (listener.protocol, listener.ssl_certificate_id) == ("HTTPS", "arn:aws:acm:x")
        assert (listener.policy_names, policy.policy_name) == (("tls",), "tls")
        assert [(one.name, one.value) for one in policy.attributes] == [("Protocol-TLSv1.2", "true")]
        assert (balancer.writes_access_logs, balancer.connection_draining, balancer.cross_zone) == (True, False, True)
        assert (balancer.is_internal, balancer.instances) == (True, ("i-1",))
        assert balancer.desync_mitigation_mode == "strictest"


def test_what_moto_has(aws):
    ec2 = aws("ec2")
    subnets = [subnet["SubnetId"] for subnet in ec2.describe_subnets()["Subnets"][:2]]
    client = aws("elbv2")
    arn = client.create_load_balancer(Name="api", Subnets=subnets, Scheme="internal")["LoadBalancers"][0][
        "LoadBalancerArn"
    ]
    vpc = ec2.describe_vpcs()["Vpcs"][0]["VpcId"]
    group = client.create_target_group(Name="api", Protocol="HTTP", Port=80, VpcId=vpc)
    client.create_listener(
        LoadBalancerArn=arn,
        Protocol="HTTP",
        Port=80,
        DefaultActions=[{"Type": "forward", "TargetGroupArn": group["TargetGroups"][0]["TargetGroupArn"]}],
    )
    aws("elb").create_load_balancer(
        LoadBalancerName="old",
        AvailabilityZones=["us-east-1a"],
        Listeners=[{"Protocol": "HTTP", "LoadBalancerPort": 80, "InstancePort": 80}],
    )
    found = scan(_CLASSIC, *(case.type for case in TestElbV2.cases))
    assert (found.gaps, found.notices) == ([], [])
    inventory = Inventory(found)
    (balancer,), (old,), (listener,) = (
        inventory.of(elbv2.LoadBalancer),
        inventory.of(elb.LoadBalancer),
        inventory.of(elbv2.Listener),
    )
    assert (balancer.is_internal, set(balancer.subnets)) == (True, set(subnets))
    assert balancer.attributes.get("deletion_protection.enabled") == "false"
    assert [one.protocol for one in old.listeners] == ["HTTP"]
    assert (old.availability_zones, old.writes_access_logs, old.is_internal) == (("us-east-1a",), False, False)
    assert (listener.protocol, listener.default_actions[0].type) == ("HTTP", "forward")
    assert "elb:DescribeLoadBalancerPolicies" not in found.calls
