"""What delivery streams tell of records that they could not deliver."""

from auditor import MEDIUM, Findings, Undecided, check
from auditor.resources.firehose import DeliveryStream, S3Destination

_STREAM = "AWS::KinesisFirehose::DeliveryStream: {%s: {BucketARN: 'arn:aws:s3:::lake', RoleARN: role%s}}"
_LOGGING = ", CloudWatchLoggingOptions: {Enabled: true, LogGroupName: firehose, LogStreamName: lake}"
_LAMBDA = ", ProcessingConfiguration: {Enabled: true}, Prefix: clicks/"
_EXTENDED = "ExtendedS3DestinationConfiguration"


@check(
    "firehose-error-logging",
    title="Firehose delivery streams log delivery errors and keep failed records",
    severity=MEDIUM,
    bad=(
        _STREAM % (_EXTENDED, ""),
        _STREAM % ("S3DestinationConfiguration", ", CloudWatchLoggingOptions: {Enabled: false}"),
        _STREAM % ("HttpEndpointDestinationConfiguration", ", CloudWatchLoggingOptions: {LogGroupName: firehose}"),
        _STREAM % (_EXTENDED, _LOGGING + _LAMBDA),
    ),
    good=(
        _STREAM % (_EXTENDED, _LOGGING),
        _STREAM % ("AmazonopensearchserviceDestinationConfiguration", _LOGGING),
        _STREAM % (_EXTENDED, f"{_LOGGING}{_LAMBDA}, ErrorOutputPrefix: errors/"),
    ),
)
def error_logging(stream: DeliveryStream) -> Findings:
    """Records that can't be delivered or transformed are missing in the lake, and nothing but the log says why.

    Fix: enable CloudWatchLoggingOptions with a log group and stream; where records are transformed or converted, set
    ErrorOutputPrefix, too, or those that failed are put below the prefix of the good ones.
    """
    destination = stream.destination
    if destination is None:
        raise Undecided("its destination is of a kind that is not known here")
    if not destination.logging:
        yield stream.fail("does not log delivery errors", at=destination)
    elif isinstance(destination, S3Destination) and not destination.keeps_failures_apart:
        yield stream.fail("puts records that failed among the others", at=destination)
