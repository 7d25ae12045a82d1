"""Step Functions: state machines, their versions and aliases."""

from typing import Annotated, Any

from auditor.definitions import StateMachineDefinition, Training
from auditor.members import in_turn, known_first
from auditor.resources.base import Resource, Struct
from auditor.resources.fields import NOWHERE, From
from auditor.resources.tags import Tags


class StateMachine(Resource, cfn="AWS::StepFunctions::StateMachine", tf="aws_sfn_state_machine"):
    """A state machine."""

    definition: Annotated[StateMachineDefinition, From(cfn="", tf="", live="")]
    state_machine_name: Annotated[str | None, From(tf="name", live="Name")] = None
    state_machine_type: Annotated[str, From(tf="type", live="Type")] = "STANDARD"
    logging_level: Annotated[
        str,
        From(cfn="LoggingConfiguration.Level", tf="logging_configuration.level", live="LoggingConfiguration.Level"),
    ] = "OFF"
    logging_destinations: Annotated[
        tuple[Any, ...],
        From(
            cfn="LoggingConfiguration.Destinations",
            tf="logging_configuration.log_destination",
            live="LoggingConfiguration.Destinations",
        ),
    ] = ()
    tracing: Annotated[
        bool,
        From(
            cfn="TracingConfiguration.Enabled", tf="tracing_configuration.enabled", live="TracingConfiguration.Enabled"
        ),
    ] = False
    encryption_type: Annotated[
        str,
        From(
            cfn="EncryptionConfiguration.Type", tf="encryption_configuration.type", live="EncryptionConfiguration.Type"
        ),
    ] = "AWS_OWNED_KEY"
    kms_key_id: Annotated[
        str | None,
        From(
            cfn="EncryptionConfiguration.KmsKeyId",
            tf="encryption_configuration.kms_key_id",
            live="EncryptionConfiguration.KmsKeyId",
        ),
    ] = None
    publish: Annotated[bool, From(cfn=None, live=None)] = False
    tags: Tags = Tags({})

    @property
    def trainings(self) -> tuple[Training, ...]:
        """The SageMaker trainings that it starts."""
        return self.definition.trainings


class StateMachineVersion(Resource, cfn="AWS::StepFunctions::StateMachineVersion"):
    """A published version of a state machine."""

    state_machine_arn: str


class Route(Struct):
    """A version that an alias sends a share of the runs to."""

    state_machine_version_arn: str


class StateMachineAlias(Resource, cfn="AWS::StepFunctions::StateMachineAlias", tf="aws_sfn_alias"):
    """A name for one version of a state machine, or for two at once; live, only whose alias it is."""

    state_machine_arn: Annotated[str | None, From(tf=NOWHERE)] = None
    routing_configuration: Annotated[tuple[Route, ...], From(live=NOWHERE)] = ()
    next_version: Annotated[
        str | None, From(cfn="DeploymentPreference.StateMachineVersionArn", tf=NOWHERE, live=NOWHERE)
    ] = None

    @property
    def owners(self) -> tuple[str, ...]:
        """What says whose alias it is: the machine; in Terraform the versions, which are attributes of the machine."""
        if self.raw.dialect == "tf":
            return self.versions
        return known_first((self,), lambda alias: alias.state_machine_arn)

    @property
    def versions(self) -> tuple[str, ...]:
        """The versions that it leads to, as far as it says so."""
        routed = known_first(self.routing_configuration, lambda route: route.state_machine_version_arn)
        return in_turn(known_first((self,), lambda alias: alias.next_version), routed)
