"""IAM: permissions that are too wide, credentials that are too old."""

from datetime import timedelta

from auditor import CRITICAL, HIGH, MEDIUM, Findings, check
from auditor.clock import now
from auditor.config import Config
from auditor.inventory import Inventory
from auditor.policy import Policy, Statement, managed
from auditor.policy.buckets import opens_s3
from auditor.policy.escalation import Path, escalations
from auditor.policy.personas import is_for_workloads
from auditor.policy.principals import LOOKED_UP, Permissions, permissions_of
from auditor.policy.scope import unlimited
from auditor.resources.account import Account
from auditor.resources.iam import AccessKey, Group, PolicyHolder, Role, User

_MANAGED = """
AWS::IAM::ManagedPolicy:
  PolicyDocument: {Version: "2012-10-17", Statement: [{Effect: Allow, Action: %s, Resource: %s%s}]}
"""
_INLINE = """
AWS::IAM::Role:
  AssumeRolePolicyDocument:
    Statement: {Effect: Allow, Principal: {Service: sagemaker.amazonaws.com}, Action: "sts:AssumeRole"}
  Policies:
    - PolicyName: training
      PolicyDocument: {Statement: {Effect: Allow, Action: %s, Resource: %s}}
"""
_ADMINISTRATOR = "arn:${AWS::Partition}:iam::aws:policy/AdministratorAccess"
_ATTACHED = """
AWS::IAM::Role:
  AssumeRolePolicyDocument: {Statement: {Effect: Allow, Principal: {%s}, Action: "sts:AssumeRole"}}
  ManagedPolicyArns: [%s]
"""


@check(
    "iam-policy-admin-star",
    title="No IAM policy allows all actions on all resources",
    severity=CRITICAL,
    bad=(
        _MANAGED % ('"*"', '"*"', ""),
        _MANAGED % ('["s3:GetObject", "*:*"]', '["*"]', ""),
        _INLINE % ('["*"]', '"*"'),
    ),
    good=(_MANAGED % ('"s3:*"', '"*"', ""), _INLINE % ('"*"', '"arn:aws:s3:::models"')),
)
def policy_admin_star(holder: PolicyHolder) -> Findings:
    """Whoever gets hold of such an identity owns the account: its data, its bill and its logs.

    Fix: allow the actions and resources that the work needs. IAM Access Analyzer makes a policy of what was used.
    """
    for name, statement in holder.statements(Policy.allowing_everything):
        yield holder.fail(f"allows all actions on all resources{_where(name)}", at=statement)


@check(
    "iam-policy-service-wildcard",
    title="Customer IAM policies do not allow all actions of a service",
    severity=MEDIUM,
    bad=(
        _MANAGED % ('["sagemaker:*", "s3:GetObject"]', '"*"', ""),
        _INLINE % ('"s3:*"', '"arn:aws:s3:::models/*"'),
        'AWS::IAM::ManagedPolicy: {PolicyDocument: {Statement: {Effect: Allow, NotAction: "iam:*", Resource: "*"}}}',
    ),
    good=(
        _MANAGED % ('["s3:Get*", "s3:PutObject"]', '"*"', ""),
        'AWS::IAM::ManagedPolicy: {PolicyDocument: {Statement: {Effect: Deny, Action: "s3:*", Resource: "*"}}}',
    ),
)
def policy_service_wildcard(holder: PolicyHolder) -> Findings:
    """All actions of a service include those that delete it, share it and change who may use it.

    Fix: name the actions that the work needs, by prefix where that is enough (s3:Get*).
    """
    for name, statement in holder.statements(Policy.allowing_services):
        element = statement.element("Action", "NotAction")
        yield holder.fail(f"allows {_opened(statement)}{_where(name)}", at=element)


@check(
    "iam-policy-passrole-wildcard",
    title="Policies limit iam:PassRole to named roles",
    severity=HIGH,
    bad=(
        _MANAGED % ('"iam:PassRole"', '"*"', ""),
        _MANAGED
        % (
            '"iam:*"',
            '!Sub "arn:aws:iam::${AWS::AccountId}:role/*"',
            ', Condition: {StringEquals: {"iam:PassedToService": sagemaker.amazonaws.com}}',
        ),
        _INLINE % ('"iam:Pass*"', '["arn:aws:iam::*:role/*"]'),
    ),
    good=(
        _MANAGED % ('"iam:PassRole"', '"arn:aws:iam::111122223333:role/training-*"', ""),
        _INLINE % ('["sagemaker:CreateTrainingJob", "iam:GetRole"]', '"*"'),
    ),
)
def policy_passrole_wildcard(holder: PolicyHolder) -> Findings:
    """Who can pass any role to a notebook, job or function can act as the mightiest role that the service may take on.

    A condition on iam:PassedToService narrows which services, and still leaves every role that trusts them.

    Fix: put the ARNs of the roles that the work needs into Resource, with a condition on iam:PassedToService.
    """
    for name, statement in holder.statements(Policy.passing_any_role):
        element = statement.element("Resource", "NotResource")
        yield holder.fail(f"lets any role be passed to a service (iam:PassRole){_where(name)}", at=element)


@check(
    "iam-administrator-access-attached",
    title="AdministratorAccess is not attached to users, groups or workload roles",
    severity=CRITICAL,
    bad=(
        _ATTACHED % ("Service: sagemaker.amazonaws.com", '"arn:aws:iam::aws:policy/AdministratorAccess"'),
        _ATTACHED
        % ("Service: [ec2.amazonaws.com]", '!Sub "arn:${AWS::Partition}:iam::aws:policy/AdministratorAccess"'),
        'AWS::IAM::User: {ManagedPolicyArns: ["arn:aws:iam::aws:policy/AdministratorAccess"]}',
        'AWS::IAM::Group: {ManagedPolicyArns: ["arn:aws-cn:iam::aws:policy/AdministratorAccess"]}',
    ),
    good=(
        _ATTACHED % ("Service: sagemaker.amazonaws.com", '"arn:aws:iam::aws:policy/AmazonSageMakerReadOnly"'),
        # People sign in to it: whether they may administer the account is for its owner to decide.
        _ATTACHED
        % ('Federated: "arn:aws:iam::111122223333:saml-provider/sso"', '"arn:aws:iam::aws:policy/AdministratorAccess"'),
        'AWS::IAM::User: {ManagedPolicyArns: ["arn:aws:iam::111122223333:policy/AdministratorAccess"]}',
    ),
)
def administrator_access_attached(identity: Role | User | Group) -> Findings:
    """One leaked key, or one hole in a workload, then gives away the whole account.

    Fix: replace it by a policy that allows what the work needs; people who administer the account take on a role that
    only a federated sign-in with MFA may take on.
    """
    for arn in managed.attached_to(identity):
        if managed.name_of(arn) == "AdministratorAccess" and _is_risky(identity):
            yield identity.fail("has AdministratorAccess attached", at="managed_policy_arns")


@check(
    "iam-policy-resource-wildcard",
    title="IAM policies limit resources for actions that support it",
    severity=MEDIUM,
    bad=(
        _MANAGED % ('["s3:PutObject", "s3:ListAllMyBuckets"]', '"*"', ""),
        _MANAGED % ('"sagemaker:*"', '"*"', ', Condition: {Bool: {"aws:SecureTransport": "true"}}'),
        _INLINE % ('"secretsmanager:GetSecretValue"', '["*"]'),
    ),
    good=(
        _MANAGED % ('["s3:ListAllMyBuckets", "ec2:Describe*", "ecr:GetAuthorizationToken"]', '"*"', ""),
        _MANAGED % ('["logs:CreateLogGroup", "ec2:CreateNetworkInterface"]', '"*"', ""),
        _MANAGED % ('"s3:PutObject"', '"*"', ', Condition: {StringEquals: {"aws:ResourceTag/team": ml}}'),
        _INLINE % ('"s3:PutObject"', '"arn:aws:s3:::models/*"'),
    ),
)
def policy_resource_wildcard(holder: PolicyHolder) -> Findings:
    """With every resource in reach, a mistake or a stolen identity reaches those of other teams and of production too.

    What allows everything is reported by iam-policy-admin-star.

    Fix: put the ARNs that the work needs into Resource, with a wildcard in the name where they share a prefix. Actions
    that can't be limited, such as s3:ListAllMyBuckets, go into a statement of their own.
    """
    for name, statement in holder.statements(_not_limited):
        few = _few(list(tuple.__iter__(unlimited(statement))))
        element = statement.element("Resource")
        yield holder.fail(f"allows {few} on all resources{_where(name)}", at=element)


@check(
    "iam-policy-s3-full-access",
    title="IAM policies do not grant s3:* or access to all buckets",
    severity=HIGH,
    bad=(
        _MANAGED % ('"s3:*"', '"*"', ""),
        _INLINE % ('["s3:*"]', '"arn:aws:s3:::models/*"'),
        _MANAGED % ('["s3:GetObject", "s3:ListBucket"]', '"arn:aws:s3:::*"', ""),
        _MANAGED % ('"s3:Put*"', '["arn:aws:s3:::*/*"]', ""),
    ),
    good=(
        _MANAGED % ('["s3:GetObject", "s3:PutObject"]', '"arn:aws:s3:::training-*/*"', ""),
        _MANAGED % ('["s3:ListAllMyBuckets", "s3:GetBucketLocation"]', '"*"', ""),
        _MANAGED % ('"s3:GetObject"', '"*"', ', Condition: {StringEquals: {"s3:ExistingObjectTag/zone": gold}}'),
    ),
)
def policy_s3_full_access(holder: PolicyHolder) -> Findings:
    """Training data, models and logs of every team are then open to whoever holds this, to read, change or delete.

    What allows all actions of all services is reported by iam-policy-admin-star.

    Fix: allow s3:GetObject, s3:PutObject and s3:ListBucket on the buckets and prefixes that the work needs.
    """
    for name, statement in holder.statements(lambda policy: policy.where(lambda one: opens_s3(one) is not None)):
        what = opens_s3(statement)
        yield holder.fail(f"allows {what}{_where(name)}", at=statement.element("Action", "NotAction"))


@check(
    "iam-policy-privilege-escalation",
    title="IAM policies allow no combination of actions that escalates privileges",
    severity=HIGH,
    uses=LOOKED_UP,
    bad=(
        _MANAGED % ('"iam:CreatePolicyVersion"', '"*"', ""),
        _MANAGED % ('["iam:PassRole", "lambda:CreateFunction", "lambda:InvokeFunction"]', '"*"', ""),
        _INLINE % ('["iam:PassRole", "sagemaker:CreateTrainingJob"]', '"*"'),
        """
Resources:
  Role:
    Type: AWS::IAM::Role
    Properties:
      AssumeRolePolicyDocument: {}
      Policies:
        - {PolicyName: pass, PolicyDocument: {Statement: {Effect: Allow, Action: "iam:PassRole", Resource: "*"}}}
  Policy:
    Type: AWS::IAM::Policy
    Properties:
      PolicyName: glue
      PolicyDocument: {Statement: {Effect: Allow, Action: ["glue:CreateJob", "glue:StartJobRun"], Resource: "*"}}
      Roles: [!Ref Role]
""",
    ),
    good=(
        _MANAGED % ('["iam:PassRole", "lambda:*"]', '"arn:aws:iam::111122223333:role/function-*"', ""),
        _MANAGED % ('"iam:CreateAccessKey"', '"arn:aws:iam::*:user/${aws:username}"', ""),
        _INLINE % ('["sagemaker:CreateTrainingJob", "s3:*"]', '"*"'),
    ),
)
def policy_privilege_escalation(holder: PolicyHolder, inventory: Inventory) -> Findings:
    """Such permissions are as good as those of an administrator, and don't look like it.

    Judged are the policies of a role, user or group together, with what Deny statements and a boundary take back, and
    each policy by itself.

    Fix: name the roles that may be passed (iam:PassRole) in Resource, or take one of the actions of each path away.
    """
    if isinstance(holder, Role | User | Group):
        yield from _escalating(holder, permissions_of(holder, inventory))
        return
    for _, policy in holder.documents():
        yield from _escalating(holder, Permissions.of_policy(policy))


@check(
    "iam-root-access-key",
    title="The root user has no access keys",
    severity=CRITICAL,
    inputs=("live",),
)
def root_access_key(account: Account) -> Findings:
    """A root access key can do everything, and no policy can limit it.

    Fix: sign in as root and delete its access keys; use roles instead.
    """
    if account.root_access_keys:
        yield account.fail("has an access key for its root user", at="root_access_keys", expected="0")


@check(
    "iam-user-credentials-unused",
    title="Unused IAM access keys and passwords are disabled",
    severity=MEDIUM,
    inputs=("live",),
)
def user_credentials_unused(user: User, config: Config) -> Findings:
    """Nobody notices when a forgotten key or password is stolen.

    Fix: deactivate the access key or remove the console password, and delete it when nothing broke. How many days
    count as unused is set by unused-credential-days in the configuration.
    """
    days = config.unused_credential_days
    for name, used in user.credentials.unused_since(now() - timedelta(days=days)):
        ever = "has not been used for" if used else "has never been used in"
        yield user.fail(f"has a credential ({name}) that {ever} {days} days or more", at="credentials")


@check(
    "iam-access-key-in-template",
    title="Templates and configurations create no IAM access keys",
    severity=HIGH,
    inputs=("cloudformation", "terraform"),
    bad="AWS::IAM::AccessKey: {UserName: pipeline}",
    good="AWS::IAM::AccessKey: {UserName: pipeline, Status: Inactive}",
)
def access_key_in_template(key: AccessKey) -> Findings:
    """A key made by a template is valid for ever, and its secret is in the stack's outputs, state or a secret store.

    Fix: give the workload a role; for systems outside AWS use IAM Roles Anywhere or OpenID Connect.
    """
    if key.status == "Active":
        yield key.fail("creates a long-lived access key")


@check(
    "iam-user-long-lived-credentials",
    title="Workloads use temporary credentials; users' long-lived keys reach only IAM and STS",
    severity=MEDIUM,
    inputs=("live",),
)
def user_long_lived_credentials(user: User) -> Findings:
    """An access key works from anywhere until somebody deletes it, and ends up in code, images and notebooks.

    IAM's credential report tells the service that a key was last used with; a key that was only used to take on a role
    is no finding.

    Fix: give the workload a role (an instance profile, IAM Roles Anywhere, OpenID Connect for CI), and delete the key.
    """
    for key, service in user.credentials.keys_in_use():
        yield user.fail(f"uses a long-lived key ({key}) with {service}", at="credentials")


def _is_risky(identity: Role | User | Group) -> bool:
    return not isinstance(identity, Role) or is_for_workloads(identity)


def _escalating(holder: PolicyHolder, permissions: Permissions) -> Findings:
    """One finding for each statement that opens a way, the ways that another resource is judged for left out."""
    ways: dict[tuple[object, ...], list[Path]] = {}
    found = escalations(permissions)
    for path in tuple.__iter__(found):
        sources = {id(grant.source): grant.source for grant in path.grants}
        if len(sources) == 1 and path.grants[0].source.apart and not path.on_itself:
            continue  # that policy is judged itself
        ways.setdefault(path.grants[0].statement.spot()[1], []).append(path)
    for paths in ways.values():
        first = paths[0].grants[0]
        more = f", and {len(paths) - 3} more ways" if len(paths) > 3 else ""
        listed = "; ".join(str(path) for path in paths[:3])
        where = f" ({first.source.name})" if first.source.name else ""
        yield holder.fail(f"can raise its own permissions{where}: {listed}{more}", at=first.statement)
    for _ in found:  # undecided where other ways may be open
        pass


def _not_limited(policy: Policy) -> tuple[Statement, ...]:
    return policy.where(lambda one: not one.allows_everything() and bool(unlimited(one)))


def _few(actions: list[str]) -> str:
    shown = ", ".join(actions[:3])
    return f"{shown} and {len(actions) - 3} more actions" if len(actions) > 3 else shown


def _where(name: str) -> str:
    return f" (inline policy {name})" if name else ""


def _opened(statement: Statement) -> str:
    services = statement.open_services()
    if "*" in services:
        return "all actions of all services"
    if services:
        return f"all actions of {', '.join(services)}"
    return "all actions but some (NotAction)" if statement.not_actions else "all actions of a service"
