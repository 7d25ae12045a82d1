"""What containers on ECS log and measure."""

from collections.abc import Mapping

from auditor import LOW, MEDIUM, Findings, Inventory, check
from auditor.members import every, if_known, place, some, those
from auditor.resources.ecs import Cluster, ContainerDefinition, Service, TaskDefinition
from auditor.values import known

_TASK = "AWS::ECS::TaskDefinition: {ContainerDefinitions: [{Name: score, Image: score%s}]}"
_LOG = "LogConfiguration: {LogDriver: awslogs, Options: {awslogs-group: score%s}}"
_SERVICE = """
        Resources:
          Scores: {Type: AWS::ECS::Service, Properties: {TaskDefinition: !Ref Task}}
          Task:
            Type: AWS::ECS::TaskDefinition
            Properties: {ContainerDefinitions: [{Name: score, Image: score, %s}]}
        """


@check(
    "ecs-task-logging",
    title="ECS containers have a log configuration, non-blocking for services",
    severity=MEDIUM,
    uses=(Service,),
    bad=(
        _TASK % "",
        _TASK % ", LogConfiguration: {LogDriver: none}",
        _TASK % f", {_LOG % ''}}}, {{Name: proxy, Image: proxy",
        _SERVICE % _LOG % ", mode: blocking",
    ),
    good=(
        _TASK % f", {_LOG % ''}",
        _TASK % ", LogConfiguration: {LogDriver: awsfirelens}",
        _SERVICE % _LOG % ", mode: non-blocking",
        _SERVICE % _LOG % "",
    ),
)
def task_logging(definition: TaskDefinition, inventory: Inventory) -> Findings:
    """What a container wrote is lost with it, unless it is sent away; a service that waits for its log stands still.

    Fix: give every container a LogConfiguration, with the driver awslogs, awsfirelens or one of your own; for services
    set its option `mode` to non-blocking, which is the default since June 2025.
    """

    def waits(container: ContainerDefinition) -> bool:
        return every(lambda: _blocks(container), lambda: _serves(definition, inventory))

    containers = definition.container_definitions
    for container in those(containers, lambda one: not _keeps_log(one)):
        field = "log_configuration.log_driver" if container.log_configuration else "log_configuration"
        yield definition.fail(f"keeps no log of {_name(container)}", at=place(container, field))
    for container in those(containers, waits):
        at = place(container, "log_configuration.options")
        yield definition.fail(f"lets {_name(container)} wait until its log is taken", at=at)


def _name(container: ContainerDefinition) -> str:
    return if_known(container, "name") or "a container"


def _keeps_log(container: ContainerDefinition) -> bool:
    return container.log_configuration is not None and container.log_configuration.log_driver != "none"


def _blocks(container: ContainerDefinition) -> bool:
    log = container.log_configuration
    return log is not None and isinstance(log.options, Mapping) and known(log.options.get("mode")) == "blocking"


def _serves(definition: TaskDefinition, inventory: Inventory) -> bool:
    return some(inventory.referring(Service, lambda one: one.task_definition, to=definition), lambda _: True)


@check(
    "ecs-cluster-container-insights",
    title="ECS clusters use Container Insights",
    severity=LOW,
    bad=(
        "AWS::ECS::Cluster: {ClusterName: ml}",
        "AWS::ECS::Cluster: {ClusterSettings: [{Name: containerInsights, Value: disabled}]}",
    ),
    good=(
        "AWS::ECS::Cluster: {ClusterSettings: [{Name: containerInsights, Value: enabled}]}",
        "AWS::ECS::Cluster: {ClusterSettings: [{Name: containerInsights, Value: enhanced}]}",
    ),
)
def cluster_container_insights(cluster: Cluster) -> Findings:
    """Without it there are no figures of tasks and containers, so that nobody sees which of them is short of memory.

    Where the account's own setting switches it on for every new cluster, ignore this check for templates.

    Fix: set the cluster setting containerInsights to enabled or enhanced; both are billed by metric.
    """
    on = those(
        cluster.cluster_settings,
        lambda one: every(lambda: one.name == "containerInsights", lambda: one.value in ("enabled", "enhanced")),
    )
    if not on:
        yield cluster.fail("does not use Container Insights", at="cluster_settings")
