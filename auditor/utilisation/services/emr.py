"""How EMR clusters are used (EMR management guide, "Metrics reported by Amazon EMR in CloudWatch").

Shares are in per cent; IsIdle is 1 while neither jobs nor tasks run.
"""

from datetime import datetime
from typing import Annotated

from auditor.utilisation import Metric, Series, Usage

_EMR = "AWS/ElasticMapReduce"
_CLUSTER = {"JobFlowId": "Id"}


class ClusterIdleness(Usage, cfn="usage:EMR::ClusterIdleness", measures="AWS::EMR::Cluster"):
    """Whether a cluster did nothing: 1 for an hour of which all was idle."""

    idle: Annotated[Series, Metric(_EMR, "IsIdle", "Minimum", _CLUSTER)]

    def share(self, days: float, since: datetime) -> float:
        """The share of the hours of the last days, 0 to 1, in all of which nothing ran.

        Raises:
            Undecided: see `Series.last`; `since` is when the cluster was made.
        """
        return self.idle.last(days, since=since).share_above(0.5)


class ClusterMemory(Usage, cfn="usage:EMR::ClusterMemory", measures="AWS::EMR::Cluster"):
    """The share of YARN's memory that is free."""

    least_free: Annotated[Series, Metric(_EMR, "YARNMemoryAvailablePercentage", "Minimum", _CLUSTER)]
    free: Annotated[Series, Metric(_EMR, "YARNMemoryAvailablePercentage", "Average", _CLUSTER)]


class ClusterStorage(Usage, cfn="usage:EMR::ClusterStorage", measures="AWS::EMR::Cluster"):
    """The share of HDFS that is in use."""

    used: Annotated[Series, Metric(_EMR, "HDFSUtilization", "Minimum", _CLUSTER)]
