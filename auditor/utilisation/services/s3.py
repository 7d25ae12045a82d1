"""What S3 buckets hold (S3 user guide, "Metrics and dimensions"), told once a day and of buckets with objects only."""

from typing import Annotated

from auditor.utilisation import Metric, Series, Usage
from auditor.utilisation.series import DAY

_S3 = "AWS/S3"


class BucketStorage(Usage, cfn="usage:S3::BucketStorage", measures="AWS::S3::Bucket"):
    """Bytes in S3 Standard, and objects in all storage classes."""

    standard_bytes: Annotated[
        Series,
        Metric(
            _S3,
            "BucketSizeBytes",
            "Average",
            {"BucketName": "BucketName", "StorageType": "'StandardStorage'"},
            period=DAY,
            counts=True,
        ),
    ]
    objects: Annotated[
        Series,
        Metric(
            _S3,
            "NumberOfObjects",
            "Average",
            {"BucketName": "BucketName", "StorageType": "'AllStorageTypes'"},
            period=DAY,
            counts=True,
        ),
    ]

    @property
    def movable_gb(self) -> float:
        """GB in S3 Standard that may move to a colder class: none where objects are below 128 KB on average."""
        size, objects = self.standard_bytes.latest(), self.objects.latest()
        return size / 1024**3 if size >= objects * 128 * 1024 else 0.0
