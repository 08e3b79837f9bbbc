"""Where things stand in the network: VPCs and subnets as boxes, and which boxes each resource stands in."""

from collections.abc import Iterable
from dataclasses import dataclass
from functools import partial
from typing import Final

from validator.graph.architecture import Architecture
from validator.graph.network.compute import ATTACHMENTS, subnet_values
from validator.graph.network.functions import place_of
from validator.graph.network.identity import SUBNET, VPC, denoted, label_of, vpc_of
from validator.graph.network.subnets import Exposure, exposure_of, subnet_exposure
from validator.graph.picture.asking import answers
from validator.graph.resource import Resource
from validator.graph.stores.kinds import STORE_KINDS
from validator.graph.stores.placement import placement_of
from validator.model import BoxKind, PictureBox
from validator.resolve import Value

OUTSIDE_VPC: Final = "vpc:outside"
_FUNCTION: Final = "AWS::Lambda::Function"
_INSTANCE: Final = (
    "AWS::EC2::Instance",
    "AWS::AutoScaling::AutoScalingGroup",
    "AWS::ElasticLoadBalancing::LoadBalancer",
)
_SUBNETS: Final = ("SubnetId", "VPCZoneIdentifier", "Subnets")


@dataclass(frozen=True, slots=True)
class Places:
    """The boxes of an architecture, and by resource the ids of the subnets it runs in."""

    boxes: tuple[PictureBox, ...]
    of: dict[Resource, tuple[str, ...]]


def id_of(resource: Resource) -> str:
    """The identity of a resource in the picture; the separator stands in no logical ID."""
    return f"{resource.id.stack}\x1f{resource.logical_id}"


def places_of(graph: Architecture) -> Places:
    """The network of the architecture, over all scenarios.

    A subnet that a parameter or another template gives stands in a box of a VPC outside of the run.
    """
    boxes = {id_of(vpc): _vpc(vpc) for vpc in graph.declared(VPC)}
    for subnet in graph.declared(SUBNET):
        boxes[id_of(subnet)] = _subnet(graph, subnet)
    of: dict[Resource, tuple[str, ...]] = {}
    for resource in graph.resources:
        inside = _standing(graph, resource)
        boxes |= {box.id: box for box in inside if box.id not in boxes}
        if inside:
            of[resource] = tuple(dict.fromkeys(box.id for box in inside))
    if any(box.parent == OUTSIDE_VPC for box in boxes.values()):
        boxes[OUTSIDE_VPC] = PictureBox(OUTSIDE_VPC, BoxKind.VPC, "")
    return Places(tuple(boxes.values()), of)


def _vpc(vpc: Resource) -> PictureBox:
    template = vpc.scope.template.path
    return PictureBox(id_of(vpc), BoxKind.VPC, vpc.name, span=vpc.span, stack=vpc.id.stack, template=template)


def _subnet(graph: Architecture, subnet: Resource) -> PictureBox:
    targets = answers(graph, subnet, lambda: (vpc_of(graph, subnet),))
    vpc = next((target for target, _ in targets if isinstance(target, Resource)), None)
    return PictureBox(
        id_of(subnet),
        BoxKind.SUBNET,
        subnet.name,
        parent=OUTSIDE_VPC if vpc is None else id_of(vpc),
        public=_is_public(_exposures(graph, subnet)),
        span=subnet.span,
        stack=subnet.id.stack,
        template=subnet.scope.template.path,
    )


def _exposures(graph: Architecture, subnet: Resource) -> set[Exposure]:
    return {found for found, _ in answers(graph, subnet, lambda: (exposure_of(graph, subnet).exposure,))}


def _is_public(found: Iterable[Exposure]) -> bool | None:
    """Public or private only when every scenario says the same."""
    known = {None if one is Exposure.UNKNOWN else one is Exposure.PUBLIC for one in found}
    return known.pop() if len(known) == 1 else None


def _standing(graph: Architecture, resource: Resource) -> list[PictureBox]:
    if resource.type not in (*_INSTANCE, *STORE_KINDS, *ATTACHMENTS, _FUNCTION):
        return []
    found = answers(graph, resource, partial(_outlines, graph, resource))
    return [box for box, _ in found]


def _outlines(graph: Architecture, resource: Resource) -> Iterable[PictureBox]:
    for value in _subnet_values(graph, resource):
        target = denoted(graph, value, SUBNET)
        if isinstance(target, Resource):
            yield PictureBox(id_of(target), BoxKind.SUBNET, target.name)
        else:
            label = label_of(value)
            public = _is_public((subnet_exposure(graph, value).exposure,))
            yield PictureBox(f"subnet:{label}", BoxKind.SUBNET, label, OUTSIDE_VPC, public)


def _subnet_values(graph: Architecture, resource: Resource) -> Iterable[Value]:
    if resource.type == _FUNCTION:
        return place_of(graph, resource).subnets
    kind = STORE_KINDS.get(resource.type)
    if kind is not None and (kind.subnets or kind.subnet_group or kind.cluster):
        return placement_of(graph, resource).subnets
    if resource.type in ATTACHMENTS:
        return subnet_values(graph, resource, ATTACHMENTS[resource.type])
    if resource.type in _INSTANCE:
        return [item for name in _SUBNETS for item in resource.prop(name).items()]
    return ()
