"""Of what each resource is drawn as a part: a role of its function, a method of its API, a route of its VPC."""

from collections.abc import Callable, Iterable
from functools import partial
from typing import Final

from validator.graph.architecture import Architecture
from validator.graph.edges import Edge, Relation
from validator.graph.picture.asking import answers
from validator.graph.picture.places import id_of
from validator.graph.picture.wholes import is_member, is_whole, named_owners
from validator.graph.references import References
from validator.graph.resource import Resource, ResourceId

_DISTANCE: Final = 4
_BOXES: Final = ("AWS::EC2::VPC", "AWS::EC2::Subnet")
_OF_A_VPC: Final = (
    "AWS::EC2::CarrierGateway",
    "AWS::EC2::DHCPOptions",
    "AWS::EC2::EgressOnlyInternetGateway",
    "AWS::EC2::EIP",
    "AWS::EC2::FlowLog",
    "AWS::EC2::InternetGateway",
    "AWS::EC2::NatGateway",
    "AWS::EC2::NetworkAcl",
    "AWS::EC2::NetworkAclEntry",
    "AWS::EC2::Route",
    "AWS::EC2::RouteTable",
    "AWS::EC2::SubnetCidrBlock",
    "AWS::EC2::SubnetNetworkAclAssociation",
    "AWS::EC2::SubnetRouteTableAssociation",
    "AWS::EC2::VPCCidrBlock",
    "AWS::EC2::VPCDHCPOptionsAssociation",
    "AWS::EC2::VPCEndpoint",
    "AWS::EC2::VPCGatewayAttachment",
    "AWS::NetworkFirewall::Firewall",
)
_SHARED: Final = (*_BOXES, "AWS::KMS::Key", "AWS::KMS::Alias", "AWS::IAM::ManagedPolicy")
"""What many things use: that two use the same one does not make them parts of each other."""
_TOPIC: Final = "AWS::SNS::Topic"

# From these edges the owner of the target is their source, whatever else mentions the target.
_OWNING: Final = frozenset((Relation.ASSUMES, Relation.WEARS, Relation.PROTECTED_BY, Relation.AUTHORISED_BY))


class Owners:
    """Answers by resource, remembered: the ids of what it is drawn as a part of, empty when drawn itself."""

    def __init__(self, graph: Architecture, edges: Iterable[Edge]) -> None:
        self._graph = graph
        self._known = {resource.id: resource for resource in graph.resources}
        references = References()
        self._mentions = {resource: self._mentioned_by(resource, references) for resource in graph.resources}
        self._mentioners: dict[Resource, list[Resource]] = {}
        for resource, targets in self._mentions.items():
            for target in targets:
                self._mentioners.setdefault(target, []).append(resource)
        self._by_edge: dict[Resource, list[Resource]] = {}
        for edge in edges:
            owner, owned = edge.source, edge.target
            if edge.relation in _OWNING and isinstance(owner, Resource) and isinstance(owned, Resource):
                self._by_edge.setdefault(owned, []).append(owner)
        self._drawn = {resource: self._is_drawn(resource) for resource in graph.resources}
        self._owners: dict[Resource, tuple[Resource, ...]] = {}

    def mentions(self, resource: Resource) -> tuple[Resource, ...]:
        """The resources that it refers to, whatever the conditions and also in other stacks."""
        return self._mentions[resource]

    def is_drawn(self, resource: Resource) -> bool:
        """Whether it is a node of its own."""
        return self._drawn[resource]

    def of(self, resource: Resource) -> tuple[str, ...]:
        """The ids of its owners; empty for what is drawn itself."""
        return () if self._drawn[resource] else tuple(map(id_of, self._owners_of(resource)))

    def _owners_of(self, part: Resource) -> tuple[Resource, ...]:
        if part not in self._owners:
            # Parts that name each other find none here, and then ask who uses them.
            self._owners[part] = ()
            self._owners[part] = self._find(part)
        return self._owners[part]

    def _mentioned_by(self, resource: Resource, references: References) -> tuple[Resource, ...]:
        named = references.of(resource.scope, resource.body)
        found = (self._known.get(ResourceId(stack, name)) for stack, name in named)
        return tuple(other for other in found if other is not None and other != resource)

    def _is_drawn(self, resource: Resource) -> bool:
        if not is_whole(resource):
            return False
        members = answers(self._graph, resource, lambda: (is_member(self._graph, resource),))
        return not any(answer for answer, _ in members)

    def _find(self, part: Resource) -> tuple[Resource, ...]:
        if part.type in _OF_A_VPC:
            vpcs = self._nearest(part, self._surroundings, lambda other: other.type == _BOXES[0], _OF_A_VPC + _BOXES)
            if vpcs:
                return vpcs
        named = answers(self._graph, part, partial(named_owners, self._graph, part))
        for start in ([owner for owner, _ in named], self._by_edge.get(part, [])):
            owners = self._drawn_from(start)
            if owners:
                return owners
        using = self._nearest(part, lambda one: tuple(self._mentioners.get(one, ())), self._drawn.__getitem__)
        found = using or self._nearest(part, self._surroundings, self._is_drawn_or_vpc)
        # An alarm belongs to what it watches, not to the topic it is sent to.
        return tuple(owner for owner in found if owner.type != _TOPIC) or found

    def _is_drawn_or_vpc(self, resource: Resource) -> bool:
        return self._drawn[resource] or resource.type == _BOXES[0]

    def _is_way(self, resource: Resource) -> bool:
        return not self._drawn[resource] and resource.type not in _SHARED

    def _surroundings(self, resource: Resource) -> tuple[Resource, ...]:
        return (*self._mentions[resource], *self._mentioners.get(resource, ()))

    def _drawn_from(self, start: Iterable[Resource]) -> tuple[Resource, ...]:
        """The drawn ones, and of parts the drawn ones they belong to."""
        found: dict[Resource, None] = {}
        for resource in start:
            if self._drawn[resource]:
                found[resource] = None
            else:
                found |= dict.fromkeys(self._owners_of(resource))
        return tuple(found)

    def _nearest(
        self,
        part: Resource,
        ways: Callable[[Resource], Iterable[Resource]],
        wanted: Callable[[Resource], bool],
        over: tuple[str, ...] = (),
    ) -> tuple[Resource, ...]:
        """All wanted resources of the smallest distance.

        The way leads through parts and never through what many share, or through the types of ``over`` alone.
        """
        seen = {part}
        front = [part]
        for _ in range(_DISTANCE):
            reached = dict.fromkeys(other for resource in front for other in ways(resource) if other not in seen)
            found = tuple(other for other in reached if wanted(other))
            if found:
                return found
            seen |= reached.keys()
            front = [other for other in reached if (other.type in over if over else self._is_way(other))]
        return ()
