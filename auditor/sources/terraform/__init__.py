"""Terraform configurations (HCL and its JSON form) and plans as raw resources."""

from auditor.sources.terraform.plan import collect_plans
from auditor.sources.terraform.source import collect

__all__ = ["collect", "collect_plans"]
