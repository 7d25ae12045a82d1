"""What a VPC records of its traffic."""

from auditor import MEDIUM, Findings, Inventory, check
from auditor.members import place, sure, those
from auditor.resources.vpc import VPC, FlowLog


@check(
    "vpc-flow-logs",
    title="VPCs have flow logs of rejected traffic",
    severity=MEDIUM,
    uses=(FlowLog,),
    bad="""
        Resources:
          Network: {Type: AWS::EC2::VPC, Properties: {CidrBlock: 10.0.0.0/16}}
          Log:
            Type: AWS::EC2::FlowLog
            Properties: {ResourceType: VPC, ResourceId: !Ref Network, TrafficType: ACCEPT}
        """,
    good="""
        Resources:
          Network: {Type: AWS::EC2::VPC, Properties: {CidrBlock: 10.0.0.0/16}}
          Log:
            Type: AWS::EC2::FlowLog
            Properties: {ResourceType: VPC, ResourceId: !Ref Network, TrafficType: ALL, LogGroupName: flows}
        """,
)
def flow_logs(vpc: VPC, inventory: Inventory) -> Findings:
    """Without flow logs nobody can tell afterwards who talked to whom, or see that someone probes the network.

    Fix: add a flow log for the VPC with TrafficType ALL or REJECT, to S3 or a log group. Delete a VPC that nobody uses.
    """

    def is_of_it(log: FlowLog) -> bool:
        return vpc.answers_to(log.resource_id)

    found = sure(inventory.all(FlowLog, near=vpc), is_of_it)
    working = [log for log in found if log.deliver_logs_status != "FAILED"]
    if any(log.traffic_type != "ACCEPT" for log in working):
        return
    if working:
        at = place(working[0], "traffic_type")
        yield vpc.fail("records accepted traffic only, not what is rejected", at=at, expected="ALL")
    elif not any(True for _ in those(inventory.all(FlowLog, near=vpc), is_of_it)):
        yield vpc.fail("has no flow log")
    else:
        yield vpc.fail("has a flow log that can't be delivered: see its DeliverLogsErrorMessage")
