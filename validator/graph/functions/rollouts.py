"""How an alias moves to a new version (CodeDeploy User Guide, *Deployments on an AWS Lambda compute platform*)."""

from dataclasses import dataclass

from validator.graph.architecture import Architecture
from validator.graph.resource import Resource
from validator.model import Evidence, Missing
from validator.resolve import Text

MACHINE_ALIAS = "AWS::StepFunctions::StateMachineAlias"
_GROUP = "AWS::CodeDeploy::DeploymentGroup"
_CONFIG = "AWS::CodeDeploy::DeploymentConfig"


@dataclass(frozen=True, slots=True)
class Rollout:
    """How traffic moves and what stops it; ``missing`` where that is not decided."""

    alias: str
    is_gradual: bool
    is_watched: bool
    steps: tuple[Evidence, ...]
    missing: Missing | None = None


def rollout_of(graph: Architecture, alias: Resource) -> Rollout:
    """How an alias of a function or of a state machine moves its traffic."""
    written = alias.prop("Name")
    name = str(written) if isinstance(written, Text) else "of a name not known"
    if alias.type == MACHINE_ALIAS:
        return _of_machine(alias, name)
    update = alias.attribute("UpdatePolicy").get("CodeDeployLambdaAliasUpdate")
    weights = alias.prop("RoutingConfig", "AdditionalVersionWeights")
    if update.is_absent:
        if not weights.is_absent:
            step = alias.states("divides its traffic between versions", weights.span)
            return Rollout(name, True, True, (step,))
        return Rollout(name, False, False, (alias.states("has no CodeDeploy update policy"),))
    hooks = [update.get(key) for key in ("BeforeAllowTrafficHook", "AfterAllowTrafficHook")]
    hooked = any(not hook.is_absent for hook in hooks)
    group = graph.target(update.get("DeploymentGroupName"), _GROUP)
    if not isinstance(group, Resource):
        cause = update.get("DeploymentGroupName").missing or Missing(
            f"the deployment group of alias {name} is not in the run",
            "add the template that makes it",
            f"resource:{alias.name}:group",
        )
        return Rollout(name, False, hooked, (alias.states("is moved by CodeDeploy", update.span),), cause)
    return _of_group(graph, alias, group, name, hooked)


def _of_group(graph: Architecture, alias: Resource, group: Resource, name: str, hooked: bool) -> Rollout:
    written = group.prop("DeploymentConfigName")
    config = graph.target(written, _CONFIG)
    way = str(written) if isinstance(written, Text) else ""
    if isinstance(config, Resource):
        kind = config.prop("TrafficRoutingConfig", "Type")
        way = kind.literal or ("AllAtOnce" if kind.is_absent else "")
    alarms = [one for one in group.prop("AlarmConfiguration", "Alarms").items() if not one.is_absent]
    watched = bool(alarms) and group.prop("AlarmConfiguration", "Enabled").boolean() is not False
    steps = (
        group.states(f"moves alias {name}: {way or 'in a way that is not known'}", written.span),
        group.states("stops at an alarm" if watched else "has no alarm", group.property_span("AlarmConfiguration")),
        *((alias.states("is checked by a hook"),) if hooked else ()),
    )
    if written.is_absent or (written.missing is not None and not isinstance(config, Resource)) or not way:
        cause = written.missing or Missing(
            f"{group.name} names no deployment configuration", "write DeploymentConfigName", f"resource:{group.name}"
        )
        return Rollout(name, False, watched or hooked, steps, cause)
    return Rollout(name, "AllAtOnce" not in way, watched or hooked, steps)


def _of_machine(alias: Resource, name: str) -> Rollout:
    preference = alias.prop("DeploymentPreference")
    kind = preference.get("Type")
    weights = alias.prop("RoutingConfiguration").items()
    watched = bool(preference.get("Alarms").items())
    if preference.is_absent:
        shared = len(weights) > 1
        step = alias.states("divides its traffic between versions" if shared else "has no DeploymentPreference")
        return Rollout(name, shared, shared, (step,))
    step = alias.states(f"moves by {kind.literal or 'a way that is not known'}", kind.span)
    return Rollout(name, kind.literal in ("CANARY", "LINEAR"), watched, (step,), kind.missing)
