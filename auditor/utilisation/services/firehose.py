"""What Data Firehose delivers (Data Firehose developer guide, "Data delivery CloudWatch metrics")."""

from typing import Annotated

from auditor.utilisation import Metric, Series, Usage


class Delivered(Usage, cfn="usage:KinesisFirehose::Delivered", measures="AWS::KinesisFirehose::DeliveryStream"):
    """Bytes that a stream delivered to S3, summed up by hour."""

    to_s3: Annotated[
        Series,
        Metric(
            "AWS/Firehose",
            "DeliveryToS3.Bytes",
            "Sum",
            {"DeliveryStreamName": "DeliveryStreamName"},
            counts=True,
        ),
    ]
