"""The roles of an ML platform: data scientists, ML engineers, data engineers, production."""

from collections.abc import Iterable

from auditor import HIGH, MEDIUM, Findings, Undecided, check
from auditor.config import Config
from auditor.inventory import Inventory
from auditor.members import in_turn
from auditor.policy import duties, managed
from auditor.policy.duties import Found
from auditor.policy.personas import judge_only, persona_of, serves
from auditor.policy.principals import LOOKED_UP, permissions_of
from auditor.policy.production import beyond_serving
from auditor.policy.usage import USERS, purposes
from auditor.resources.iam import Role

_ROLE = """
AWS::IAM::Role:
  RoleName: %s
  AssumeRolePolicyDocument: {Statement: {Effect: Allow, Principal: {Service: sagemaker.amazonaws.com}}}
  Policies:
    - {PolicyName: work, PolicyDocument: {Statement: {Effect: Allow, Action: %s, Resource: %s}}}
"""
_MANAGED = """
AWS::IAM::Role:
  RoleName: %s
  AssumeRolePolicyDocument: {Statement: {Effect: Allow, Principal: {Service: sagemaker.amazonaws.com}}}
  ManagedPolicyArns: ["arn:aws:iam::aws:policy/%s"]
"""
_DENIED = """
AWS::IAM::Role:
  RoleName: data-scientist
  Policies:
    - PolicyName: work
      PolicyDocument:
        Statement:
          - {Effect: Allow, Action: "sagemaker:*", Resource: "*"}
          - {Effect: Deny, Action: ["sagemaker:*Endpoint*", "sagemaker:UpdateModelPackage"], Resource: "*"}
"""
_ENDPOINT = '"arn:aws:sagemaker:us-east-1:111122223333:endpoint/%s"'


@check(
    "iam-ml-data-scientist-deploy-rights",
    title="Data scientist roles cannot deploy to production (create or update endpoints, approve model packages)",
    severity=HIGH,
    uses=LOOKED_UP,
    bad=(
        _ROLE % ("team-data-scientist", '"sagemaker:*"', '"*"'),
        _ROLE % ("DataScientist", "[sagemaker:CreateEndpoint]", _ENDPOINT % "prod-*"),
        _ROLE % ("datascience", "sagemaker:UpdateModelPackage", '"*"'),
        _MANAGED % ("DataScientistRole", "AmazonSageMakerFullAccess"),
    ),
    good=(
        _ROLE % ("data-scientist", "[sagemaker:CreateTrainingJob, sagemaker:InvokeEndpoint]", '"*"'),
        _ROLE % ("data-scientist", "sagemaker:CreateEndpoint", _ENDPOINT % "dev-*"),
        _DENIED,
    ),
)
def data_scientist_deploy_rights(role: Role, inventory: Inventory, config: Config) -> Findings:
    """Who experiments should not also decide what customers are served: the review in between is the safeguard.

    Roles are recognised by name (data-scientist-roles in the configuration) or by a tag (ml-role-tags).

    Fix: limit sagemaker:CreateEndpoint and UpdateEndpoint to endpoints for experiments, such as endpoint/dev-*, and
    take sagemaker:UpdateModelPackage away; let a pipeline's role deploy what an ML engineer approved.
    """
    judge_only(role, config, "data scientist")
    permissions = permissions_of(role, inventory)
    found = in_turn(duties.deployment(permissions), duties.approval(permissions))
    yield from _one_each(role, found, "lets data scientists deploy or approve models")


@check(
    "iam-ml-data-scientist-data-scope",
    title="Data scientist roles read training data and write only to experiment buckets",
    severity=MEDIUM,
    uses=LOOKED_UP,
    bad=(
        _ROLE % ("data-scientist", '"s3:*"', '"*"'),
        _ROLE % ("data-scientist", '["s3:GetObject"]', '"arn:aws:s3:::*"'),
        _ROLE % ("data-scientist", '"s3:Put*"', '["arn:aws:s3:::ml-training-data/*", "arn:aws:s3:::experiments/*"]'),
        _MANAGED % ("data-scientist", "AmazonS3FullAccess"),
    ),
    good=(
        _ROLE % ("data-scientist", '"s3:GetObject"', '"arn:aws:s3:::ml-training-data/*"'),
        _ROLE % ("data-scientist", '["s3:PutObject", "s3:GetObject"]', '"arn:aws:s3:::model-experiments/*"'),
    ),
)
def data_scientist_data_scope(role: Role, inventory: Inventory, config: Config) -> Findings:
    """Training data that an experiment changed spoils every model after it, and data of others is not theirs to read.

    Buckets are judged by their names (sensitive-buckets and experiment-buckets in the configuration).

    Fix: allow s3:GetObject on the buckets of training data, and s3:PutObject only on those for experiments.
    """
    judge_only(role, config, "data scientist")
    permissions = permissions_of(role, inventory)
    for where, grant in duties.writes_outside(permissions, config):
        yield role.fail(f"lets data scientists write to {where}{_of(grant.source.name)}", at=grant.statement)
    yield from _one_each(role, duties.reads_all_buckets(permissions), "lets data scientists read all buckets")


@check(
    "iam-ml-engineer-scope",
    title="ML engineer roles are limited to SageMaker, instances, deployment and monitoring, without IAM or data lake "
    "administration",
    severity=MEDIUM,
    uses=LOOKED_UP,
    bad=(
        _ROLE % ("ml-engineer", '["sagemaker:*", "iam:*"]', '"*"'),
        _ROLE % ("mlops-deploy", '"lakeformation:GrantPermissions"', '"*"'),
        _MANAGED % ("MLEngineer", "AdministratorAccess"),
        _MANAGED % ("MLEngineer", "IAMFullAccess"),
    ),
    good=(
        _ROLE % ("ml-engineer", '["sagemaker:*", "ec2:*", "cloudwatch:*", "iam:Get*"]', '"*"'),
        _MANAGED % ("MLEngineer", "AmazonSageMakerFullAccess"),
    ),
)
def ml_engineer_scope(role: Role, inventory: Inventory, config: Config) -> Findings:
    """Whoever deploys models needs SageMaker, instances and monitoring; IAM and the data lake are the keys to the rest.

    Fix: take the actions of IAM and Lake Formation out of the role; let the platform team make the roles, and allow
    iam:PassRole for those alone.
    """
    judge_only(role, config, "ML engineer")
    permissions = permissions_of(role, inventory)
    yield from _one_each(role, duties.iam_administration(permissions), "lets ML engineers administer IAM")
    found = duties.data_lake_administration(permissions)
    yield from _one_each(role, found, "lets ML engineers administer the data lake")


@check(
    "iam-ml-data-engineer-scope",
    title="Data engineer roles are limited to ETL, databases, data lake, Glue and EMR, without model deployment",
    severity=MEDIUM,
    uses=LOOKED_UP,
    bad=(
        _ROLE % ("data-engineer", '["glue:*", "sagemaker:*"]', '"*"'),
        _ROLE % ("DataEngineerRole", "sagemaker:UpdateModelPackage", '"*"'),
        _ROLE % ("DataEngineerRole", '["iam:PutRolePolicy"]', '"arn:aws:iam::*:role/*"'),
    ),
    good=(
        _ROLE % ("data-engineer", '["glue:*", "elasticmapreduce:*", "lakeformation:*", "s3:*"]', '"*"'),
        _MANAGED % ("data-engineer", "AWSGlueConsoleFullAccess"),
    ),
)
def data_engineer_scope(role: Role, inventory: Inventory, config: Config) -> Findings:
    """Data and the models made of it are kept apart, so that nobody can change both without a second person.

    Fix: take sagemaker:CreateEndpoint, UpdateEndpoint and UpdateModelPackage out of the role, and what manages
    IAM.
    """
    judge_only(role, config, "data engineer")
    permissions = permissions_of(role, inventory)
    found = in_turn(duties.deployment(permissions), duties.approval(permissions))
    yield from _one_each(role, found, "lets data engineers deploy or approve models")
    yield from _one_each(role, duties.iam_administration(permissions), "lets data engineers administer IAM")


@check(
    "iam-ml-production-role-scope",
    title="Production roles only serve, scale and monitor named production resources",
    severity=HIGH,
    uses=LOOKED_UP,
    bad=(
        _ROLE % ("ml-production", '"sagemaker:*"', '"*"'),
        _ROLE % ("ml-prod-serving", '["s3:GetObject"]', '"*"'),
        _ROLE % ("ml-prod-serving", '["glue:CreateJob"]', '"arn:aws:glue:us-east-1:111122223333:job/x"'),
        _MANAGED % ("ml-production", "AmazonSageMakerFullAccess"),
    ),
    good=(
        _ROLE % ("ml-production", '["sagemaker:InvokeEndpoint"]', _ENDPOINT % "prod-*"),
        _ROLE % ("ml-production", '["cloudwatch:PutMetricData", "logs:PutLogEvents"]', '"*"'),
        _ROLE % ("ml-production", '"s3:GetObject"', '"arn:aws:s3:::prod-models/*"'),
    ),
)
def production_role_scope(role: Role, inventory: Inventory, config: Config) -> Findings:
    """It runs where customers can reach it, so what it may do is what an intruder may do.

    Fix: allow sagemaker:InvokeEndpoint, scaling, logs and metrics and reading the model's bucket, each on the ARNs of
    production; build and train with another role.
    """
    judge_only(role, config, "production")
    for what, grant in beyond_serving(permissions_of(role, inventory)):
        yield role.fail(f"lets production {what}{_of(grant.source.name)}", at=grant.statement)


@check(
    "iam-ml-role-separation",
    title="One role is not shared by notebooks, training, pipelines and production endpoints",
    severity=MEDIUM,
    uses=USERS,
    bad="""
Resources:
  Role: {Type: AWS::IAM::Role, Properties: {AssumeRolePolicyDocument: {}}}
  Notebook:
    Type: AWS::SageMaker::NotebookInstance
    Properties: {InstanceType: ml.t3.medium, RoleArn: !GetAtt Role.Arn}
  Model: {Type: AWS::SageMaker::Model, Properties: {ExecutionRoleArn: !GetAtt Role.Arn}}
""",
    good="""
Resources:
  Role: {Type: AWS::IAM::Role, Properties: {RoleName: notebook, AssumeRolePolicyDocument: {}}}
  Notebook:
    Type: AWS::SageMaker::NotebookInstance
    Properties: {InstanceType: ml.t3.medium, RoleArn: !GetAtt Role.Arn}
  Model: {Type: AWS::SageMaker::Model, Properties: {ExecutionRoleArn: "arn:aws:iam::111122223333:role/serving"}}
""",
)
def role_separation(role: Role, inventory: Inventory) -> Findings:
    """A role for several purposes has the permissions of all of them: a notebook then can change what is served.

    Fix: give each purpose a role with what it needs, and remove what the old role no longer needs.
    """
    users = purposes(role, inventory)
    kinds = list(dict.fromkeys(kind for kind, _ in tuple.__iter__(users)))
    if len(kinds) > 1:
        yield role.fail(f"is the role of {', '.join(kinds[:-1])} and {kinds[-1]} alike")
    if not users:  # undecided where it may have a user
        raise Undecided("nothing of the ML platform takes it on", elsewhere=True)
    for _ in users:
        pass


@check(
    "iam-sagemaker-full-access-policy",
    title="AmazonSageMakerFullAccess is not attached to data scientist, execution or production roles",
    severity=HIGH,
    bad=(
        _MANAGED % ("notebooks", "AmazonSageMakerFullAccess"),
        """
AWS::IAM::Role:
  RoleName: data-scientist
  AssumeRolePolicyDocument: {Statement: {Effect: Allow, Principal: {Federated: sso}, Action: "sts:AssumeRoleWithSAML"}}
  ManagedPolicyArns: [!Sub "arn:${AWS::Partition}:iam::aws:policy/AmazonSageMakerFullAccess"]
""",
    ),
    good=(
        _MANAGED % ("notebooks", "AmazonSageMakerReadOnly"),
        """
AWS::IAM::Role:
  RoleName: ml-engineer
  AssumeRolePolicyDocument: {Statement: {Effect: Allow, Principal: {Federated: sso}, Action: "sts:AssumeRoleWithSAML"}}
  ManagedPolicyArns: ["arn:aws:iam::aws:policy/AmazonSageMakerFullAccess"]
""",
    ),
)
def sagemaker_full_access_policy(role: Role, config: Config) -> Findings:
    """It allows nearly all of SageMaker, any bucket with sagemaker in its name, and passing roles: it is for trials.

    Fix: replace it by a policy with the actions and resources of the role's work; SageMaker Role Manager writes one for
    each persona.
    """
    for arn in managed.attached_to(role):
        if managed.name_of(arn) != "AmazonSageMakerFullAccess":
            continue
        if persona_of(role, config) in ("data scientist", "production") or serves(role, "sagemaker"):
            yield role.fail("has AmazonSageMakerFullAccess attached", at="managed_policy_arns")


def _one_each(role: Role, found: Iterable[Found], message: str) -> Findings:
    """One finding for each policy that grants any of these actions."""
    by_source: dict[str, list[Found]] = {}
    known: tuple[Found, ...] = tuple(tuple.__iter__(found)) if isinstance(found, tuple) else tuple(found)
    for one in known:
        by_source.setdefault(one[1].source.name, []).append(one)
    for name, ones in by_source.items():
        actions = ", ".join(action for action, _ in ones[:3])
        yield role.fail(f"{message}: {actions}{_of(name)}", at=ones[0][1].statement)
    for _ in found:  # undecided where another may be granted
        pass


def _of(name: str) -> str:
    return f" ({name})" if name else ""
