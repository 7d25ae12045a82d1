"""How NAT gateways are used (VPC user guide, "NAT gateway metrics and dimensions")."""

from typing import Annotated

from auditor.utilisation import Metric, Series, Usage

_NAT = "AWS/NATGateway"
_GATEWAY = {"NatGatewayId": "NatGatewayId"}


class NatTraffic(Usage, cfn="usage:EC2::NatTraffic", measures="AWS::EC2::NatGateway"):
    """Bytes that a NAT gateway processes, and that are paid for: those going out, and the answers to them."""

    sent: Annotated[Series, Metric(_NAT, "BytesOutToDestination", "Sum", _GATEWAY, counts=True)]
    received: Annotated[Series, Metric(_NAT, "BytesInFromDestination", "Sum", _GATEWAY, counts=True)]
