"""What can go wrong between a client and AWS, and how AWS says so."""

from __future__ import annotations

import random
import threading
from collections import Counter

THROTTLED, BROKEN, DROPPED = "throttled", "500", "dropped"

# How each protocol tells an error.
_REST_XML = "<Error><Code>{}</Code></Error>"
_EC2 = "<Response><Errors><Error><Code>{}</Code></Error></Errors></Response>"
_QUERY = "<ErrorResponse><Error><Code>{}</Code></Error></ErrorResponse>"
_JSON = '{{"__type": "{}", "message": "no"}}'


class Dice:
    """Says what goes wrong with a request: always the same with the same ones, in whatever order they come.

    Attributes:
        rolled: how many requests went wrong, by kind.
    """

    def __init__(self, seed: int) -> None:
        self.rolled: Counter[str] = Counter()
        self._seed = seed
        self._asked: Counter[str] = Counter()
        self._lock = threading.Lock()

    def roll(self, question: str) -> str:
        """Of a hundred requests, five are throttled, two fail and one is never answered; empty for the others."""
        with self._lock:
            self._asked[question] += 1
            number = random.Random(f"{self._seed} {question} {self._asked[question]}").random()  # noqa: S311 - no secret
            fault = next(
                (kind for kind, until in ((THROTTLED, 0.05), (BROKEN, 0.07), (DROPPED, 0.08)) if number < until), ""
            )
            if fault:
                self.rolled[fault] += 1
            return fault


def error(service: str, code: str, *, query: bool) -> str:
    """The body of a response that tells an error code; `query` where the request named its action in a form."""
    known = {"ec2": _EC2, "s3": _REST_XML, "s3-control": _REST_XML}
    return known.get(service, _QUERY if query else _JSON).format(code)
