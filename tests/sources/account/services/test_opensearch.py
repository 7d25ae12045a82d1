"""OpenSearch domains and reservations."""

from __future__ import annotations

import json
from datetime import UTC, datetime

import pytest

from auditor.inventory import Inventory
from auditor.resources.opensearch import Domain, ElasticsearchDomain
from auditor.values import Undecided
from tests.builders import raw
from tests.sources.account.services.support import ACCOUNT, REGION, Behaviour, Case, scan

_ARN = f"arn:aws:es:{REGION}:{ACCOUNT}:domain"
_POLICY = json.dumps({"Version": "2012-10-17", "Statement": []})
_DOMAIN = {
    "DomainId": f"{ACCOUNT}/search",
    "DomainName": "search",
    "ARN": f"{_ARN}/search",
    "Deleted": False,
    "EngineVersion": "OpenSearch_2.11",
    "ClusterConfig": {"InstanceType": "r6g.large.search", "InstanceCount": 3, "ZoneAwarenessEnabled": True},
    "AccessPolicies": _POLICY,
    "VPCOptions": {"VPCId": "vpc-1", "SubnetIds": ["subnet-1"], "SecurityGroupIds": ["sg-1"]},
    "CognitoOptions": {"Enabled": True},
    "EncryptionAtRestOptions": {"Enabled": True, "KmsKeyId": "key"},
    "NodeToNodeEncryptionOptions": {"Enabled": True},
    "LogPublishingOptions": {
        "AUDIT_LOGS": {
            "CloudWatchLogsLogGroupArn": f"arn:aws:logs:{REGION}:{ACCOUNT}:log-group:audit",
            "Enabled": True,
        },
        "ES_APPLICATION_LOGS": {"Enabled": False},
    },
    "ServiceSoftwareOptions": {"UpdateAvailable": True},
    "DomainEndpointOptions": {"EnforceHTTPS": True, "TLSSecurityPolicy": "Policy-Min-TLS-1-2-2019-07"},
    "AdvancedSecurityOptions": {
        "Enabled": True,
        "InternalUserDatabaseEnabled": False,
        "SAMLOptions": {"Enabled": True},
    },
}
_TAGS = {"ResourceTagMappingList": [{"ResourceARN": f"{_ARN}/search", "Tags": [{"Key": "team", "Value": "ml"}]}]}


class TestOpenSearch(Behaviour):
    cases = (
        Case(
            "AWS::OpenSearchService::Domain",
            f"{_ARN}/search",
            "ListDomainNames",
            {
                "ListDomainNames": {"DomainNames": [{"DomainName": "search", "EngineType": "OpenSearch"}]},
                "DescribeDomains": {"DomainStatusList": [_DOMAIN]},
                "GetResources": _TAGS,
            },
            {"EngineVersion": "OpenSearch_2.11", "Tags": [{"Key": "team", "Value": "ml"}]},
            # The first is botocore's requirement, the others the resource's.
            needs=(
                "DomainStatusList",
                "DomainId",
                "ARN",
                "ClusterConfig",
                "Key",
                "Value",
                "DomainName",
                "ResourceARN",
            ),
            title="search",
        ),
        Case(
            "api:OpenSearchService::ReservedInstance",
            f"arn:aws:es:{REGION}:{ACCOUNT}:reserved-instance/12345678-1234-1234-1234-123456789012",
            "DescribeReservedInstances",
            {
                "DescribeReservedInstances": {
                    "ReservedInstances": [
                        {
                            "ReservationName": "three-years",
                            "ReservedInstanceId": "12345678-1234-1234-1234-123456789012",
                            "InstanceType": "r6g.large.search",
                            "InstanceCount": 3,
                            "State": "active",
                            "StartTime": datetime(2026, 1, 1, tzinfo=UTC),
                            "Duration": 31536000,
                        }
                    ]
                }
            },
            {"InstanceCount": 3},
            token="NextToken",
            needs=("ReservedInstanceId",),
        ),
    )

    def test_the_fields(self, scripted) -> None:
        scripted(dict(self.cases[0].answers))
        (domain,) = Inventory(scan("AWS::OpenSearchService::Domain")).of(Domain)
        assert domain.cluster_config is not None
        assert (domain.cluster_config.instance_count, domain.cluster_config.zone_awareness_enabled) == (3, True)
        assert (domain.cluster_config.dedicated_master_enabled, domain.cluster_config.dedicated_master_count) == (
            False,
            0,
        )
        assert (domain.encrypted, domain.kms_key_id, domain.node_to_node_encryption) == (True, "key", True)
        assert domain.domain_endpoint_options is not None
        assert domain.domain_endpoint_options.enforce_https
        assert domain.domain_endpoint_options.tls_security_policy == "Policy-Min-TLS-1-2-2019-07"
        assert domain.vpc_options is not None
        assert (domain.vpc_options.subnet_ids, domain.vpc_options.security_group_ids) == (("subnet-1",), ("sg-1",))
        assert domain.log_publishing_options is not None
        logs = ("AUDIT_LOGS", "ES_APPLICATION_LOGS", "INDEX_SLOW_LOGS")
        assert [domain.log_publishing_options.publishes(kind) for kind in logs] == [True, False, False]
        assert domain.advanced_security_options is not None
        assert domain.advanced_security_options.enabled
        assert not domain.advanced_security_options.internal_user_database_enabled
        assert (domain.cognito_enabled, domain.saml_enabled) == (True, True)
        assert (domain.software_update_available, domain.access_policies is not None) == (True, True)

    def test_an_empty_policy_is_none(self, scripted) -> None:
        bare = {key: _DOMAIN[key] for key in ("DomainId", "DomainName", "ARN", "ClusterConfig")}
        answer = {"DomainStatusList": [{**bare, "AccessPolicies": ""}]}
        scripted({**self.cases[0].answers, "DescribeDomains": answer})
        (domain,) = Inventory(scan("AWS::OpenSearchService::Domain")).of(Domain)
        assert (domain.access_policies, domain.vpc_options, domain.log_publishing_options) == (None, None, None)
        assert (domain.encrypted, domain.software_update_available) == (False, False)

    def test_five_are_described_at_once_and_the_vanished_dropped(self, scripted) -> None:
        names = [f"search-{number}" for number in range(7)]

        def described(params):
            assert len(params["DomainNames"]) <= 5
            there = [name for name in params["DomainNames"] if name != "search-3"]
            return {"DomainStatusList": [{**_DOMAIN, "DomainName": name, "ARN": f"{_ARN}/{name}"} for name in there]}

        scripted(
            {
                "ListDomainNames": {"DomainNames": [{"DomainName": name} for name in names]},
                "DescribeDomains": described,
                "GetResources": {"ResourceTagMappingList": []},
            }
        )
        found = scan("AWS::OpenSearchService::Domain")
        assert [raw.title for raw in found.raws] == [name for name in names if name != "search-3"]
        assert (found.gaps, found.calls["opensearch:DescribeDomains"]) == ([], 2)

    def test_a_denied_description_leaves_everything_unknown(self, scripted) -> None:
        scripted({**self.cases[0].answers, "DescribeDomains": "AccessDeniedException"})
        (domain,) = Inventory(scan("AWS::OpenSearchService::Domain")).of(Domain)
        for field in ("encrypted", "vpc_options", "access_policies"):
            with pytest.raises(Undecided, match="opensearch:DescribeDomains was denied"):
                getattr(domain, field)


@pytest.mark.parametrize(
    ("dialect", "cls", "properties"),
    [
        (
            "cfn",
            ElasticsearchDomain,
            {"LogPublishingOptions": {"AUDIT_LOGS": {"Enabled": "true"}, "INDEX_SLOW_LOGS": {"Enabled": False}}},
        ),
        (
            "tf",
            Domain,
            {
                "log_publishing_options": [
                    {"log_type": "AUDIT_LOGS"},
                    {"log_type": "INDEX_SLOW_LOGS", "enabled": False},
                ]
            },
        ),
    ],
)
def test_logs_in_templates(dialect, cls, properties):
    logs = cls(raw(cls.cfn, "search", properties, dialect=dialect)).log_publishing_options
    assert [logs.publishes(kind) for kind in ("AUDIT_LOGS", "INDEX_SLOW_LOGS", "SEARCH_SLOW_LOGS")] == [
        True,
        False,
        False,
    ]


@pytest.mark.parametrize("properties", [{"log_publishing_options": ["text"]}, {"log_publishing_options": "text"}])
def test_logs_of_a_wrong_shape(properties):
    domain = Domain(raw("aws_opensearch_domain", "search", properties, dialect="tf"))
    with pytest.raises(Undecided, match="should be a map but is text"):
        _ = domain.log_publishing_options


def test_what_moto_has(aws):
    aws("opensearch").create_domain(
        DomainName="search",
        EngineVersion="OpenSearch_2.11",
        EncryptionAtRestOptions={"Enabled": True},
        ClusterConfig={"InstanceType": "r6g.large.search", "InstanceCount": 2},
        TagList=[{"Key": "team", "Value": "ml"}],
    )
    found = scan("AWS::OpenSearchService::Domain")
    assert (found.gaps, found.notices) == ([], [])
    (domain,) = Inventory(found).of(Domain)
    assert (domain.title, domain.encrypted, domain.engine_version) == ("search", True, "OpenSearch_2.11")
    assert domain.cluster_config is not None
    assert domain.cluster_config.instance_count == 2
