"""The model registry, inference components and experiments, feature groups, HyperPod clusters, human reviews."""

from __future__ import annotations

from auditor.sources.account.regular import Call, Listing, regular

_ARN = "arn:{partition}:sagemaker:{region}:{account}"
_GONE = ("ResourceNotFound", "ValidationException")

regular(
    "sagemaker",
    "AWS::SageMaker::ModelPackageGroup",
    Listing("ListModelPackageGroups", "ModelPackageGroupSummaryList[?ModelPackageGroupStatus!='Deleting']"),
    more=(
        Call(
            "GetModelPackageGroupPolicy",
            "ResourcePolicy",
            {"ModelPackageGroupName": "{ModelPackageGroupName}"},
            into="ModelPackageGroupPolicy",
            absent=("ValidationException",),  # "Cannot find resource policy"
        ),
    ),
    arn="{ModelPackageGroupArn}",
    title="{ModelPackageGroupName}",
)

# The list tells all but when an approved one was approved: at once, where nobody changed it after it was made.
regular(
    "sagemaker",
    "AWS::SageMaker::ModelPackage",
    Listing(
        "ListModelPackages",
        "ModelPackageSummaryList[?ModelPackageStatus!='Deleting']",
        {"ModelPackageType": "Both"},
    ),
    more=(
        Call(
            "DescribeModelPackage",
            "{LastModifiedTime: LastModifiedTime}",
            {"ModelPackageName": "{ModelPackageArn}"},
            into="Approval",
            gone=_GONE,
            when="ModelApprovalStatus=='Approved'",
        ),
    ),
    arn="{ModelPackageArn}",
    title="{ModelPackageArn!n}",
    names=("{ModelPackageName}",),
)

regular(
    "sagemaker",
    "AWS::SageMaker::InferenceComponent",
    Listing("ListInferenceComponents", "InferenceComponents[?InferenceComponentStatus!='Deleting']"),
    arn="{InferenceComponentArn}",
    title="{InferenceComponentName}",
)

regular(
    "sagemaker",
    "AWS::SageMaker::InferenceExperiment",
    Listing("ListInferenceExperiments", "InferenceExperiments"),
    describe=Call("DescribeInferenceExperiment", "", {"Name": "{Name}"}, gone=_GONE),
    arn=f"{_ARN}:inference-experiment/{{Name!l}}",
    title="{Name}",
)

for _type in ("AWS::SageMaker::FeatureGroup", "api:SageMaker::FlowDefinition"):
    _kind = _type.rpartition("::")[2]
    regular(
        "sagemaker",
        _type,
        Listing(f"List{_kind}s", f"{_kind}Summaries[?{_kind}Status!='Deleting']"),
        describe=Call(f"Describe{_kind}", "", {f"{_kind}Name": f"{{{_kind}Name}}"}, gone=_GONE),
        arn=f"{{{_kind}Arn}}",
        title=f"{{{_kind}Name}}",
    )

regular(
    "sagemaker",
    "AWS::SageMaker::Cluster",
    Listing("ListClusters", "ClusterSummaries[?ClusterStatus!='Deleting']", tells=("ClusterName",)),
    describe=Call("DescribeCluster", "", {"ClusterName": "{ClusterArn}"}, gone=_GONE),
    tagging="sagemaker:cluster",
    arn="{ClusterArn}",
    title="{ClusterName}",
)
