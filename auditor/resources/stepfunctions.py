"""Step Functions: state machines."""

from typing import Annotated

from auditor.definitions import StateMachineDefinition, Training
from auditor.resources.base import Resource
from auditor.resources.fields import From


class StateMachine(Resource, cfn="AWS::StepFunctions::StateMachine", tf="aws_sfn_state_machine"):
    """A state machine."""

    definition: Annotated[StateMachineDefinition, From(cfn="", tf="", live="")]

    @property
    def trainings(self) -> tuple[Training, ...]:
        """The SageMaker trainings that it starts."""
        return self.definition.trainings
