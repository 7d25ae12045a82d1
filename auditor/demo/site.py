"""Where the parts of the demo account are built: a region, its clients, and what has been made in it so far."""

from __future__ import annotations

from dataclasses import dataclass, field
from typing import Any

ACCOUNT = "123456789012"
COMPANY = "larkspur"


@dataclass
class Site:
    """One region of the simulated account.

    Attributes:
        session: a `boto3.Session`.
        region: such as `us-east-1`.
        ids: what was made so far: name to id, or ARN where the service uses ARNs.
    """

    session: Any
    region: str
    ids: dict[str, str] = field(default_factory=dict)
    _clients: dict[str, Any] = field(default_factory=dict)

    def client(self, service: str) -> Any:
        """The client of a service, made once."""
        if service not in self._clients:
            self._clients[service] = self.session.client(service, region_name=self.region)
        return self._clients[service]


def role(name: str) -> str:
    """The ARN of a role."""
    return f"arn:aws:iam::{ACCOUNT}:role/{name}"


def tags(**pairs: str) -> list[dict[str, str]]:
    """Tags as most services take them."""
    return [{"Key": key, "Value": value} for key, value in pairs.items()]


def tagged(kind: str, **pairs: str) -> list[dict[str, Any]]:
    """Tags as EC2's create calls take them: `TagSpecifications`."""
    return [{"ResourceType": kind, "Tags": tags(**pairs)}]
