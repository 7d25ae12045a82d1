"""How Glue's Spark jobs use their workers (Glue developer guide, "Monitoring with CloudWatch metrics").

Only jobs with --enable-metrics publish them, and only while they run.
"""

from typing import Annotated

from auditor.utilisation import Metric, Series, Usage


class JobLoad(Usage, cfn="usage:Glue::JobLoad", measures="AWS::Glue::Job"):
    """The executors that a job's tasks would have kept busy; the driver is one worker more."""

    needed_executors: Annotated[
        Series,
        Metric(
            "Glue",
            "glue.driver.ExecutorAllocationManager.executors.numberMaxNeededExecutors",
            "Maximum",
            {"JobName": "Name", "JobRunId": "'ALL'", "Type": "'gauge'"},
        ),
    ]
