"""What a template says about its transforms.

AWS document: CloudFormation User Guide, "Transform section" and "AWS::Serverless transform".
"""

from collections.abc import Iterator
from dataclasses import dataclass

from validator.load.nodes import ListNode, MapNode, Node, OpaqueNode, ScalarNode
from validator.model import Span

LANGUAGE_EXTENSIONS = "AWS::LanguageExtensions"
INCLUDE = "AWS::Include"
_SERVERLESS_PREFIX = "AWS::Serverless-"

_CONTAINED = frozenset(
    {"AWS::CodeDeployBlueGreen", "AWS::SecretsManager-2020-07-23", "AWS::SecretsManager-2024-09-16"}
)
"""Transforms of AWS that change nothing but the properties or hooks they are named for."""


@dataclass(frozen=True, slots=True)
class Transform:
    """One transform of the template: its name, and its argument when it has one."""

    name: str
    node: Node

    @property
    def span(self) -> Span:
        """Where it is named."""
        return self.node.span

    @property
    def is_serverless(self) -> bool:
        """True for the SAM transform."""
        return self.name.startswith(_SERVERLESS_PREFIX)

    @property
    def is_macro(self) -> bool:
        """True when nothing is known of what it does."""
        known = self.is_serverless or self.name in {LANGUAGE_EXTENSIONS, INCLUDE}
        return not known and self.name not in _CONTAINED


def transforms_of(root: MapNode) -> tuple[Transform, ...]:
    """The template's transforms in the order in which they are listed."""
    section = root.get("Transform")
    return tuple(_read(section)) if section is not None else ()


def _read(node: Node) -> Iterator[Transform]:
    match node:
        case ScalarNode():
            if node.text:
                yield Transform(node.text, node)
        case ListNode():
            for item in node.items:
                yield from _read(item)
        case MapNode():
            name = node.get("Name")
            yield Transform(name.text if isinstance(name, ScalarNode) else "", node)
        case OpaqueNode():
            yield Transform("", node)
