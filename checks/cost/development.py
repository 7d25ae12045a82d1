"""What development costs that production may cost: all hours, large machines, a second zone."""

from auditor import MEDIUM, Findings, Inventory, check, clock
from auditor.config import Config
from auditor.knowledge.environment import environment_by, environment_of
from auditor.knowledge.memberships import is_member
from auditor.knowledge.stops import STOPPERS, is_stopped
from auditor.members import if_known
from auditor.pricing import book, idle, machines
from auditor.pricing.book import HOURS_PER_MONTH, InstanceType
from auditor.pricing.saving import Saving, hourly
from auditor.resources.ec2 import Instance, LaunchTemplate
from auditor.resources.rds import DBInstance
from auditor.utilisation.services.rds import DatabaseHours

_ALWAYS = 0.9  # the share of the hours with metrics from which something counts as always on
_SERVERLESS = "db.serverless"

_STOPPED = """
        Resources:
          Server: {Type: AWS::EC2::Instance, Properties: {InstanceType: m5.large, Tags: [{Key: env, Value: dev}]}}
          Evening:
            Type: AWS::Scheduler::Schedule
            Properties:
              ScheduleExpression: cron(0 19 ? * MON-FRI *)
              Target: {Arn: "arn:aws:scheduler:::aws-sdk:ec2:stopInstances", Input: !Sub '{"InstanceIds": ["%s"]}'}
        """
_RUNBOOK = """
        Resources:
          Server: {Type: AWS::EC2::Instance, Properties: {InstanceType: m5.large, Tags: [{Key: env, Value: dev}]}}
          Evening:
            Type: AWS::Events::Rule
            Properties:
              ScheduleExpression: cron(0 19 ? * MON-FRI *)
              Targets:
                - Id: stop
                  Arn: !Sub arn:aws:ssm:${AWS::Region}::automation-definition/AWS-StopEC2Instance:$DEFAULT
                  Input: !Sub '{"InstanceId": ["${Server}"]}'
        """


@check(
    "ec2-instance-dev-no-schedule",
    title="Development EC2 instances stop outside working hours",
    severity=MEDIUM,
    uses=(LaunchTemplate, *STOPPERS),
    bad=(
        "AWS::EC2::Instance: {InstanceType: m5.large, Tags: [{Key: environment, Value: dev}]}",
        "AWS::EC2::Instance: {InstanceType: m5.large, Tags: [{Key: Name, Value: x}, {Key: Stage, Value: Sandbox}]}",
        _STOPPED % "i-1",
    ),
    good=(
        "AWS::EC2::Instance: {InstanceType: m5.large, Tags: [{Key: environment, Value: production}]}",
        "AWS::EC2::Instance: {InstanceType: m5.large, Tags: [{Key: env, Value: dev}, {Key: Schedule, Value: office}]}",
        _STOPPED % "${Server}",
        _RUNBOOK,
    ),
)
def dev_no_schedule(instance: Instance, inventory: Inventory, config: Config) -> Findings:
    """People work in some 260 of the 730 hours of a month; a machine that runs on costs three times as much.

    Development is what a tag (environment-tags) or the name says. A schedule is one of EventBridge that stops it, or a
    tag that a tool such as Instance Scheduler goes by; functions and scripts are not seen, so a running instance counts
    only once it has not been stopped for 14 days. Instances of Auto Scaling groups and of EMR clusters are left out.

    Fix: make an EventBridge Scheduler schedule that calls ec2:stopInstances in the evening, and one that starts it in
    the morning; or tag it for AWS's Instance Scheduler.
    """
    if not instance.running or environment_by(instance.tag_sets(inventory), instance, config) != "development":
        return
    started = if_known(instance, "launch_time")
    if started and (clock.now() - started).days < config.idle_days:
        return  # it was stopped lately, or is new
    if is_member(instance) or is_stopped(instance, instance, inventory):
        return
    kind = instance.details(inventory)
    name = kind.name if kind else ""
    hours = HOURS_PER_MONTH - config.working_hours
    saving = machines.stopped(instance, name, inventory, hours=hours, confidence="medium")
    hint = "" if saving else "; what a schedule saves depends on the price of its type, which is not known here"
    yield instance.fail(f"is for development, and no schedule that is seen stops it{hint}", saving=saving)


_LARGE = "{InstanceType: %s, Tags: [{Key: environment, Value: %s}]}"
_LARGE_TEMPLATE = """
        AWS::EC2::LaunchTemplate:
          LaunchTemplateData:
            InstanceType: %s
            TagSpecifications: [{ResourceType: instance, Tags: [{Key: env, Value: %s}]}]
        """


@check(
    "ec2-instance-dev-oversized",
    title="Development EC2 instances are small",
    severity=MEDIUM,
    uses=(LaunchTemplate,),
    bad=(
        f"AWS::EC2::Instance: {_LARGE % ('m5.8xlarge', 'dev')}",
        f"AWS::EC2::Instance: {_LARGE % ('p3.8xlarge', 'sandbox')}",
        _LARGE_TEMPLATE % ("c6i.16xlarge", "dev"),
    ),
    good=(
        f"AWS::EC2::Instance: {_LARGE % ('m5.2xlarge', 'dev')}",
        f"AWS::EC2::Instance: {_LARGE % ('p3.2xlarge', 'dev')}",
        f"AWS::EC2::Instance: {_LARGE % ('m5.8xlarge', 'prod')}",
        _LARGE_TEMPLATE % ("c6i.16xlarge", "prod"),
    ),
)
def dev_oversized(machine: Instance | LaunchTemplate, inventory: Inventory, config: Config) -> Findings:
    """To write and try code, a small machine will do; the large one is needed for the run that the code is for.

    Larger is what has more than 8 vCPUs, or more than one GPU (development-vcpus, development-gpus in the
    configuration). Development is what a tag (environment-tags) or the name says.

    Fix: develop on a 2xlarge at the most, or on one GPU, with a sample of the data; start large machines per job.
    """
    if environment_by(machine.tag_sets(inventory), machine, config) != "development":
        return
    kind = machine.details(inventory)
    if kind is None or _fits_development(kind, config):
        return
    target = _largest_for_development(kind, config, machine.scope.region)
    saving = None
    if target and isinstance(machine, Instance) and machine.running:
        saving = machines.replaced(machine, kind.name, target, inventory)
    size = f"{kind.gpu_count:g} accelerators" if kind.has_accelerator else f"{kind.vcpu} vCPUs"
    hint = "" if saving else "; what a smaller one saves depends on its type and on the hours it runs"
    at = "data.instance_type" if isinstance(machine, LaunchTemplate) else "instance_type"
    yield machine.fail(f"is for development and a {kind.name}, with {size}{hint}", at=at, saving=saving)


def _fits_development(kind: InstanceType, config: Config) -> bool:
    if kind.has_accelerator:
        return kind.gpu_count <= config.development_gpus
    return kind.vcpu <= config.development_vcpus


def _largest_for_development(kind: InstanceType, config: Config, region: str | None) -> str | None:
    """The dearest type of the same family that fits, None where there is none with a price."""
    fitting = (new for new in book.instance_types(kind.family) if _fits_development(new, config))
    priced = [(price.usd, new.name) for new in fitting if (price := hourly(new.name, region))]
    return max(priced)[1] if priced else None


_DATABASE = "{DBInstanceClass: db.m5.large, Engine: postgres, Tags: [{Key: env, Value: %s}]%s}"


@check(
    "rds-dev-no-schedule",
    title="Development RDS databases stop outside working hours and are not Multi-AZ",
    severity=MEDIUM,
    uses=(DatabaseHours, *STOPPERS),
    bad=(
        f"AWS::RDS::DBInstance: {_DATABASE % ('dev', '')}",
        f"AWS::RDS::DBInstance: {_DATABASE % ('test', ', MultiAZ: true')}",
        "AWS::RDS::DBInstance: {DBInstanceIdentifier: sandbox-db, DBInstanceClass: db.t3.micro, Engine: mysql}",
    ),
    good=(
        f"AWS::RDS::DBInstance: {_DATABASE % ('prod', ', MultiAZ: true')}",
        "AWS::RDS::DBInstance: {Engine: mysql, Tags: [{Key: env, Value: dev}, {Key: Schedule, Value: office}]}",
        "AWS::RDS::DBInstance: {DBInstanceClass: db.serverless, Tags: [{Key: env, Value: dev}]}",
        """
        Resources:
          Data:
            Type: AWS::RDS::DBInstance
            Properties: {DBInstanceClass: db.m5.large, Engine: postgres, Tags: [{Key: env, Value: dev}]}
          Evening:
            Type: AWS::Scheduler::Schedule
            Properties:
              ScheduleExpression: cron(0 19 ? * MON-FRI *)
              Target:
                Arn: arn:aws:scheduler:::aws-sdk:rds:stopDBInstance
                Input: !Sub '{"DbInstanceIdentifier": "${Data}"}'
        """,
    ),
)
def database_dev_no_schedule(database: DBInstance, inventory: Inventory, config: Config) -> Findings:
    """A development database is needed in working hours, and nobody is woken up when its zone fails.

    Development and schedules are what `ec2-instance-dev-no-schedule` takes for them. Read replicas, and members of
    clusters, which are stopped as a whole, are only asked for a second zone.

    Fix: stop it with an EventBridge Scheduler schedule that calls rds:stopDBInstance every evening (RDS starts it by
    itself after a week), and set MultiAZ to false.
    """
    if environment_of(database, config) != "development" or database.db_instance_class == _SERVERLESS:
        return
    if database.multi_az:
        saving = _database(database, HOURS_PER_MONTH)
        hint = "" if saving else "; the second zone is half of its price"
        yield database.fail(f"is for development, and Multi-AZ{hint}", at="multi_az", expected="false", saving=saving)
    if database.db_cluster_identifier or database.source_db_instance_identifier:
        return
    if _was_stopped(database, inventory, config) or is_stopped(database, database, inventory):
        return
    saving = _database(database, HOURS_PER_MONTH - config.working_hours)
    hint = (
        "" if saving else f"; {1 - config.working_hours / HOURS_PER_MONTH:.0%} of the price of its class could be saved"
    )
    yield database.fail(f"is for development, and no schedule that is seen stops it{hint}", saving=saving)


def _was_stopped(database: DBInstance, inventory: Inventory, config: Config) -> bool:
    """Whether it was off for a tenth of the last days or more; where there are no metrics, as in a template, no."""
    for hours in inventory.referring(DatabaseHours, _measured, database):
        since = config.idle_days * 24
        return hours.cpu.hours_with_data < _ALWAYS * min(since, hours.cpu.days * 24)
    return False


def _measured(hours: DatabaseHours) -> str:
    return hours.raw.id


def _database(database: DBInstance, hours: float) -> Saving | None:
    """Run an instance in one zone for fewer hours; None where its class and engine have no price here."""
    engine = book.RDS_ENGINES.get(if_known(database, "engine") or "")
    name = f"{if_known(database, 'db_instance_class')} {engine}"
    if engine is None:
        return None
    return idle.item("RDS Single-AZ", name, 1, database.scope.region, hours=hours, confidence="medium")
