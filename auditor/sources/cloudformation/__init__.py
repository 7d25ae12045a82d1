"""CloudFormation templates, YAML and JSON, as raw resources."""

from auditor.sources.cloudformation.parameters import load_parameters
from auditor.sources.cloudformation.source import collect

__all__ = ["collect", "load_parameters"]
