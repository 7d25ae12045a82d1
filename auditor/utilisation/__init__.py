"""What CloudWatch says about how much a resource is used: what to ask, what came, and what may be concluded from it."""

from auditor.utilisation.metric import Metric, Usage
from auditor.utilisation.series import Series

__all__ = ["Metric", "Series", "Usage"]
