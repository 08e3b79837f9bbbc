"""Who is meant: subnets, security groups and VPCs as other resources name them, over all stacks of the run."""

from collections.abc import Iterator
from dataclasses import dataclass

from validator.graph.architecture import Architecture, External, Target
from validator.graph.names import decides_outside
from validator.graph.resource import Resource
from validator.load.nodes import MapNode
from validator.model import Missing
from validator.resolve import ListValue, Part, Text, Unknown, Value
from validator.resolve.values import text_of

SUBNET = "AWS::EC2::Subnet"
VPC = "AWS::EC2::VPC"
GROUP = "AWS::EC2::SecurityGroup"
ROUTE_TABLE = "AWS::EC2::RouteTable"
DEFAULT_VPC = "AWS::EC2::DefaultVPC"

_ID_ATTRIBUTES = {
    SUBNET: ("", "SubnetId"),
    VPC: ("", "VpcId"),
    GROUP: ("", "GroupId", "Id"),
    ROUTE_TABLE: ("", "RouteTableId"),
}


def is_named_by(subject: Resource, value: Value) -> bool:
    """Whether the whole value is the identifier of the resource."""
    reference = value.reference
    return (
        reference is not None
        and (reference.stack, reference.logical_id) == (subject.id.stack, subject.id.logical_id)
        and reference.attribute in _ID_ATTRIBUTES.get(subject.type, ("", "Id"))
    )


def may_mention(graph: Architecture, subject: Resource, *types: str) -> Iterator[Resource]:
    """The existing resources of the types that can name the subject, those of other stacks too."""
    yield from graph.referrers(subject, *types)


def pointing(graph: Architecture, subject: Resource, resource_type: str, *path: str) -> tuple[Resource, ...]:
    """The existing resources of the type whose property at ``path`` is the subject's identifier."""
    return tuple(
        other
        for other in may_mention(graph, subject, resource_type)
        if is_named_by(subject, other.prop(*path)) and other.exists()
    )


def perhaps_pointing(graph: Architecture, subject: Resource, resource_type: str, name: str) -> Missing | None:
    """What is missing of a resource of the type that names the subject by an import whose name is not yet whole."""
    for other in may_mention(graph, subject, resource_type):
        properties = other.body.get("Properties")
        node = properties.get(name) if isinstance(properties, MapNode) else None
        if node is None or subject not in graph.mentioned_in(other.scope, node):
            continue
        value = other.prop(name)
        if isinstance(value, Unknown):
            return value.cause
    return None


def listed(value: Value) -> tuple[Value, ...]:
    """The items of a list of identifiers; one text with commas in it is a list that was joined."""
    if isinstance(value, ListValue):
        return tuple(item for one in value.items() for item in listed(one))
    if not isinstance(value, Text) or not any(isinstance(part, str) and "," in part for part in value.parts):
        return value.items()
    pieces: list[list[Part]] = [[]]
    for part in value.parts:
        first, *others = part.split(",") if isinstance(part, str) else (part,)
        pieces[-1].append(first.strip() if isinstance(first, str) else first)
        pieces.extend([other.strip()] for other in others if isinstance(other, str))
    texts = (text_of(piece, value.span) for piece in pieces)
    return tuple(text for text in texts if text.parts)


def denoted(graph: Architecture, value: Value, resource_type: str) -> Target:
    """The one resource of the type that the whole value names; a text that holds several is unknown."""
    target = graph.target(value, resource_type)
    if isinstance(target, Resource) and not is_named_by(target, value):
        return Unknown(_composed(value), value.span)
    return target


def _composed(value: Value) -> Missing:
    what = f"the identifier at {value.span} is put together from several values"
    return Missing(what, "name one resource", f"composed:{value.span}")


@dataclass(frozen=True, slots=True)
class SecurityGroup:
    """A security group as something wears or admits it.

    ``resource`` is the ``AWS::EC2::SecurityGroup``, or the VPC whose default group it is (``is_default``).
    Without a resource the group is outside the run, and ``missing`` says so.
    """

    label: str
    resource: Resource | None = None
    is_default: bool = False
    missing: Missing | None = None


def security_group(graph: Architecture, value: Value) -> SecurityGroup:
    """The security group that a value names: by reference, as a VPC's default group, or outside the run."""
    reference = value.reference
    owner = graph.resource_of(reference) if reference is not None else None
    if owner is not None and reference is not None:
        if owner.type == GROUP and is_named_by(owner, value):
            return SecurityGroup(owner.name, owner)
        if owner.type == VPC and reference.attribute == "DefaultSecurityGroup":
            return SecurityGroup(f"the default group of {owner.name}", owner, is_default=True)
        if owner.type not in (GROUP, VPC) and not decides_outside(owner.type):
            return SecurityGroup(str(reference), missing=_made_by(owner))
    return _group_outside(graph, value)


def _group_outside(graph: Architecture, value: Value) -> SecurityGroup:
    match denoted(graph, value, GROUP):
        case Unknown(cause):
            return SecurityGroup(_called(cause), missing=cause)
        case External(text):
            what = f"security group {text} is not in the templates of the run"
            how = f'add the template that makes it, or assume it: subject = "security-group:{text}"'
            return SecurityGroup(text, missing=Missing(what, how, f"security-group:{text}"))
        case _:
            what = f"no security group is named at {value.span}"
            return SecurityGroup("no group", missing=Missing(what, "name the group", f"group:{value.span}"))


def _made_by(owner: Resource) -> Missing:
    what = f"{owner.name} ({owner.type}) makes the security group, its rules are not in the template"
    return Missing(what, "assume it in the configuration", f"resource:{owner.name}")


def _called(cause: Missing) -> str:
    kind, _, name = cause.key.partition(":")
    return f"{kind} {name}" if kind in ("parameter", "import") else cause.what


def label_of(value: Value) -> str:
    """A short name of a value for messages: the logical ID, the literal, the parameter."""
    if isinstance(value, Unknown):
        return _called(value.cause)
    reference = value.reference
    if reference is not None:
        return reference.logical_id
    return str(value) if isinstance(value, Text) else "a list"


def vpc_of(graph: Architecture, resource: Resource) -> Target:
    """The VPC that a subnet, security group or gateway names in ``VpcId``."""
    return denoted(graph, resource.prop("VpcId"), VPC)


def leaves_run(graph: Architecture, resource: Resource) -> Missing | None:
    """What hands the resource's identifier to something outside the run, None when nothing does."""
    return graph.memo("leaves-run", resource, lambda: _leaves_run(graph, resource))


def _leaves_run(graph: Architecture, resource: Resource) -> Missing | None:
    for _, output in graph.handed_out(resource):
        return _handed_on(resource, f"output {output.name}")
    for other in graph.referrers(resource):
        stored = other.type == "AWS::SSM::Parameter" and not other.scope.links.is_used(other.scope, other.logical_id)
        if decides_outside(other.type) or stored:
            return _handed_on(resource, f"{other.name} ({other.type})")
    macros = resource.scope.template.uncertain
    return _handed_on(resource, f"macro {macros[0]}") if macros else None


def added_elsewhere(graph: Architecture, resource: Resource) -> Missing | None:
    """What outside of the run may add routes to a route table or rules to a group, None when nothing does.

    A nested stack whose template is not in the run, and a custom resource, are handed an identifier to use it. An
    output is not such: it tells of nobody who reads it.
    """
    return graph.memo("added-elsewhere", resource, lambda: _added_elsewhere(graph, resource))


def _added_elsewhere(graph: Architecture, resource: Resource) -> Missing | None:
    for other in graph.referrers(resource):
        if decides_outside(other.type):
            return _handed_on(resource, f"{other.name} ({other.type})")
    return None


def _handed_on(resource: Resource, receiver: str) -> Missing:
    what = f"{receiver} hands {resource.name} to something outside the run"
    how = f'add the templates that use it, or assume it: subject = "{resource.name}"'
    return Missing(what, how, resource.name)
