"""What services refuse because it is more than they were set up for."""

from auditor import MEDIUM, Findings, Inventory, check
from auditor.resources.kinesis import Stream
from auditor.utilisation.services.kinesis import StreamThrottling


@check(
    "kinesis-stream-throttled",
    title="Kinesis streams are not throttled on write or read",
    severity=MEDIUM,
    uses=(StreamThrottling,),
    inputs=("live",),
)
def stream_throttled(stream: Stream, inventory: Inventory) -> Findings:
    """A shard takes 1 MB or 1,000 records a second and gives 2 MB; what is refused is late, or lost if nobody retries.

    Fix: add shards (aws kinesis update-shard-count) or switch to on-demand mode; spread partition keys if one shard is
    hot; give each of several readers its own throughput with enhanced fan-out.
    """
    throttling = StreamThrottling.of(stream, inventory)
    days = throttling.written.days
    for what, refused in (("writes", throttling.written.total()), ("reads", throttling.read.total())):
        if refused:
            yield stream.fail(f"refused {refused:,.0f} {what} in {days:g} days")
