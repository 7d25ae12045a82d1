"""Who is told when a stream falls behind."""

from auditor import MEDIUM, Findings, Inventory, check
from auditor.knowledge.alerts import ALERTS, alarms_on, look
from auditor.members import known_first, some
from auditor.resources.kinesis import Stream

_WATCHED = """
        Resources:
          Clicks: {Type: AWS::Kinesis::Stream, Properties: {Name: clicks}}
          Oncall: {Type: AWS::SNS::Topic}
        %s
        """
_ALARM = """
          %s:
            Type: AWS::CloudWatch::Alarm
            Properties:
              Namespace: AWS/Kinesis
              MetricName: %s
              Dimensions: [{Name: StreamName, Value: %s}]
              AlarmActions: [!Ref Oncall]
"""
_MATH = """
          Throttled:
            Type: AWS::CloudWatch::Alarm
            Properties:
              AlarmActions: [!Ref Oncall]
              Metrics:
                - {Id: total, Expression: reads + writes}
                - Id: reads
                  ReturnData: false
                  MetricStat:
                    Metric:
                      Namespace: AWS/Kinesis
                      MetricName: ReadProvisionedThroughputExceeded
                      Dimensions: [{Name: StreamName, Value: !Ref Clicks}]
"""
_QUERY = """
          Throttled:
            Type: AWS::CloudWatch::Alarm
            Properties:
              AlarmActions: [!Ref Oncall]
              Metrics:
                - Id: q1
                  Expression: SELECT MAX(WriteProvisionedThroughputExceeded) FROM SCHEMA("AWS/Kinesis", StreamName)
"""
_AGE = _ALARM % ("Late", "GetRecords.IteratorAgeMilliseconds", "!Ref Clicks")
_SIGNS = (
    ("the age of its records", ("GetRecords.IteratorAgeMilliseconds", "SubscribeToShardEvent.MillisBehindLatest")),
    (
        "throttling",
        (
            "WriteProvisionedThroughputExceeded",
            "ReadProvisionedThroughputExceeded",
            "PutRecords.ThrottledRecords",
            "SubscribeToShard.RateExceeded",
        ),
    ),
)


@check(
    "kinesis-iterator-age-alarm",
    title="Kinesis streams have alarms on iterator age and throttling",
    severity=MEDIUM,
    uses=ALERTS,
    bad=(
        _WATCHED % _AGE,
        _WATCHED % (_AGE + _ALARM % ("Throttled", "WriteProvisionedThroughputExceeded", "orders")),
        _WATCHED % (_ALARM % ("Busy", "IncomingRecords", "clicks")),
    ),
    good=(
        _WATCHED % (_AGE + _ALARM % ("Throttled", "WriteProvisionedThroughputExceeded", "clicks")),
        _WATCHED % (_AGE + _MATH),
        _WATCHED % (_AGE + _QUERY),
    ),
)
def iterator_age_alarm(stream: Stream, inventory: Inventory) -> Findings:
    """Consumers that are too slow lose records when these expire, and producers that are throttled never write them.

    Fix: add alarms on GetRecords.IteratorAgeMilliseconds (with enhanced fan-out, on
    SubscribeToShardEvent.MillisBehindLatest) and on WriteProvisionedThroughputExceeded, with an action.
    """
    look(stream, inventory, *ALERTS)
    alarms = alarms_on(stream, lambda alarm: alarm.values_of("StreamName"), inventory)
    missing = known_first(
        _SIGNS, lambda sign: None if some(alarms, lambda alarm: alarm.reads("AWS/Kinesis", *sign[1])) else sign[0]
    )
    if missing:
        yield stream.fail(f"has no alarm on {' and '.join(tuple.__iter__(missing))} that reaches somebody")
