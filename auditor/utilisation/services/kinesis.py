"""How Kinesis data streams are used (Kinesis Data Streams developer guide, "Monitor with CloudWatch")."""

from typing import Annotated

from auditor.utilisation import Metric, Series, Usage

_KINESIS = "AWS/Kinesis"
_STREAM = {"StreamName": "StreamName"}


class StreamThrottling(Usage, cfn="usage:Kinesis::StreamThrottling", measures="AWS::Kinesis::Stream"):
    """Records and reads that a stream refused, as they were more than its shards take."""

    written: Annotated[Series, Metric(_KINESIS, "WriteProvisionedThroughputExceeded", "Sum", _STREAM, counts=True)]
    read: Annotated[Series, Metric(_KINESIS, "ReadProvisionedThroughputExceeded", "Sum", _STREAM, counts=True)]


class StreamTraffic(Usage, cfn="usage:Kinesis::StreamTraffic", measures="AWS::Kinesis::Stream"):
    """Bytes and records into a stream and out of it, summed up by hour."""

    incoming_bytes: Annotated[Series, Metric(_KINESIS, "IncomingBytes", "Sum", _STREAM, counts=True)]
    incoming_records: Annotated[Series, Metric(_KINESIS, "IncomingRecords", "Sum", _STREAM, counts=True)]
    outgoing_bytes: Annotated[Series, Metric(_KINESIS, "GetRecords.Bytes", "Sum", _STREAM, counts=True)]
