"""Where functions run: in Lambda's own network, in the subnets they name, or in those of a capacity provider.

Lambda Developer Guide, *Configuring VPC access*: a function without subnets runs in a VPC of Lambda's, not in
the default VPC; in a public subnet it gets neither a public address nor a way to the Internet.
"""

from dataclasses import dataclass
from enum import Enum

from validator.graph.architecture import Architecture
from validator.graph.network.identity import SecurityGroup, listed, security_group
from validator.graph.network.subnets import SubnetExposure, subnet_exposure
from validator.graph.resource import Resource
from validator.model import Evidence, Missing, Span
from validator.resolve import Unknown, Value


class Attached(Enum):
    """Whether a function is attached to a VPC."""

    NO = "runs outside every VPC of the account"
    YES = "is attached to a VPC"
    UNDECIDED = "may be attached to a VPC"


@dataclass(frozen=True, slots=True)
class FunctionPlace:
    """A function's subnets and security groups; ``at`` is where they are named, or missing from."""

    attached: Attached
    at: Span
    step: Evidence
    subnets: tuple[Value, ...] = ()
    groups: tuple[Value, ...] = ()
    missing: tuple[Missing, ...] = ()

    def exposures(self, graph: Architecture) -> tuple[SubnetExposure, ...]:
        """What each of the subnets is."""
        return tuple(subnet_exposure(graph, value) for value in self.subnets)

    def security_groups(self, graph: Architecture) -> tuple[SecurityGroup, ...]:
        """The security groups the function wears."""
        return tuple(security_group(graph, value) for value in self.groups)


def place_of(graph: Architecture, function: Resource) -> FunctionPlace:
    """Where the function's code runs."""
    return graph.memo("function-place", function, lambda: _place_of(graph, function))


def _place_of(graph: Architecture, function: Resource) -> FunctionPlace:
    provider = function.prop("CapacityProviderConfig", "LambdaManagedInstancesCapacityProviderConfig")
    named = provider.get("CapacityProviderArn")
    if not named.is_absent:
        target = graph.target(named, "AWS::Lambda::CapacityProvider")
        if isinstance(target, Resource):
            return _by_config(function, target, target.prop("VpcConfig"))
        what = f"the capacity provider of {function.name} is not in the templates of the run"
        cause = named.missing or Missing(what, "add the template that makes it", function.name)
        return FunctionPlace(Attached.UNDECIDED, named.span, function.states(what, named.span), missing=(cause,))
    return _by_config(function, function, function.prop("VpcConfig"))


def _by_config(function: Resource, owner: Resource, config: Value) -> FunctionPlace:
    if isinstance(config, Unknown):
        step = function.states("has a VpcConfig that is not decided", config.span)
        return FunctionPlace(Attached.UNDECIDED, config.span, step, missing=(config.cause,))
    value = config.get("SubnetIds")
    subnets = listed(value)
    if not subnets:
        because = "names no subnets in VpcConfig" if not config.is_absent else "has no VpcConfig"
        step = function.states(f"{because} and {Attached.NO.value}")
        return FunctionPlace(Attached.NO, function.span, step)
    step = owner.states("is attached to a VPC by VpcConfig", value.span)
    return FunctionPlace(Attached.YES, value.span, step, subnets, listed(config.get("SecurityGroupIds")))
