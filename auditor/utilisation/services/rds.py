"""How RDS databases are used (RDS user guide, "Amazon CloudWatch metrics for Amazon RDS")."""

from typing import Annotated

from auditor.utilisation import Metric, Series, Usage

_INSTANCE = {"DBInstanceIdentifier": "DBInstanceIdentifier"}


class DatabaseHours(Usage, cfn="usage:RDS::DatabaseHours", measures="AWS::RDS::DBInstance"):
    """When a database ran: a stopped one has no values."""

    cpu: Annotated[Series, Metric("AWS/RDS", "CPUUtilization", "Maximum", _INSTANCE)]
