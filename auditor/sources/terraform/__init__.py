"""Terraform configurations (HCL and its JSON form) and plans as raw resources."""

from auditor.sources.terraform.files import is_configuration
from auditor.sources.terraform.plan import collect_plans, is_plan
from auditor.sources.terraform.source import collect, is_in

__all__ = ["collect", "collect_plans", "is_configuration", "is_in", "is_plan"]
