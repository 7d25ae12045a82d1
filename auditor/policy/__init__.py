"""IAM policies: what documents say, what conditions narrow, who is let in, what a principal may do in the end.

`documents` reads them; `publicity` asks whom a resource's policy lets in; `principals` adds up what an identity may do;
`escalation` finds how it could come to do more; `actions` and `managed` hold what AWS publishes.
"""

from auditor.policy.conditions import Condition
from auditor.policy.documents import EVERYTHING, Policy, Statement
from auditor.policy.patterns import SOME, Pattern

__all__ = ["EVERYTHING", "SOME", "Condition", "Pattern", "Policy", "Statement"]
