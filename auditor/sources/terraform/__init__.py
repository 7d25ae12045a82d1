"""Terraform configurations (HCL and its JSON form) as raw resources."""

from auditor.sources.terraform.source import collect

__all__ = ["collect"]
