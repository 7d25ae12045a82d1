"""Repairs: what a check says a property must hold, written into the template's text with nothing else touched."""

from auditor.fix.edits import Edit
from auditor.fix.repairs import Refusal, Repair, Rewritten, repairs, rewrite

__all__ = ["Edit", "Refusal", "Repair", "Rewritten", "repairs", "rewrite"]
