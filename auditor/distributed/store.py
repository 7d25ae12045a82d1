"""The bucket that a run's results lie in, reached by a session that can do nothing else.

What is written is `WRITES`; the only other place from which anything is written to AWS is `auditor.delivery`.
"""

from __future__ import annotations

from collections.abc import Iterator
from typing import Any, Final, Protocol

from botocore.exceptions import BotoCoreError, ClientError

from auditor.errors import UsageError
from auditor.sources.account.session import client_config, open_session

READS: Final = frozenset({"s3:GetObject", "s3:ListObjectsV2"})
WRITES: Final = frozenset({"s3:DeleteObject", "s3:PutObject"})

_CONNECTIONS: Final = 32
_TYPES: Final = {
    ".html": "text/html; charset=utf-8",
    ".json": "application/json",
    ".gz": "application/gzip",
}


class Store(Protocol):
    """Objects by key."""

    def get(self, key: str) -> bytes | None:
        """The object; None where there is none."""
        ...

    def put(self, key: str, content: bytes) -> None:
        """Write the object, over any that is there; readers see the old one or the whole new one."""
        ...

    def delete(self, key: str) -> None:
        """Remove the object, where there is one."""
        ...

    def keys(self, prefix: str) -> Iterator[str]:
        """The keys that begin so, in order."""
        ...


class Bucket:
    """A bucket, or what lies below a prefix in it; several threads may use it at once."""

    def __init__(self, name: str, prefix: str = "", *, session: Any = None) -> None:
        """Open it with a session that is guarded from then on, and may do nothing but `READS` and `WRITES`.

        Args:
            name: the bucket's.
            prefix: what comes before every key, with its slash.
            session: a `boto3.Session` that nothing else is done with; the environment's where None.

        Raises:
            UsageError: the AWS configuration is broken.
        """
        opened = open_session(session=session, operations=READS | WRITES)
        self.name = name
        self.prefix = prefix
        self._client = opened.client("s3", config=client_config(_CONNECTIONS))

    def get(self, key: str) -> bytes | None:
        """See `Store`.

        Raises:
            UsageError: S3 does not give it.
        """
        try:
            content: bytes = self._client.get_object(Bucket=self.name, Key=self.prefix + key)["Body"].read()
        except ClientError as error:
            if error.response["Error"]["Code"] == "NoSuchKey":
                return None
            raise self._failed("read", key, error) from error
        except BotoCoreError as error:
            raise self._failed("read", key, error) from error
        return content

    def put(self, key: str, content: bytes) -> None:
        """See `Store`.

        Raises:
            UsageError: S3 does not take it.
        """
        kind = _TYPES.get(key[key.rindex(".") :], "application/octet-stream")
        try:
            self._client.put_object(Bucket=self.name, Key=self.prefix + key, Body=content, ContentType=kind)
        except (BotoCoreError, ClientError) as error:
            raise self._failed("written", key, error) from error

    def delete(self, key: str) -> None:
        """See `Store`.

        Raises:
            UsageError: S3 does not remove it.
        """
        try:
            self._client.delete_object(Bucket=self.name, Key=self.prefix + key)
        except (BotoCoreError, ClientError) as error:
            raise self._failed("removed", key, error) from error

    def keys(self, prefix: str) -> Iterator[str]:
        """See `Store`.

        Raises:
            UsageError: S3 does not list them.
        """
        pages = self._client.get_paginator("list_objects_v2").paginate(Bucket=self.name, Prefix=self.prefix + prefix)
        try:
            for page in pages:
                for found in page.get("Contents", ()):
                    yield found["Key"].removeprefix(self.prefix)
        except (BotoCoreError, ClientError) as error:
            raise self._failed("listed", prefix, error) from error

    def _failed(self, what: str, key: str, error: Exception) -> UsageError:
        return UsageError(f"s3://{self.name}/{self.prefix}{key} cannot be {what}: {error}")
