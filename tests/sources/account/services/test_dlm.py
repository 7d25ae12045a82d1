"""Lifecycle policies of snapshots, which moto does not have."""

from __future__ import annotations

from auditor.inventory import Inventory
from auditor.resources.dlm import LifecyclePolicy
from tests.sources.account.services.support import ACCOUNT, REGION, Behaviour, Case, scan

_ARN = f"arn:aws:dlm:{REGION}:{ACCOUNT}:policy/policy-1"
_LISTED = {"PolicyId": "policy-1", "Description": "nightly", "State": "ENABLED"}


class TestDlm(Behaviour):
    cases = (
        Case(
            "AWS::DLM::LifecyclePolicy",
            _ARN,
            "GetLifecyclePolicies",
            {
                "GetLifecyclePolicies": {"Policies": [_LISTED]},
                "GetLifecyclePolicy": {
                    "Policy": {
                        **_LISTED,
                        "PolicyArn": _ARN,
                        "PolicyDetails": {
                            "PolicyType": "EBS_SNAPSHOT_MANAGEMENT",
                            "Schedules": [
                                {
                                    "RetainRule": {"Count": 7},
                                    "CrossRegionCopyRules": [
                                        {"Encrypted": True, "CmkArn": "key", "Target": "eu-west-1"}
                                    ],
                                }
                            ],
                            "Actions": [
                                {
                                    "Name": "copy",
                                    "CrossRegionCopy": [
                                        {"Target": "eu-west-1", "EncryptionConfiguration": {"Encrypted": False}}
                                    ],
                                }
                            ],
                        },
                    }
                },
            },
            {"State": "ENABLED"},
            gone={"GetLifecyclePolicy": "ResourceNotFoundException"},
            needs=("PolicyId", "Encrypted", "Target", "Name", "CrossRegionCopy", "EncryptionConfiguration"),
            title="policy-1",
        ),
    )

    def test_the_fields(self, scripted) -> None:
        scripted(dict(self.cases[0].answers))
        (policy,) = Inventory(scan("AWS::DLM::LifecyclePolicy")).of(LifecyclePolicy)
        assert (policy.state, policy.policy_type) == ("ENABLED", "EBS_SNAPSHOT_MANAGEMENT")
        (schedule,) = policy.schedules
        assert schedule.retain_rule == {"Count": 7}
        assert [(copy.encrypted, copy.cmk_arn) for copy in schedule.cross_region_copies] == [(True, "key")]
        copies = [copy.encryption for action in policy.actions for copy in action.cross_region_copies]
        assert [copy.encrypted for copy in copies if copy] == [False]
