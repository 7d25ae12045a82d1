"""SageMaker Studio: user profiles, spaces, apps, and the scripts that run when something starts."""

import base64
import binascii
import contextlib
import re
from datetime import datetime
from typing import Annotated, Any, ClassVar, Literal, Self

from auditor.raw import Path, Raw
from auditor.resources.base import Resource, Struct
from auditor.resources.fields import NOWHERE, From
from auditor.resources.tags import Tags
from auditor.values import Undecided

_IDLE = "AppLifecycleManagement.IdleSettings"
_SPEC = "DefaultResourceSpec.InstanceType"

# What scripts that stop an idle notebook do: call the API, or run AWS's sample "auto-stop-idle".
_STOPS = re.compile(r"stop[-_]notebook[-_]instance|auto-?stop", re.IGNORECASE)


class IdleSettings(Struct):
    """Whether apps that nobody uses are stopped, and after how many minutes."""

    lifecycle_management: Literal["ENABLED", "DISABLED"] = "DISABLED"
    idle_timeout_in_minutes: int | None = None


class AppSettings(Struct):
    """What JupyterLab or Code Editor apps start with."""

    instance_type: Annotated[str | None, From(cfn=_SPEC, tf="default_resource_spec.instance_type", live=_SPEC)] = None
    lifecycle_config_arns: tuple[str, ...] = ()


class UserSettings(Struct):
    """The settings of a user profile."""

    execution_role: str | None = None
    jupyter_lab_app_settings: AppSettings | None = None
    code_editor_app_settings: AppSettings | None = None


class DomainAppSettings(AppSettings):
    """What a domain's apps start with where neither profile nor space says otherwise, and when they are stopped."""

    idle_settings: Annotated[
        IdleSettings | None, From(cfn=_IDLE, tf="app_lifecycle_management.idle_settings", live=_IDLE)
    ] = None


class DomainUserSettings(UserSettings):
    """The settings of a domain's user profiles that don't say otherwise."""

    jupyter_lab_app_settings: DomainAppSettings | None = None
    code_editor_app_settings: DomainAppSettings | None = None


class UserProfile(Resource, cfn="AWS::SageMaker::UserProfile", tf="aws_sagemaker_user_profile"):
    """A person's profile in a Studio domain."""

    domain_id: str
    user_settings: UserSettings | None = None


class Space(Resource, cfn="AWS::SageMaker::Space", tf="aws_sagemaker_space"):
    """A space of a Studio domain: storage, and the app that runs on it."""

    domain_id: str
    app_type: Annotated[
        str | None, From(cfn="SpaceSettings.AppType", tf="space_settings.app_type", live="SpaceSettingsSummary.AppType")
    ] = None


class App(Resource, cfn="AWS::SageMaker::App", tf="aws_sagemaker_app"):
    """A running app of Studio, such as JupyterLab; `system` as instance type is free."""

    domain_id: str
    app_type: str
    user_profile_name: str | None = None
    space_name: Annotated[str | None, From(cfn=NOWHERE)] = None
    instance_type: Annotated[
        str | None,
        From(cfn="ResourceSpec.InstanceType", tf="resource_spec.instance_type", live="ResourceSpec.InstanceType"),
    ] = None
    status: Annotated[str, From(cfn=None, tf=None)]
    creation_time: Annotated[datetime, From(cfn=None, tf=None)]
    last_user_activity_timestamp: Annotated[datetime | None, From(cfn=None, tf=None)] = None
    last_health_check_timestamp: Annotated[datetime | None, From(cfn=None, tf=None)] = None

    @property
    def last_used(self) -> datetime | None:
        """When somebody last did something in it; None where nobody ever did (SageMaker DescribeApp).

        Raises:
            Undecided: SageMaker's own health check set that time, so it tells nothing of people.
        """
        used = self.last_user_activity_timestamp
        if used is not None and used == self.last_health_check_timestamp:
            raise Undecided("its last activity is SageMaker's own health check, so when it was last used is not known")
        return used


class Script(Struct):
    """A script in base64. Of a live one only `stops_when_idle` and what its secrets look like are kept."""

    from_json: ClassVar[bool] = False

    content: str | None = None

    @classmethod
    def from_raw(cls, value: Any, raw: Raw, path: Path) -> Self:
        """View a script: a map with its content, or, in Terraform, the content itself."""
        return super().from_raw({"content": value} if isinstance(value, str) else value, raw, path)

    @property
    def stops_when_idle(self) -> bool:
        """Whether it arranges that an idle notebook is stopped."""
        if self._raw.dialect == "live":
            return bool(self._values.get(STOPS_WHEN_IDLE))
        return stops_when_idle(self.content or "")


STOPS_WHEN_IDLE = "StopsWhenIdle"
"""The key that the collector adds to a live script before its content is hidden."""


def stops_when_idle(script: str) -> bool:
    """Whether a script, plain or in base64, arranges that an idle notebook is stopped."""
    with contextlib.suppress(binascii.Error, UnicodeDecodeError):  # where it is not in base64
        script = base64.b64decode(script, validate=True).decode()
    return _STOPS.search(script) is not None


class NotebookLifecycleConfig(
    Resource,
    cfn="AWS::SageMaker::NotebookInstanceLifecycleConfig",
    tf="aws_sagemaker_notebook_instance_lifecycle_configuration",
):
    """Scripts that run when a notebook instance is created or started."""

    on_create: tuple[Script, ...] = ()
    on_start: tuple[Script, ...] = ()


class StudioLifecycleConfig(
    Resource, cfn="AWS::SageMaker::StudioLifecycleConfig", tf="aws_sagemaker_studio_lifecycle_config"
):
    """A script that runs when a Studio app starts."""

    studio_lifecycle_config_content: str
    tags: Tags = Tags({})
