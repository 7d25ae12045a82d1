"""Compute Optimizer: its recommendations, which are free, and whether the account asks for them.

Who did not opt in has none, which `computeoptimizer-disabled` is about: every call answers OptInRequiredException then.
"""

from __future__ import annotations

from auditor.sources.account.regular import Listing, regular

# Kind of recommendation, operation, key of the list, member that holds the resource's ARN.
_KINDS = (
    ("Idle", "GetIdleRecommendations", "IdleRecommendations", "ResourceArn"),
    ("Instance", "GetEC2InstanceRecommendations", "InstanceRecommendations", "InstanceArn"),
    ("Volume", "GetEBSVolumeRecommendations", "VolumeRecommendations", "VolumeArn"),
    ("Service", "GetECSServiceRecommendations", "EcsServiceRecommendations", "ServiceArn"),
    ("Function", "GetLambdaFunctionRecommendations", "LambdaFunctionRecommendations", "FunctionArn"),
    ("Database", "GetRDSDatabaseRecommendations", "RdsDBRecommendations", "ResourceArn"),
)

for _kind, _operation, _key, _arn in _KINDS:
    regular(
        "compute-optimizer",
        f"api:ComputeOptimizer::{_kind}Recommendation",
        Listing(_operation, _key, absent=("OptInRequiredException",)),
        arn=f"arn:{{partition}}:compute-optimizer:{{region}}:{{account}}:recommendation/{{{_arn}}}",
        title=f"{{{_arn}!n}}",
        names=(f"{{{_arn}}}",),
        pascal=True,
    )


regular(
    "compute-optimizer",
    "api:ComputeOptimizer::Enrollment",
    Listing("GetEnrollmentStatus", "{Status: Status}"),
    arn="arn:{partition}:compute-optimizer:{region}:{account}:enrollment",
    title="Compute Optimizer",
    pascal=True,
)
