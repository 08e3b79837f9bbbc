"""Everything beside the data stores that wears security groups: what it is, where it runs, who can reach it.

Property paths are those of the CloudFormation resource schemas; ``*`` stands for each item of a list.
"""

from collections.abc import Iterator
from dataclasses import dataclass
from enum import Enum

from validator.graph.architecture import Architecture
from validator.graph.network.identity import listed
from validator.graph.network.subnets import SubnetExposure, subnet_exposure
from validator.graph.resource import Resource
from validator.model import Evidence, Missing
from validator.resolve import Value


class Kind(Enum):
    """How something that wears a group can be reached."""

    FUNCTION = "runs code and accepts no connection"
    MANAGED = "is run by AWS and has no public address"
    HOST = "is a host: its subnets decide"
    TASK = "is a task: its subnets and its public address decide"
    BALANCER = "is a load balancer: its scheme decides"
    GATE = "lets people in from outside the VPC"


Path = tuple[str, ...]


@dataclass(frozen=True, slots=True)
class Attachment:
    """Where a resource type names its security groups and subnets."""

    kind: Kind
    groups: tuple[Path, ...]
    subnets: tuple[Path, ...]


def _vpc_config(kind: Kind, top: str, groups: str = "SecurityGroupIds", subnets: str = "SubnetIds") -> Attachment:
    return Attachment(kind, ((top, groups),), ((top, subnets),))


_AWSVPC: Path = ("NetworkConfiguration", "AwsvpcConfiguration")
_TASK_SET: Path = ("NetworkConfiguration", "AwsVpcConfiguration")
_TARGET: Path = ("Targets", "*", "EcsParameters", *_TASK_SET)
_SCHEDULED: Path = ("Target", "EcsParameters", *_AWSVPC)
_TEMPLATE: Path = ("LaunchTemplateData",)

_SEARCH_DESTINATIONS = (
    "AmazonopensearchserviceDestinationConfiguration",
    "AmazonOpenSearchServerlessDestinationConfiguration",
    "ElasticsearchDestinationConfiguration",
)

ATTACHMENTS: dict[str, Attachment] = {
    "AWS::Lambda::Function": _vpc_config(Kind.FUNCTION, "VpcConfig"),
    "AWS::Lambda::CapacityProvider": _vpc_config(Kind.FUNCTION, "VpcConfig"),
    "AWS::SecretsManager::RotationSchedule": _vpc_config(
        Kind.FUNCTION, "HostedRotationLambda", "VpcSecurityGroupIds", "VpcSubnetIds"
    ),
    "AWS::Synthetics::Canary": _vpc_config(Kind.FUNCTION, "VPCConfig"),
    "AWS::CodeBuild::Project": _vpc_config(Kind.MANAGED, "VpcConfig", subnets="Subnets"),
    "AWS::Glue::Connection": Attachment(
        Kind.MANAGED,
        (("ConnectionInput", "PhysicalConnectionRequirements", "SecurityGroupIdList"),),
        (("ConnectionInput", "PhysicalConnectionRequirements", "SubnetId"),),
    ),
    "AWS::AppRunner::VpcConnector": Attachment(Kind.MANAGED, (("SecurityGroups",),), (("Subnets",),)),
    "AWS::ApiGatewayV2::VpcLink": Attachment(Kind.MANAGED, (("SecurityGroupIds",),), (("SubnetIds",),)),
    "AWS::EC2::VPCEndpoint": Attachment(Kind.MANAGED, (("SecurityGroupIds",),), (("SubnetIds",),)),
    "AWS::KinesisFirehose::DeliveryStream": Attachment(
        Kind.MANAGED,
        tuple((name, "VpcConfiguration", "SecurityGroupIds") for name in _SEARCH_DESTINATIONS),
        tuple((name, "VpcConfiguration", "SubnetIds") for name in _SEARCH_DESTINATIONS),
    ),
    "AWS::DMS::ReplicationInstance": Attachment(Kind.MANAGED, (("VpcSecurityGroupIds",),), ()),
    "AWS::MWAA::Environment": _vpc_config(Kind.MANAGED, "NetworkConfiguration"),
    "AWS::EKS::Cluster": _vpc_config(Kind.MANAGED, "ResourcesVpcConfig"),
    "AWS::Batch::ComputeEnvironment": _vpc_config(Kind.HOST, "ComputeResources", subnets="Subnets"),
    "AWS::SageMaker::NotebookInstance": Attachment(Kind.HOST, (("SecurityGroupIds",),), (("SubnetId",),)),
    "AWS::EC2::Instance": Attachment(
        Kind.HOST,
        (("SecurityGroupIds",), ("SecurityGroups",), ("NetworkInterfaces", "*", "GroupSet")),
        (("SubnetId",), ("NetworkInterfaces", "*", "SubnetId")),
    ),
    "AWS::EC2::NetworkInterface": Attachment(Kind.HOST, (("GroupSet",),), (("SubnetId",),)),
    "AWS::EC2::LaunchTemplate": Attachment(
        Kind.HOST,
        ((*_TEMPLATE, "SecurityGroupIds"), (*_TEMPLATE, "NetworkInterfaces", "*", "Groups")),
        ((*_TEMPLATE, "NetworkInterfaces", "*", "SubnetId"),),
    ),
    "AWS::AutoScaling::LaunchConfiguration": Attachment(Kind.HOST, (("SecurityGroups",),), ()),
    "AWS::ECS::Service": Attachment(Kind.TASK, ((*_AWSVPC, "SecurityGroups"),), ((*_AWSVPC, "Subnets"),)),
    "AWS::ECS::TaskSet": Attachment(Kind.TASK, ((*_TASK_SET, "SecurityGroups"),), ((*_TASK_SET, "Subnets"),)),
    "AWS::Events::Rule": Attachment(Kind.TASK, ((*_TARGET, "SecurityGroups"),), ((*_TARGET, "Subnets"),)),
    "AWS::Scheduler::Schedule": Attachment(
        Kind.TASK, ((*_SCHEDULED, "SecurityGroups"),), ((*_SCHEDULED, "Subnets"),)
    ),
    "AWS::ElasticLoadBalancingV2::LoadBalancer": Attachment(
        Kind.BALANCER, (("SecurityGroups",),), (("Subnets",), ("SubnetMappings", "*", "SubnetId"))
    ),
    "AWS::ElasticLoadBalancing::LoadBalancer": Attachment(Kind.BALANCER, (("SecurityGroups",),), (("Subnets",),)),
    "AWS::EC2::ClientVpnEndpoint": Attachment(Kind.GATE, (("SecurityGroupIds",),), ()),
    "AWS::Transfer::Server": _vpc_config(Kind.GATE, "EndpointDetails"),
}

_FLEETS: dict[str, tuple[Path, ...]] = {
    "AWS::AutoScaling::AutoScalingGroup": (("VPCZoneIdentifier",),),
    "AWS::EC2::Instance": (("SubnetId",),),
    "AWS::EC2::EC2Fleet": (("LaunchTemplateConfigs", "*", "Overrides", "*", "SubnetId"),),
    "AWS::EC2::SpotFleet": (
        ("SpotFleetRequestConfigData", "LaunchTemplateConfigs", "*", "Overrides", "*", "SubnetId"),
    ),
    "AWS::EKS::Nodegroup": (("Subnets",),),
    "AWS::Batch::ComputeEnvironment": (("ComputeResources", "Subnets"),),
}
"""What starts instances from a launch template or configuration, and where it names their subnets."""

_TEMPLATE_NAMES: tuple[Path, ...] = (
    ("LaunchTemplate", "LaunchTemplateName"),
    ("LaunchTemplate", "Name"),
    ("MixedInstancesPolicy", "LaunchTemplate", "LaunchTemplateSpecification", "LaunchTemplateName"),
    ("ComputeResources", "LaunchTemplate", "LaunchTemplateName"),
)


def values_at(resource: Resource, path: Path) -> Iterator[Value]:
    """The values at a property path; ``*`` stands for each item."""
    yield from _below(resource.prop(path[0]), path[1:])


def _below(value: Value, path: Path) -> Iterator[Value]:
    if not path:
        if not value.is_absent:
            yield value
    elif path[0] == "*":
        for item in value.items():
            yield from _below(item, path[1:])
    else:
        yield from _below(value.get(path[0]), path[1:])


def group_values(resource: Resource, attachment: Attachment) -> tuple[Value, ...]:
    """The values that name the security groups of a resource, one each."""
    return tuple(item for path in attachment.groups for value in values_at(resource, path) for item in listed(value))


def subnet_values(graph: Architecture, resource: Resource, attachment: Attachment) -> tuple[Value, ...]:
    """The values that name the subnets of a resource, one each; for a launch template those of its fleets."""
    own = tuple(item for path in attachment.subnets for value in values_at(resource, path) for item in listed(value))
    if own or resource.type not in ("AWS::EC2::LaunchTemplate", "AWS::AutoScaling::LaunchConfiguration"):
        return own
    named = (
        value
        for fleet in _fleets(graph, resource)
        for path in _FLEETS[fleet.type]
        for value in values_at(fleet, path)
    )
    return tuple(item for value in named for item in listed(value))


def _fleets(graph: Architecture, template: Resource) -> tuple[Resource, ...]:
    """What starts instances from the launch template, by reference or by its literal name."""
    fleets = dict.fromkeys(graph.referrers(template, *_FLEETS))
    name = template.prop("LaunchTemplateName").literal
    if name is not None:
        for fleet in graph.declared(*_FLEETS):
            if any(fleet.prop(*path).literal == name for path in _TEMPLATE_NAMES) and fleet.exists():
                fleets[fleet] = None
    return tuple(fleets)


@dataclass(frozen=True, slots=True)
class Openness:
    """Whether something stands in a public subnet or faces the Internet; None when the run does not decide.

    ``has_public_address`` tells whether the Internet can address it, as far as the template shows.
    """

    is_open: bool | None
    because: str
    evidence: tuple[Evidence, ...] = ()
    missing: tuple[Missing, ...] = ()
    has_public_address: bool = False


def openness(graph: Architecture, resource: Resource) -> Openness:
    """How far the Internet gets to a resource that wears security groups, by its kind."""
    return graph.memo("openness", resource, lambda: _openness(graph, resource))


def _openness(graph: Architecture, resource: Resource) -> Openness:
    attachment = ATTACHMENTS[resource.type]
    match attachment.kind:
        case Kind.BALANCER:
            return _balancer(resource)
        case Kind.HOST | Kind.TASK:
            return _host(graph, resource, attachment)
        case Kind.GATE:
            because = "lets people in from outside the VPC"
            cause = Missing(f"who connects through {resource.name} is not known", "assume it", resource.name)
            return Openness(None, because, (resource.states(because),), (cause,))
        case _:
            return Openness(False, attachment.kind.value, (resource.states(attachment.kind.value),))


def _balancer(resource: Resource) -> Openness:
    scheme = resource.prop("Scheme")
    if scheme.missing is not None:
        return Openness(None, "has a scheme that is not decided", missing=(scheme.missing,))
    if scheme.literal == "internal":
        return Openness(False, "is internal", (resource.states("is internal", scheme.span),))
    because = "is internet-facing" if scheme.literal else "is internet-facing, as no Scheme is set"
    return Openness(True, because, (resource.states(because, scheme.span),), has_public_address=True)


def _host(graph: Architecture, resource: Resource, attachment: Attachment) -> Openness:
    values = subnet_values(graph, resource, attachment)
    if not values:
        return _by_default(resource, attachment)
    exposures = [subnet_exposure(graph, value) for value in values]
    public = next((exposure for exposure in exposures if _is_public(exposure)), None)
    if public is not None:
        step = resource.states(f"runs in {public.label}", public.value.span)
        because = f"runs in public subnet {public.label}"
        address = _has_public_address(graph, resource, attachment, public)
        return Openness(True, because, (step, *public.evidence), has_public_address=address)
    unknown = [exposure for exposure in exposures if exposure.is_unknown]
    if unknown:
        step = resource.states(f"runs in {unknown[0].label}", unknown[0].value.span)
        causes = tuple(cause for exposure in unknown for cause in exposure.missing)
        return Openness(None, "runs in a subnet that is not decided", (step, *unknown[0].evidence), causes)
    labels = ", ".join(dict.fromkeys(exposure.label for exposure in exposures))
    steps = tuple(step for exposure in exposures for step in exposure.evidence)
    return Openness(
        False, f"runs in private subnets ({labels})", (resource.states(f"runs in {labels}", values[0].span), *steps)
    )


def _is_public(exposure: SubnetExposure) -> bool:
    """A route for IPv6 alone makes no difference in a subnet without IPv6 addresses."""
    return exposure.is_public and (exposure.has_ipv6 or not exposure.ipv6_only)


def _by_default(resource: Resource, attachment: Attachment) -> Openness:
    """Without subnets an instance runs in the default VPC, whose subnets are public (*Default VPCs*)."""
    if attachment.kind is Kind.HOST and resource.type == "AWS::EC2::Instance":
        if not resource.prop("LaunchTemplate").is_absent or not resource.prop("NetworkInterfaces").is_absent:
            cause = Missing(f"where {resource.name} runs is not in its properties", "set SubnetId", resource.name)
            return Openness(None, "runs where its launch template says", missing=(cause,))
        because = "names no subnet, so it runs in a public subnet of the default VPC"
        return Openness(True, because, (resource.states(because),), has_public_address=True)
    cause = Missing(f"the subnets of {resource.name} are not in the template", "name them", resource.name)
    return Openness(None, "runs in subnets that are not decided", missing=(cause,))


def _has_public_address(
    graph: Architecture, resource: Resource, attachment: Attachment, subnet: SubnetExposure
) -> bool:
    if attachment.kind is Kind.TASK:
        settings = [
            value for path in attachment.groups for value in values_at(resource, (*path[:-1], "AssignPublicIp"))
        ]
        return any(value.literal == "ENABLED" for value in settings)
    switches = (
        ("NetworkInterfaces", "*", "AssociatePublicIpAddress"),
        (*_TEMPLATE, "NetworkInterfaces", "*", "AssociatePublicIpAddress"),
        ("AssociatePublicIpAddress",),
    )
    written = [value.boolean() for path in switches for value in values_at(resource, path)]
    if any(written):
        return True
    if graph.referrers(resource, "AWS::EC2::EIP", "AWS::EC2::EIPAssociation"):
        return True
    return not written and subnet.subnet is not None and subnet.subnet.prop("MapPublicIpOnLaunch").boolean() is True
