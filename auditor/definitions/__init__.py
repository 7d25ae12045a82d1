"""Definitions inside definitions: documents that a property of a resource holds.

State machines and SageMaker pipelines are JSON in a text (or a map, where a template writes them so), and may be known
in part: what a template does not know, or what is only decided when the workflow runs, is undecided where it is read.
"""

from auditor.definitions.blocks import Block
from auditor.definitions.jobs import Job, processings, transforms
from auditor.definitions.pipeline import PipelineDefinition, RetryPolicy, Step
from auditor.definitions.statemachine import Catcher, Integration, Retrier, State, StateMachineDefinition
from auditor.definitions.training import Training, tuned

__all__ = [
    "Block",
    "Catcher",
    "Integration",
    "Job",
    "PipelineDefinition",
    "Retrier",
    "RetryPolicy",
    "State",
    "StateMachineDefinition",
    "Step",
    "Training",
    "processings",
    "transforms",
    "tuned",
]
