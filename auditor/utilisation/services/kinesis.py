"""How Kinesis data streams are used (Kinesis Data Streams developer guide, "Monitor with CloudWatch")."""

from typing import Annotated

from auditor.utilisation import Metric, Series, Usage

_KINESIS = "AWS/Kinesis"
_STREAM = {"StreamName": "StreamName"}
_PEAK = 300  # seconds: as short as CloudWatch keeps for longer than two weeks


class StreamThrottling(Usage, cfn="usage:Kinesis::StreamThrottling", measures="AWS::Kinesis::Stream"):
    """Records and reads that a stream refused, as they were more than its shards take."""

    written: Annotated[Series, Metric(_KINESIS, "WriteProvisionedThroughputExceeded", "Sum", _STREAM, counts=True)]
    read: Annotated[Series, Metric(_KINESIS, "ReadProvisionedThroughputExceeded", "Sum", _STREAM, counts=True)]


class StreamTraffic(Usage, cfn="usage:Kinesis::StreamTraffic", measures="AWS::Kinesis::Stream"):
    """Bytes and records into a stream and out of it, summed up by hour."""

    incoming_bytes: Annotated[Series, Metric(_KINESIS, "IncomingBytes", "Sum", _STREAM, counts=True)]
    incoming_records: Annotated[Series, Metric(_KINESIS, "IncomingRecords", "Sum", _STREAM, counts=True)]
    outgoing_bytes: Annotated[Series, Metric(_KINESIS, "GetRecords.Bytes", "Sum", _STREAM, counts=True)]


def _peak(name: str) -> Metric:
    """The sum of every five minutes."""
    return Metric(_KINESIS, name, "Sum", _STREAM, period=_PEAK, counts=True)


class StreamPeaks(Usage, cfn="usage:Kinesis::StreamPeaks", measures="AWS::Kinesis::Stream"):
    """As `StreamTraffic`, in five minutes each, as shards are needed for peaks."""

    incoming_bytes: Annotated[Series, _peak("IncomingBytes")]
    incoming_records: Annotated[Series, _peak("IncomingRecords")]
    outgoing_bytes: Annotated[Series, _peak("GetRecords.Bytes")]


class StreamAge(Usage, cfn="usage:Kinesis::StreamAge", measures="AWS::Kinesis::Stream"):
    """How old the last record was that shared readers got, in milliseconds; no value where nobody reads."""

    age: Annotated[Series, Metric(_KINESIS, "GetRecords.IteratorAgeMilliseconds", "Maximum", _STREAM)]


_CONSUMER = {"StreamName": "StreamName", "ConsumerName": "ConsumerName"}


class ConsumerReads(Usage, cfn="usage:Kinesis::ConsumerReads", measures="AWS::Kinesis::StreamConsumer"):
    """What a consumer with enhanced fan-out was sent, and how old that was, in milliseconds."""

    events: Annotated[Series, Metric(_KINESIS, "SubscribeToShardEvent.Success", "Sum", _CONSUMER, counts=True)]
    age: Annotated[Series, Metric(_KINESIS, "SubscribeToShardEvent.MillisBehindLatest", "Maximum", _CONSUMER)]
