"""GuardDuty: detectors, who manages them, high findings."""

from __future__ import annotations

from auditor.inventory import Inventory
from auditor.resources.guardduty import Detector
from auditor.values import ABSENT, Unknown
from tests.sources.account.services.support import ACCOUNT, REGION, Behaviour, Case, one, scan

_ARN = f"arn:aws:guardduty:{REGION}:{ACCOUNT}:detector/d1"
_DETECTORS = {"ListDetectors": {"DetectorIds": ["d1"]}}
_FINDING = {
    "AccountId": ACCOUNT,
    "Arn": f"{_ARN}/finding/f1",
    "CreatedAt": "2026-01-01T00:00:00Z",
    "Id": "f1",
    "Region": REGION,
    "Resource": {},
    "SchemaVersion": "2.0",
    "Severity": 8.0,
    "Title": "The API was called from a Tor exit node.",
    "Type": "UnauthorizedAccess:IAMUser/TorIPCaller",
    "UpdatedAt": "2026-01-01T00:00:00Z",
}


class TestGuardDuty(Behaviour):
    cases = (
        Case(
            "AWS::GuardDuty::Detector",
            _ARN,
            "ListDetectors",
            {
                **_DETECTORS,
                "GetDetector": {
                    "ServiceRole": "arn:aws:iam::123456789012:role/x",
                    "Status": "ENABLED",
                    "Features": [{"Name": "S3_DATA_EVENTS", "Status": "DISABLED"}],
                },
            },
            {"Enable": True, "Features": [{"Name": "S3_DATA_EVENTS", "Status": "DISABLED"}]},
            empty={"DetectorIds": []},
            token="NextToken",
            gone={"GetDetector": "BadRequestException"},
            needs=("DetectorIds", "ServiceRole", "Status"),
            title="d1",
        ),
        Case(
            "api:GuardDuty::Administration",
            f"{_ARN}/administration",
            "ListDetectors",
            {
                **_DETECTORS,
                "GetAdministratorAccount": {"Administrator": {"AccountId": "210987654321"}},
                "DescribeOrganizationConfiguration": {
                    "MemberAccountLimitReached": False,
                    "AutoEnableOrganizationMembers": "ALL",
                },
            },
            {"Administrator": {"AccountId": "210987654321"}},
            empty={"DetectorIds": []},
            token="NextToken",
            gone={"GetAdministratorAccount": "BadRequestException"},
            needs=("DetectorIds", "Administrator", "MemberAccountLimitReached"),
        ),
        Case(
            "api:GuardDuty::Finding",
            f"{_ARN}/finding/f1",
            "ListFindings",
            {**_DETECTORS, "ListFindings": {"FindingIds": ["f1"]}, "GetFindings": {"Findings": [_FINDING]}},
            {"Severity": 8.0, "Type": "UnauthorizedAccess:IAMUser/TorIPCaller"},
            empty={"FindingIds": []},
            token="NextToken",
            gone={"ListFindings": "BadRequestException"},
            needs=("DetectorIds", "FindingIds", *_FINDING, "Findings"),
            title="The API was called from a Tor exit node.",
        ),
    )


def test_an_account_that_is_not_the_administrator(moto, scripted):
    scripted(
        {
            **_DETECTORS,
            "GetAdministratorAccount": {"Administrator": {}},
            "DescribeOrganizationConfiguration": "BadRequestException",
        }
    )
    found = scan("api:GuardDuty::Administration")
    assert found.gaps == []
    assert one(found, "api:GuardDuty::Administration").properties["Organization"] is ABSENT


def test_more_findings_than_are_looked_at(moto, scripted):
    ids = [f"f{number}" for number in range(250)]
    asked = []

    def described(params):
        asked.append(len(params["FindingIds"]))
        return {"Findings": [{**_FINDING, "Id": name} for name in params["FindingIds"]]}

    scripted({**_DETECTORS, "ListFindings": {"FindingIds": ids}, "GetFindings": described})
    found = scan("api:GuardDuty::Finding")
    assert (len(found.raws), sorted(asked)) == (250, [50] * 4)
    unread = [raw for raw in found.raws if isinstance(raw.properties.get("Severity"), Unknown)]
    assert len(unread) == 50


def test_a_detector_of_moto(aws):
    aws("guardduty").create_detector(Enable=False, Features=[{"Name": "RDS_LOGIN_EVENTS", "Status": "ENABLED"}])
    (detector,) = Inventory(scan("AWS::GuardDuty::Detector")).of(Detector)
    assert not detector.enable
    assert ("RDS_LOGIN_EVENTS", "ENABLED") in [(feature.name, feature.status) for feature in detector.features]
