"""Who gets into databases, the data lake and the model registry."""

from __future__ import annotations

from pathlib import Path
from typing import Any

import pytest

from auditor.raw import Collected, Raw
from auditor.values import Unknown
from tests.builders import ACCOUNT, raw
from tests.support import by_title, judge, statuses, template

DATABASE = {"DBInstanceClass": "db.t3.micro", "AllocatedStorage": 20, "MasterUsername": "a", "MasterUserPassword": "b"}
EVERYONE = {"Principal": {"DataLakePrincipalIdentifier": "IAM_ALLOWED_PRINCIPALS"}, "Permissions": ["ALL"]}
LAKE = "arn:aws:lakeformation:eu-west-1:123456789012:catalog:123456789012"
GROUP = "arn:aws:sagemaker:eu-west-1:123456789012:model-package-group/churn"
DENIED = Unknown("was denied")


def test_databases_live(aws: Any, scan: Any, deny: Any) -> None:
    rds = aws("rds")
    for name, engine, by_iam in (
        ("good", "postgres", True),
        ("bad", "postgres", False),
        ("other", "oracle-se2", False),
    ):
        rds.create_db_instance(
            DBInstanceIdentifier=name, Engine=engine, EnableIAMDatabaseAuthentication=by_iam, **DATABASE
        )
    check = "rds-iam-authentication"
    assert by_title(judge(scan(check), check)) == {"good": "pass", "bad": "fail", "other": "pass"}
    deny("DescribeDBInstances")
    collected = scan(check)
    assert judge(collected, check) == {}
    assert {gap.operation for gap in collected.gaps} == {"DescribeDBInstances"}


def live(kind: str, arn: str, properties: dict[str, Any]) -> Raw:
    return raw(kind, arn, properties, scope=ACCOUNT)


def settings(admins: Any = (), databases: Any = (), tables: Any = ()) -> Raw:
    given = {
        "DataLakeAdmins": admins,
        "CreateDatabaseDefaultPermissions": databases,
        "CreateTableDefaultPermissions": tables,
    }
    return live("AWS::LakeFormation::DataLakeSettings", LAKE, given)


def admin(name: str) -> dict[str, str]:
    return {"DataLakePrincipalIdentifier": f"arn:aws:iam::123456789012:{name}"}


IN_USE = live("AWS::Glue::Database", "arn:aws:glue:eu-west-1:123456789012:database/sales", {"Name": "sales"})


@pytest.mark.parametrize(
    ("lake", "status"),
    [
        (settings([admin("role/LakeAdmin")]), "pass"),
        (settings([]), "pass"),
        (settings([admin("root")]), "fail"),
        (settings([admin("role/A"), admin("user/data/ana")]), "fail"),
        (settings([admin(f"role/{n}") for n in range(5)]), "pass"),
        (settings([admin(f"role/{n}") for n in range(6)]), "fail"),
        (settings(DENIED), "unknown"),
    ],
)
def test_lake_admins_live(lake: Raw, status: str) -> None:
    assert statuses(Collected(raws=[lake]), "lakeformation-admins") == {LAKE: status}


@pytest.mark.parametrize(
    ("raws", "status"),
    [
        ([settings(databases=[EVERYONE]), IN_USE], "fail"),
        ([settings(tables=[EVERYONE]), IN_USE], "fail"),
        ([settings(), IN_USE], "pass"),
        ([settings(databases=[EVERYONE])], "pass"),
        ([settings(databases=DENIED), IN_USE], "unknown"),
    ],
)
def test_lake_defaults_live(raws: list[Raw], status: str) -> None:
    """A region whose catalog is empty has AWS's defaults and nothing that they open."""
    assert statuses(Collected(raws=raws), "lakeformation-default-permissions")[LAKE] == status


def test_lake_settings_by_moto(aws: Any, scan: Any, deny: Any) -> None:
    root = {"DataLakePrincipalIdentifier": "arn:aws:iam::123456789012:root"}
    aws("lakeformation").put_data_lake_settings(DataLakeSettings={"DataLakeAdmins": [root]})
    check = "lakeformation-admins"
    assert set(by_title(judge(scan(check), check)).values()) == {"fail"}
    deny("GetDataLakeSettings")
    collected = scan(check)
    assert judge(collected, check) == {}
    assert {gap.operation for gap in collected.gaps} == {"GetDataLakeSettings"}


@pytest.mark.parametrize(
    ("principal", "condition", "status"),
    [
        ("*", None, "fail"),
        ({"AWS": "arn:aws:iam::999999999999:root"}, None, "fail"),
        ({"AWS": "999999999999"}, None, "fail"),
        ({"AWS": "arn:aws:iam::123456789012:root"}, None, "pass"),
        ({"AWS": "arn:aws:iam::999999999999:role/deploy"}, None, "pass"),
        ({"Service": "sagemaker.amazonaws.com"}, None, "pass"),
        ({"AWS": "arn:aws:iam::999999999999:root"}, {"StringEquals": {"aws:PrincipalOrgID": "o-1"}}, "pass"),
        ("*", {"IpAddress": {"aws:SourceIp": "0.0.0.0/0"}}, "fail"),
        (DENIED, None, "unknown"),
    ],
)
def test_model_package_groups_live(principal: Any, condition: Any, status: str) -> None:
    statement = {"Effect": "Allow", "Principal": principal, "Action": "sagemaker:*", "Resource": "*"}
    if condition:
        statement["Condition"] = condition
    group = live("AWS::SageMaker::ModelPackageGroup", GROUP, {"ModelPackageGroupPolicy": {"Statement": [statement]}})
    check = "sagemaker-model-package-group-policy-open"
    assert statuses(Collected(raws=[group]), check) == {GROUP: status}


def test_a_group_whose_policy_is_denied_is_unknown() -> None:
    group = live("AWS::SageMaker::ModelPackageGroup", GROUP, {"ModelPackageGroupPolicy": DENIED})
    assert statuses(Collected(raws=[group]), "sagemaker-model-package-group-policy-open") == {GROUP: "unknown"}


@pytest.mark.parametrize(
    ("properties", "status"),
    [
        ("Engine: !Ref Open, EnableIAMDatabaseAuthentication: true", "unknown"),
        ("Engine: postgres, EnableIAMDatabaseAuthentication: !Ref Open", "unknown"),
        ("Engine: POSTGRES", "fail"),
        ("DBSnapshotIdentifier: nightly", "unknown"),
        ("Engine: aurora-mysql, DBClusterIdentifier: !Ref Open", "unknown"),
        ("Engine: mysql, EnableIAMDatabaseAuthentication: !If [Prod, true, false]", "unknown"),
        ("Engine: mysql, EnableIAMDatabaseAuthentication: !If [Prod, true, true]", "pass"),
    ],
)
def test_databases_in_templates(properties: str, status: str, tmp_path: Path) -> None:
    text = f"""
Parameters: {{Open: {{Type: String}}}}
Conditions: {{Prod: !Equals [!Ref Open, prod]}}
Resources: {{Data: {{Type: AWS::RDS::DBInstance, Properties: {{{properties}}}}}}}
"""
    assert statuses(template(tmp_path, text), "rds-iam-authentication") == {"Data": status}


@pytest.mark.parametrize(
    ("admins", "status"),
    [
        ("[{DataLakePrincipalIdentifier: !Ref Open}]", "unknown"),
        ("[{DataLakePrincipalIdentifier: !Sub 'arn:aws:iam::${AWS::AccountId}:user/ana'}]", "fail"),
        ("[{DataLakePrincipalIdentifier: !GetAtt Ana.Arn}, {DataLakePrincipalIdentifier: !Ref Open}]", "fail"),
        ("!If [Prod, [], [{DataLakePrincipalIdentifier: 'arn:aws:iam::1:root'}]]", "unknown"),
        ("!Ref AWS::NoValue", "pass"),
    ],
)
def test_lake_admins_in_templates(admins: str, status: str, tmp_path: Path) -> None:
    text = f"""
Parameters: {{Open: {{Type: String}}}}
Conditions: {{Prod: !Equals [!Ref Open, prod]}}
Resources:
  Ana: {{Type: AWS::IAM::User}}
  Lake: {{Type: AWS::LakeFormation::DataLakeSettings, Properties: {{Admins: {admins}}}}}
"""
    assert statuses(template(tmp_path, text), "lakeformation-admins") == {"Lake": status}
