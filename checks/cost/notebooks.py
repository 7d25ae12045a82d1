"""What SageMaker's notebooks and Studio cost while nobody works with them."""

from collections.abc import Callable, Iterator
from datetime import timedelta

from auditor import HIGH, MEDIUM, Findings, Inventory, Undecided, check, clock
from auditor.config import Config
from auditor.knowledge.stops import STOPPERS, is_stopped
from auditor.members import either, every, if_known, known_first, place, some, those
from auditor.pricing import idle, sizing
from auditor.pricing.book import Component
from auditor.resources.base import Placed
from auditor.resources.ec2 import type_details
from auditor.resources.sagemaker import OPENING_DAYS, Domain, NotebookInstance, NotebookOpening
from auditor.resources.sagemaker_studio import (
    App,
    AppSettings,
    DomainAppSettings,
    NotebookLifecycleConfig,
    UserProfile,
)

_FREE = "system"
"""The instance type of apps that run on SageMaker's own machines."""
_EXPLORES = ("m5",)
"""The family of types to explore data with."""

_NOTEBOOK = """
        Resources:
          Research:
            Type: AWS::SageMaker::NotebookInstance
            Properties: {InstanceType: ml.t3.xlarge, RoleArn: role, LifecycleConfigName: %s}
          Scripts:
            Type: AWS::SageMaker::NotebookInstanceLifecycleConfig
            Properties: {NotebookInstanceLifecycleConfigName: scripts, OnStart: [{Content: !Base64 "%s"}]}
        """


@check(
    "sagemaker-notebook-autostop-missing",
    title="SageMaker notebook instances have a lifecycle configuration that stops them when idle",
    severity=MEDIUM,
    uses=(NotebookLifecycleConfig, *STOPPERS),
    bad=(
        "AWS::SageMaker::NotebookInstance: {InstanceType: ml.t3.xlarge, RoleArn: role}",
        _NOTEBOOK % ("!GetAtt Scripts.NotebookInstanceLifecycleConfigName", "pip install pandas"),
    ),
    good=(
        _NOTEBOOK % ("scripts", "(crontab -l; echo '*/5 * * * * python autostop.py --time 3600') | crontab -"),
        _NOTEBOOK % ("scripts", "aws sagemaker stop-notebook-instance --notebook-instance-name research"),
    ),
)
def notebook_autostop_missing(notebook: NotebookInstance, inventory: Inventory, config: Config) -> Findings:
    """A notebook instance runs, and is paid for, at night and on holidays, until somebody stops it.

    Fix: attach a lifecycle configuration whose OnStart script stops the instance after an idle hour, such as AWS's
    sample auto-stop-idle, or move to Studio, where idle apps can be shut down by a setting.
    """
    if either(lambda: _stops_itself(notebook, inventory), lambda: is_stopped(notebook, notebook, inventory)):
        return
    saving = None
    if notebook.runs:
        kind = if_known(notebook, "instance_type")
        saving = kind and idle.outside([(kind, 1)], config.working_hours, notebook.scope.region)
    hint = "" if saving else "; what that costs depends on its type, and on how long it runs"
    what = "has a lifecycle configuration that does not stop it" if notebook.lifecycle_config_name else "is not stopped"
    yield notebook.fail(f"{what} when nobody uses it{hint}", at="lifecycle_config_name", saving=saving)


def _stops_itself(notebook: NotebookInstance, inventory: Inventory) -> bool:
    if notebook.lifecycle_config_name is None:
        return False
    scripts = inventory.get(NotebookLifecycleConfig, notebook.lifecycle_config_name, near=notebook)
    if scripts is None:
        return False
    return either(
        lambda: some(scripts.on_start, lambda script: script.stops_when_idle),
        lambda: some(scripts.on_create, lambda script: script.stops_when_idle),
    )


@check(
    "sagemaker-notebook-idle",
    title="Running SageMaker notebook instances are in use",
    severity=HIGH,
    uses=(NotebookOpening,),
    inputs=("live",),
)
def notebook_idle(notebook: NotebookInstance, inventory: Inventory, config: Config) -> Findings:
    """A notebook instance that nobody has opened for weeks is paid for by the hour all the same.

    Fix: stop the instance, which keeps its volume, or delete it; attach a lifecycle configuration that stops it when
    idle. Look first whether a script goes on in it by itself: CloudTrail only tells when somebody opened it.
    """
    if notebook.notebook_instance_status != "InService":
        return
    openings = inventory.referring(NotebookOpening, lambda opening: opening.notebook_instance_name, notebook)
    oldest = clock.now() - timedelta(days=config.idle_days)
    if some(openings, lambda opening: opening.last_opened >= oldest):
        return
    if config.idle_days > OPENING_DAYS:
        raise Undecided(f"events are read for {OPENING_DAYS} days, and {config.idle_days} are needed (idle-days)")
    if notebook.last_modified_time >= oldest:
        raise Undecided(f"it was started or changed less than {config.idle_days} days ago")
    saving = idle.instances([(notebook.instance_type, 1)], notebook.scope.region, confidence="medium")
    hint = "" if saving else f"; what it costs depends on the price of {notebook.instance_type}, which is not known"
    yield notebook.fail(f"runs, and nobody opened it in {config.idle_days} days{hint}", saving=saving)


_DOMAIN = """
        AWS::SageMaker::Domain:
          AuthMode: IAM
          DomainName: research
          SubnetIds: [subnet-1]
          VpcId: vpc-1
          DefaultUserSettings: {ExecutionRole: role%s}
        """
_IDLE = ", %s: {AppLifecycleManagement: {IdleSettings: {LifecycleManagement: %s, IdleTimeoutInMinutes: 60}}}"
_SPEC = ", %s: {DefaultResourceSpec: {InstanceType: %s}}"


@check(
    "sagemaker-notebook-gpu-instance",
    title="SageMaker notebook instances and Studio defaults for exploration are not GPU instances",
    severity=MEDIUM,
    bad=(
        "AWS::SageMaker::NotebookInstance: {InstanceType: ml.p3.2xlarge, RoleArn: role}",
        _DOMAIN % (_SPEC % ("JupyterLabAppSettings", "ml.g5.xlarge")),
        """
        AWS::SageMaker::UserProfile:
          DomainId: d-1
          UserProfileName: ana
          UserSettings: {CodeEditorAppSettings: {DefaultResourceSpec: {InstanceType: ml.g4dn.xlarge}}}
        """,
        """
        AWS::SageMaker::App:
          {DomainId: d-1, AppName: lab, AppType: JupyterLab, UserProfileName: ana,
          ResourceSpec: {InstanceType: ml.g5.xlarge}}
        """,
    ),
    good=(
        "AWS::SageMaker::NotebookInstance: {InstanceType: ml.m5.xlarge, RoleArn: role}",
        _DOMAIN % (_SPEC % ("JupyterLabAppSettings", "ml.m5.large")),
        _DOMAIN % "",
        """
        AWS::SageMaker::App:
          {DomainId: d-1, AppName: default, AppType: JupyterServer, UserProfileName: ana,
          ResourceSpec: {InstanceType: system}}
        """,
    ),
)
def notebook_gpu_instance(workplace: NotebookInstance | Domain | UserProfile | App) -> Findings:
    """Exploring data is reading, thinking and typing: a GPU mostly waits, at several times the price.

    Fix: explore on a general purpose type such as ml.m5.xlarge, and start training and processing jobs from there for
    what needs a GPU; choose one for a notebook only while code runs on it.
    """
    for name, at, running in those(_types(workplace), lambda one: _has_gpu(one[0])):
        component: Component = "notebook" if isinstance(workplace, NotebookInstance) else "studio"
        target = sizing.general_purpose(name, _EXPLORES, workplace.scope.region, component)
        saving = None
        if running and target:
            saving = sizing.replaced(name, target, 1, workplace.scope.region, confidence="low")
        hint = "" if saving else "; what another type saves depends on the hours it runs"
        verb = "starts apps on" if isinstance(workplace, Domain | UserProfile) else "is"
        yield workplace.fail(
            f"{verb} {name}, which has GPUs: right only while code runs on them{hint}", at=at, saving=saving
        )


_Found = tuple[str, Placed | str, bool]


def _types(workplace: NotebookInstance | Domain | UserProfile | App) -> Iterator[_Found]:
    """The instance types that it has or starts, where each stands, and whether it runs (if always on)."""
    if isinstance(workplace, NotebookInstance):
        yield workplace.instance_type, "instance_type", workplace.runs
    elif isinstance(workplace, App):
        if workplace.instance_type:
            yield workplace.instance_type, "instance_type", True
    else:
        settings = workplace.default_user_settings if isinstance(workplace, Domain) else workplace.user_settings
        asked: tuple[Callable[[], AppSettings | None], ...] = (
            lambda: settings.jupyter_lab_app_settings if settings else None,
            lambda: settings.code_editor_app_settings if settings else None,
        )
        yield from known_first(asked, lambda ask: _default(ask()))


def _default(settings: AppSettings | None) -> _Found | None:
    if settings is None or settings.instance_type is None:
        return None
    return settings.instance_type, place(settings, "instance_type"), False


def _has_gpu(name: str) -> bool:
    kind = None if name == _FREE else type_details(name)
    return kind is not None and kind.has_gpu


@check(
    "sagemaker-domain-idle-shutdown",
    title="Studio JupyterLab and Code Editor apps shut down when idle",
    severity=MEDIUM,
    bad=(
        _DOMAIN % "",
        _DOMAIN % (_IDLE % ("JupyterLabAppSettings", "ENABLED")),
        _DOMAIN % (_IDLE % ("JupyterLabAppSettings", "ENABLED") + _IDLE % ("CodeEditorAppSettings", "DISABLED")),
    ),
    good=_DOMAIN % (_IDLE % ("JupyterLabAppSettings", "ENABLED") + _IDLE % ("CodeEditorAppSettings", "ENABLED")),
)
def domain_idle_shutdown(domain: Domain) -> Findings:
    """Studio apps run, and are paid for, until somebody stops them; closing the browser does not.

    Fix: set AppLifecycleManagement with IdleSettings, LifecycleManagement ENABLED and an IdleTimeoutInMinutes such as
    120, in DefaultUserSettings for JupyterLabAppSettings and CodeEditorAppSettings.
    """
    settings = domain.default_user_settings
    kinds: tuple[tuple[str, Callable[[], DomainAppSettings | None]], ...] = (
        ("JupyterLab", lambda: settings.jupyter_lab_app_settings if settings else None),
        ("Code Editor", lambda: settings.code_editor_app_settings if settings else None),
    )
    for name, _ in those(kinds, lambda kind: _runs_on(kind[1]())):
        yield domain.fail(
            f"does not stop {name} apps that nobody uses; what that costs depends on how long they run",
            at="default_user_settings",
        )


def _runs_on(settings: DomainAppSettings | None) -> bool:
    """Whether apps go on for ever by these settings."""
    if settings is None:
        return True
    if settings.idle_settings and settings.idle_settings.lifecycle_management == "ENABLED":
        return False
    if settings.lifecycle_config_arns:
        raise Undecided("its lifecycle configurations may stop idle apps, and what they do is not read")
    return True


@check(
    "sagemaker-studio-app-idle",
    title="Running Studio apps and spaces are in use",
    severity=MEDIUM,
    inputs=("live",),
)
def studio_app_idle(app: App, config: Config) -> Findings:
    """An app goes on running after its user has left, and the space that it runs for is paid by its instance's hour.

    Fix: delete the app, or stop the space, whose storage stays; let the domain shut down idle apps by itself.
    """
    limit = timedelta(hours=config.studio_idle_hours)
    if not every(lambda: app.status == "InService", lambda: clock.now() - app.creation_time > limit):
        return
    kind = app.instance_type
    if kind == _FREE:
        return
    used = app.last_used
    since = clock.now() - (used or app.creation_time)
    if since <= limit:
        return
    saving = idle.instances([(kind, 1)], app.scope.region, confidence="medium") if kind else None
    hint = "" if saving else "; what it costs depends on its instance type"
    days = f"{since.days} days" if since.days > 2 else f"{since.total_seconds() / 3600:.0f} hours"
    what = "was last used" if used else "was never used since it started"
    yield app.fail(f"runs and {what} {days} ago{hint}", saving=saving)
