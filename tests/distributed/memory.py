"""A store in memory, which can be cut off: for what a run does when it is killed."""

from __future__ import annotations

from collections.abc import Iterator


class Killed(BaseException):
    """Nothing more is done; no code catches it."""


class Memory:
    """Objects by key.

    Attributes:
        left: so many more objects are written or removed before it is cut off; None for as many as there are.
    """

    name = "memory"
    prefix = ""

    def __init__(self) -> None:
        self.objects: dict[str, bytes] = {}
        self.left: int | None = None
        self.changes = 0

    def get(self, key: str) -> bytes | None:
        return self.objects.get(key)

    def put(self, key: str, content: bytes) -> None:
        self._change()
        self.objects[key] = content

    def delete(self, key: str) -> None:
        self._change()
        self.objects.pop(key, None)

    def keys(self, prefix: str) -> Iterator[str]:
        return iter(sorted(key for key in self.objects if key.startswith(prefix)))

    def _change(self) -> None:
        if self.left is not None:
            if not self.left:
                raise Killed
            self.left -= 1
        self.changes += 1
