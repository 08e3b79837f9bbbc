"""What a stack passes to a nested one, and what the nested one's template makes of it.

Follows the CloudFormation Template Reference, *AWS::CloudFormation::Stack*: ``Parameters`` is a map of texts; a
list is passed as one text with commas. What is not passed has the child's default, and nobody else can give it.
"""

from collections.abc import Callable, Iterator, Mapping
from dataclasses import dataclass, replace

from validator.load.nodes import Document, MapEntry, MapNode, Node, ScalarNode
from validator.model import ParameterDeclaration
from validator.resolve import Scope, Value
from validator.resolve.functions import joined
from validator.resolve.mentions import mentioned


class PassedParameters(Mapping[str, Value]):
    """The parameters of a nested stack by name, each resolved in the parent's scope when it is asked for."""

    def __init__(self, parent: Scope, nesting: MapNode) -> None:
        self.parent = parent
        self.nodes = passed_nodes(nesting)
        condition = nesting.get("Condition")
        self.condition = condition if isinstance(condition, ScalarNode) else None
        """The condition of the resource that nests the stack."""

    def is_made(self) -> bool:
        """Whether the nested stack is made in the scenario in force."""
        return self.parent.is_made() and (self.condition is None or self.parent.holds(self.condition.text))

    def __getitem__(self, name: str) -> Value:
        return self.parent.resolve(self.nodes[name])

    def __contains__(self, name: object) -> bool:
        return name in self.nodes

    def __iter__(self) -> Iterator[str]:
        return iter(self.nodes)

    def __len__(self) -> int:
        return len(self.nodes)


def passed_nodes(body: MapNode) -> Mapping[str, Node]:
    """The nodes of a nested stack's ``Parameters``."""
    properties = body.get("Properties")
    parameters = properties.get("Parameters") if isinstance(properties, MapNode) else None
    return dict(parameters.items()) if isinstance(parameters, MapNode) else {}


@dataclass(frozen=True, slots=True)
class Known:
    """What is known of the passed parameters before the child is expanded.

    ``fixed`` have one value in every scenario. ``likely`` have several or none that is known: the text is the one
    that the parents' defaults lead to, None where there is none.
    """

    fixed: Mapping[str, str]
    likely: Mapping[str, str | None]


def known_values(passed: PassedParameters, declared: Mapping[str, ParameterDeclaration]) -> Known:
    """What the child's parameters are, as far as the parent's template says it."""
    fixed: dict[str, str] = {}
    likely: dict[str, str | None] = {}
    for name, parameter in declared.items():
        texts = _texts(passed, name) if name in passed else [None]
        if texts == [None] and name not in passed:
            if parameter.default is not None:
                fixed[name] = parameter.default
        elif len(texts) == 1 and texts[0] is not None and _is_settled(passed.parent, passed.nodes[name]):
            fixed[name] = texts[0]
        else:
            likely[name] = texts[0]
    return Known(fixed, likely)


def _texts(passed: PassedParameters, name: str) -> list[str | None]:
    """The texts that the parameter has over all scenarios, that of the defaults first."""
    scope = passed.parent
    exploration = scope.evaluation.explore(_reading(passed, name), anew=True)
    leaves = sorted(exploration.leaves, key=lambda leaf: not scope.evaluation.at_defaults(leaf.conditions))
    texts = list(dict.fromkeys(leaf.result for leaf in leaves))
    return texts if exploration.complete and texts else [None]


def _reading(passed: PassedParameters, name: str) -> Callable[[], str | None]:
    def read() -> str | None:
        value = passed[name]
        text = None if value.is_absent else joined(passed.parent, ",", value.items(), value.span)
        return None if text is None else text.literal

    return read


def _is_settled(scope: Scope, node: Node) -> bool:
    """Whether nothing in the node is a parameter that could have another value at deployment."""
    for name in set(mentioned(node)) & scope.parameters.keys():
        passed = scope.passed
        if isinstance(passed, PassedParameters) and name in passed:
            if not _is_settled(passed.parent, passed.nodes[name]):
                return False
        elif not scope.environment.is_fixed(scope.parameters[name]):
            return False
    return True


def with_defaults(document: Document, defaults: Mapping[str, str | None]) -> Document:
    """The document with other defaults of parameters: those that the parent's values lead to, or none."""
    root = document.root
    section = root.entries.get("Parameters") if isinstance(root, MapNode) else None
    if not defaults or section is None or not isinstance(section.value, MapNode) or not isinstance(root, MapNode):
        return document
    entries = {
        name: replace(entry, value=_with_default(entry.value, defaults[name])) if name in defaults else entry
        for name, entry in section.value.entries.items()
    }
    parameters = replace(section, value=MapNode(entries, section.value.span))
    return replace(document, root=MapNode({**root.entries, "Parameters": parameters}, root.span))


def _with_default(node: Node, default: str | None) -> Node:
    if not isinstance(node, MapNode):
        return node
    kept = {key: entry for key, entry in node.entries.items() if key != "Default"}
    if default is not None:
        kept["Default"] = MapEntry(node.span, ScalarNode(default, default, node.span))
    return MapNode(kept, node.span)
