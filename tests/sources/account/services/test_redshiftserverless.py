"""Redshift Serverless namespaces and workgroups, which moto does not have."""

from __future__ import annotations

from auditor.inventory import Inventory
from auditor.resources.redshiftserverless import Namespace, Workgroup
from tests.sources.account.services.support import ACCOUNT, REGION, Behaviour, Case, scan

_ARN = f"arn:aws:redshift-serverless:{REGION}:{ACCOUNT}"


class TestRedshiftServerless(Behaviour):
    cases = (
        Case(
            "AWS::RedshiftServerless::Namespace",
            f"{_ARN}:namespace/n-1",
            "ListNamespaces",
            {
                "ListNamespaces": {
                    "namespaces": [
                        {
                            "namespaceArn": f"{_ARN}:namespace/n-1",
                            "namespaceId": "n-1",
                            "namespaceName": "lake",
                            "adminUsername": "boss",
                            "kmsKeyId": "AWS_OWNED_KMS_KEY",
                            "logExports": ["userlog"],
                            "status": "AVAILABLE",
                        }
                    ]
                }
            },
            {"LogExports": ["userlog"]},
            empty={"namespaces": []},
            token="nextToken",
            needs=("namespaceArn", "namespaces"),
            title="lake",
        ),
        Case(
            "AWS::RedshiftServerless::Workgroup",
            f"{_ARN}:workgroup/w-1",
            "ListWorkgroups",
            {
                "ListWorkgroups": {
                    "workgroups": [
                        {
                            "workgroupArn": f"{_ARN}:workgroup/w-1",
                            "workgroupName": "lake",
                            "namespaceName": "lake",
                            "publiclyAccessible": True,
                            "enhancedVpcRouting": True,
                            "configParameters": [{"parameterKey": "require_ssl", "parameterValue": "true"}],
                        }
                    ]
                }
            },
            {"PubliclyAccessible": True},
            empty={"workgroups": []},
            token="nextToken",
            needs=("workgroupArn", "workgroups"),
            title="lake",
        ),
    )

    def test_the_fields(self, scripted) -> None:
        for case in self.cases:
            scripted(dict(case.answers))
        inventory = Inventory(scan(*(case.type for case in self.cases)))
        (namespace,) = inventory.of(Namespace)
        assert (namespace.admin_username, namespace.db_name) == ("boss", "dev")
        assert (namespace.kms_key_id, namespace.log_exports) == ("AWS_OWNED_KMS_KEY", ("userlog",))
        (workgroup,) = inventory.of(Workgroup)
        assert (workgroup.publicly_accessible, workgroup.enhanced_vpc_routing) == (True, True)
        assert workgroup.config_parameters.get("require_ssl") == "true"
        assert inventory.get(Namespace, workgroup.namespace_name) is namespace
