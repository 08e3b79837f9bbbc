"""The intrinsic functions of CloudFormation, each as one function from its argument to a value.

Follows the CloudFormation Template Reference, *Intrinsic functions*; what the template does not decide
becomes a named ``Unknown`` or a ``Hole`` in a text, never a guess.
"""

import ipaddress
import json
from collections.abc import Callable
from dataclasses import replace
from typing import TYPE_CHECKING, Final

from validator.load.nodes import ListNode, MapNode, Node, ScalarNode
from validator.model import Missing, Span
from validator.resolve.substitution import substitution_parts
from validator.resolve.values import (
    Absent,
    Hole,
    ListValue,
    MapValue,
    Part,
    Pseudo,
    ResourceRef,
    Text,
    Unknown,
    Value,
    placed,
    text_of,
)

if TYPE_CHECKING:
    from validator.resolve.scope import Scope

Function = Callable[["Scope", Node, Span], Value]


def _malformed(name: str, span: Span) -> Unknown:
    what = f"{name} at {span} has arguments it does not take"
    return Unknown(Missing(what, f"correct the {name}", f"malformed:{span}"), span)


def parts_of(value: Value) -> list[Part]:
    """The parts that a value adds to a text it is put into; a list or map adds a hole."""
    match value:
        case Text():
            return list(value.parts)
        case Unknown():
            return [Hole(value.cause)]
        case Absent():
            return []
    return [Hole(Missing(f"a list or map stands in a text at {value.span}", "write a text", "shape"))]


def _items(scope: "Scope", node: Node) -> tuple[Value, ...]:
    return tuple(scope.resolve(item) for item in node.items) if isinstance(node, ListNode) else ()


def _get_att(scope: "Scope", argument: Node, span: Span) -> Value:
    if isinstance(argument, ScalarNode):
        logical_id, _, attribute = argument.text.partition(".")
        return attribute_of(scope, logical_id, attribute, span)
    first, *rest = _items(scope, argument) or (Absent(span),)
    texts = [item.literal for item in rest]
    if first.literal is None or None in texts or not texts:
        return first if isinstance(first, Unknown) else _malformed("Fn::GetAtt", span)
    return attribute_of(scope, first.literal, ".".join(text or "" for text in texts), span)


def attribute_of(scope: "Scope", logical_id: str, attribute: str, span: Span) -> Value:
    """``Fn::GetAtt``: a reference when the template has the resource, else a named unknown."""
    if logical_id in scope.template.resources:
        given = scope.links.output(scope, logical_id, attribute, span)
        if given is not None:
            return placed(given, span)
        return Text((ResourceRef(scope.name, logical_id, attribute),), span)
    return scope.unknown(f"name:{logical_id}", f"{logical_id} is not a resource", "declare it", span)


def _sub(scope: "Scope", argument: Node, span: Span) -> Value:
    template, given = argument, None
    if isinstance(argument, ListNode):
        if len(argument.items) != 2:
            return _malformed("Fn::Sub", span)
        template, given = argument.items
    text = template.text if isinstance(template, ScalarNode) else scope.resolve(template).literal
    if text is None:
        return _malformed("Fn::Sub", span)
    parts: list[Part] = []
    for kind, piece in substitution_parts(text):
        if kind == "text":
            parts.append(piece)
            continue
        local = given.get(piece) if isinstance(given, MapNode) else None
        parts.extend(parts_of(scope.resolve(local) if local is not None else _substituted(scope, piece, span)))
    return scope.text(parts, span)


def _substituted(scope: "Scope", name: str, span: Span) -> Value:
    if "." in name and not name.startswith("AWS::"):
        logical_id, _, attribute = name.partition(".")
        return attribute_of(scope, logical_id, attribute, span)
    value = scope.named(name, span)
    if isinstance(value, ListValue):
        return joined(scope, ",", value.items(), span)
    return value


def _join(scope: "Scope", argument: Node, span: Span) -> Value:
    if not isinstance(argument, ListNode) or len(argument.items) != 2:
        return _malformed("Fn::Join", span)
    delimiter = scope.resolve(argument.items[0]).literal
    values = scope.resolve(argument.items[1])
    if delimiter is None:
        return _malformed("Fn::Join", span)
    return values if isinstance(values, Unknown) else joined(scope, delimiter, values.items(), span)


def joined(scope: "Scope", delimiter: str, values: tuple[Value, ...], span: Span) -> Text:
    """The values with the delimiter between them, as one text."""
    parts: list[Part] = []
    for position, value in enumerate(values):
        if position:
            parts.append(delimiter)
        parts.extend(parts_of(value))
    return scope.text(parts, span)


def _split(scope: "Scope", argument: Node, span: Span) -> Value:
    arguments = _items(scope, argument)
    if len(arguments) != 2 or arguments[0].literal is None:
        return _malformed("Fn::Split", span)
    delimiter, value = arguments[0].literal, arguments[1]
    if isinstance(value, Unknown) or not isinstance(value, Text) or not delimiter:
        return value if isinstance(value, Unknown) else _malformed("Fn::Split", span)
    return split(value, delimiter, span)


def split(value: Text, delimiter: str, span: Span, *, trim: bool = False) -> Value:
    """The pieces of a text between the delimiters; unknown where a part may hold one itself."""
    pieces: list[list[Part]] = [[]]
    for part in value.parts:
        if isinstance(part, str):
            first, *others = part.split(delimiter)
            pieces[-1].append(first)
            pieces.extend([other] for other in others)
        elif isinstance(part, Pseudo) and delimiter not in part.name and part.name in _PLAIN_PSEUDO:
            pieces[-1].append(part)
        elif isinstance(part, ResourceRef) and delimiter == ",":
            # Identifiers hold no commas: this takes a list apart that Fn::Join or an export put together.
            pieces[-1].append(part)
        else:
            return Unknown(_part_cause(part), span)
    if trim:
        pieces = [_trimmed(piece) for piece in pieces]
    return ListValue(span, made=tuple(text_of(piece, span) for piece in pieces))


def _trimmed(piece: list[Part]) -> list[Part]:
    if not piece:
        return []
    first, last = piece[0], piece[-1]
    ends = [first.lstrip() if isinstance(first, str) else first, *piece[1:]]
    return [*ends[:-1], ends[-1].rstrip() if isinstance(last, str) and isinstance(ends[-1], str) else last]


_PLAIN_PSEUDO = ("AWS::AccountId", "AWS::Partition")


def _part_cause(part: Part) -> Missing:
    if isinstance(part, Hole):
        return part.missing
    what = f"{part} is known only when the stack is deployed, so it cannot be split here"
    return Missing(what, "write the piece that is needed as a value of its own", f"split:{part}")


def _select(scope: "Scope", argument: Node, span: Span) -> Value:
    if not isinstance(argument, ListNode) or len(argument.items) != 2:
        return _malformed("Fn::Select", span)
    index = scope.resolve(argument.items[0]).integer()
    values = scope.resolve(argument.items[1])
    if isinstance(values, Unknown):
        if values.cause.key.startswith("zones:") and index is not None:
            return Text((Pseudo(f"{values.cause.key}[{index}]"),), span)
        return values
    items = values.items()
    if index is None or not 0 <= index < len(items):
        return _malformed("Fn::Select", span)
    return items[index]


def _find_in_map(scope: "Scope", argument: Node, span: Span) -> Value:
    if not isinstance(argument, ListNode) or len(argument.items) not in (3, 4):
        return _malformed("Fn::FindInMap", span)
    keys = [scope.resolve(item) for item in argument.items[:3]]
    last = argument.items[-1]
    default = last.get("DefaultValue") if isinstance(last, MapNode) and len(argument.items) == 4 else None
    name = keys[0].literal
    mapping = scope.template.mappings.get(name) if name is not None else None
    if not isinstance(mapping, MapNode):
        return _undefined_mapping(keys[0], span)
    found = [
        value
        for first in _chosen(mapping, keys[1])
        if isinstance(first, MapNode)
        for value in _chosen(first, keys[2])
    ]
    if not found and default is not None:
        return scope.resolve(default)
    if not found:
        return _malformed("Fn::FindInMap", span)
    values = [scope.resolve(value) for value in found]
    texts = {value.literal for value in values}
    if len(values) == 1 or (len(texts) == 1 and None not in texts):
        # The place is that of the use: one mapping serves many properties.
        return replace(values[0], span=span) if isinstance(values[0], Text) else values[0]
    unsettled = next((key for key in keys[1:] if key.literal is None), keys[1])
    cause = unsettled.missing or Missing(
        f"{unsettled} decides the value in mapping {name}", "give --region", f"pseudo:{unsettled}"
    )
    return Unknown(cause, span, tuple(sorted(text for text in texts if text is not None)))


def _chosen(mapping: MapNode, key: Value) -> list[Node]:
    if key.literal is None:
        return [value for _, value in mapping.items()]
    value = mapping.get(key.literal)
    return [] if value is None else [value]


def _undefined_mapping(name: Value, span: Span) -> Unknown:
    what = f"mapping {name.literal or name} is not in the template"
    return Unknown(name.missing or Missing(what, "declare the mapping", f"mapping:{name.literal}"), span)


def _if(scope: "Scope", argument: Node, span: Span) -> Value:
    if not isinstance(argument, ListNode) or len(argument.items) != 3:
        return _malformed("Fn::If", span)
    condition = argument.items[0]
    if not isinstance(condition, ScalarNode):
        return _malformed("Fn::If", span)
    return scope.resolve(argument.items[1 if scope.holds(condition.text) else 2])


def _get_azs(scope: "Scope", argument: Node, span: Span) -> Value:
    region = "".join(map(str, parts_of(scope.resolve(argument)))) or "here"
    what = "the availability zones of the region are not in the template"
    return scope.unknown(f"zones:{region}", what, "name the zones as parameters", span)


def _cidr(scope: "Scope", argument: Node, span: Span) -> Value:
    arguments = _items(scope, argument)
    if len(arguments) not in (2, 3):
        return _malformed("Fn::Cidr", span)
    block, count = _block(scope, arguments[0]), arguments[1].integer()
    bits = arguments[2].integer() if len(arguments) == 3 else 8
    if block is None or count is None or bits is None:
        cause = next((value.missing for value in arguments if value.missing), None)
        return Unknown(cause or Missing(f"the block of Fn::Cidr at {span} is not known", "", "cidr"), span)
    try:
        network = ipaddress.ip_network(block, strict=False)
        subnets = network.subnets(new_prefix=network.max_prefixlen - bits)
        made = [str(subnet) for subnet, _ in zip(subnets, range(min(count, 256)), strict=False)]
    except ValueError:
        return _malformed("Fn::Cidr", span)
    return ListValue(span, made=tuple(Text((text,), span) for text in made))


def _block(scope: "Scope", value: Value) -> str | None:
    """The block as written; ``GetAtt Vpc.CidrBlock`` is what the VPC of the run is given."""
    reference = value.reference
    owner = None if reference is None else scope.evaluation.scopes.get(reference.stack)
    if reference is None or owner is None or reference.attribute != "CidrBlock":
        return value.literal
    made = owner.template.resources.get(reference.logical_id)
    properties = None if made is None else made.body.get("Properties")
    return None if properties is None else owner.resolve(properties).get("CidrBlock").literal


def _import_value(scope: "Scope", argument: Node, span: Span) -> Value:
    name = scope.resolve(argument)
    text = "".join(map(str, parts_of(name)))
    linked = scope.links.exported(scope, name, span)
    exported = linked if linked is not None else scope.imports(text)
    if exported is not None:
        return placed(exported, span)
    what = f"another stack exports {text}, and its value is not in this template"
    how = f'assume it in the configuration: subject = "import:{text}", with a reason'
    return scope.unknown(f"import:{text}", what, how, span)


def _get_stack_output(scope: "Scope", argument: Node, span: Span) -> Value:
    if isinstance(argument, MapNode):
        stack, output = (_literal(scope, argument.get(key)) for key in ("StackName", "OutputName"))
        given = scope.links.stack_output(scope, stack, output, span) if stack and output else None
        if given is not None:
            return placed(given, span)
    texts = [parts_of(scope.resolve(value)) for _, value in argument.items()] if isinstance(argument, MapNode) else []
    text = ".".join("".join(map(str, parts)) for parts in texts)
    what = f"the output {text} belongs to a stack outside the run"
    return scope.unknown(f"output:{text}", what, "assume its value in the configuration, with a reason", span)


def _literal(scope: "Scope", node: Node | None) -> str | None:
    return None if node is None else scope.resolve(node).literal


def _length(scope: "Scope", argument: Node, span: Span) -> Value:
    value = scope.resolve(argument)
    if isinstance(value, Unknown):
        return value
    count = len(value.entries()) if isinstance(value, MapValue) else len(value.items())
    return Text((str(count),), span, count)


def _to_json_string(scope: "Scope", argument: Node, span: Span) -> Value:
    return text_of(_json_parts(scope.resolve(argument)), span)


def _json_parts(value: Value) -> list[Part]:
    match value:
        case MapValue():
            parts: list[Part] = ["{"]
            for position, (key, child) in enumerate(value.entries()):
                parts += ["," if position else "", json.dumps(key), ":", *_json_parts(child)]
            return [*parts, "}"]
        case ListValue():
            parts = ["["]
            for position, child in enumerate(value.items()):
                parts += ["," if position else "", *_json_parts(child)]
            return [*parts, "]"]
        case Text(raw=bool() | int() | float() as raw):
            return [json.dumps(raw)]
        case Text():
            inner = [json.dumps(part)[1:-1] if isinstance(part, str) else part for part in value.parts]
            return ['"', *inner, '"']
    return ['"', *parts_of(value), '"']


def _transform(scope: "Scope", argument: Node, span: Span) -> Value:
    name = scope.resolve(argument).get("Name").literal or "a macro"
    return scope.unknown(f"macro:{name}", f"macro {name} makes this value", "check the processed template", span)


def _base64(scope: "Scope", argument: Node, _span: Span) -> Value:
    return scope.resolve(argument)


FUNCTIONS: Final[dict[str, Function]] = {
    "Fn::GetAtt": _get_att,
    "Fn::Sub": _sub,
    "Fn::Join": _join,
    "Fn::Split": _split,
    "Fn::Select": _select,
    "Fn::FindInMap": _find_in_map,
    "Fn::If": _if,
    "Fn::GetAZs": _get_azs,
    "Fn::Cidr": _cidr,
    "Fn::ImportValue": _import_value,
    "Fn::GetStackOutput": _get_stack_output,
    "Fn::Length": _length,
    "Fn::ToJsonString": _to_json_string,
    "Fn::Transform": _transform,
    "Fn::Base64": _base64,
}
