"""Parameters as a template declares them, and the values they may take.

Follows the CloudFormation User Guide, *Parameters*: all values are texts; list types hold comma-separated
items that are trimmed; for ``AWS::SSM::Parameter::Value<T>`` the default is the name of a parameter kept
elsewhere, so that the value is unknown even when a default is written.
"""

from collections.abc import Mapping
from dataclasses import dataclass, field

from validator.load.nodes import ListNode, MapNode, ScalarNode
from validator.model import ParameterDeclaration
from validator.settings.patterns import matches


def declaration(name: str, node: MapNode) -> ParameterDeclaration:
    """The declaration that a parameter's map makes; attributes that are not text are left out."""
    allowed = node.get("AllowedValues")
    return ParameterDeclaration(
        name=name,
        type=_text(node, "Type") or "String",
        default=_default(node),
        allowed_values=(
            tuple(item.text for item in allowed.items if isinstance(item, ScalarNode))
            if isinstance(allowed, ListNode)
            else None
        ),
        allowed_pattern=_text(node, "AllowedPattern"),
        min_length=_number(node, "MinLength"),
        max_length=_number(node, "MaxLength"),
        min_value=_number(node, "MinValue"),
        max_value=_number(node, "MaxValue"),
        no_echo=_text(node, "NoEcho") == "true",
        span=node.span,
    )


def _text(node: MapNode, key: str) -> str | None:
    value = node.get(key)
    return value.text if isinstance(value, ScalarNode) else None


def _default(node: MapNode) -> str | None:
    value = node.get("Default")
    if isinstance(value, ListNode):
        return ",".join(item.text for item in value.items if isinstance(item, ScalarNode))
    return value.text if isinstance(value, ScalarNode) else None


def _number(node: MapNode, key: str) -> float | None:
    try:
        return float(_text(node, key) or "")
    except ValueError:
        return None


def is_list(parameter: ParameterDeclaration) -> bool:
    """Whether ``Ref`` of the parameter gives a list."""
    return parameter.type == "CommaDelimitedList" or "List<" in parameter.type


def is_kept_elsewhere(parameter: ParameterDeclaration) -> bool:
    """Whether the given value is only the name of an SSM parameter that holds the value."""
    return parameter.type.startswith("AWS::SSM::Parameter::Value<")


def admits(parameter: ParameterDeclaration, value: str) -> bool:
    """Whether the parameter's constraints let the value in; a pattern Python cannot read admits all.

    The constraints of a list type hold for each of its items.
    """
    items = [item.strip() for item in value.split(",")] if is_list(parameter) else [value]
    return all(_admits_item(parameter, item) for item in items)


def _admits_item(parameter: ParameterDeclaration, item: str) -> bool:
    if parameter.allowed_values is not None and item not in parameter.allowed_values:
        return False
    if parameter.min_length is not None and len(item) < parameter.min_length:
        return False
    if parameter.max_length is not None and len(item) > parameter.max_length:
        return False
    return parameter.allowed_pattern is None or matches(parameter.allowed_pattern, item) is not False


@dataclass(frozen=True, slots=True)
class Environment:
    """What a stack is reviewed with: given parameter values and what is known of its account and region.

    ``unset`` names parameters that were said to be unknown (``UsePreviousValue``); their defaults do not count.
    ``pseudo`` holds known pseudo parameters by name (``AWS::Region``). ``assumed`` holds what a person says that SSM
    parameters contain, by the name of the template's parameter.
    """

    given: Mapping[str, str]
    unset: frozenset[str] = frozenset()
    pseudo: Mapping[str, str] | None = None
    assumed: Mapping[str, str] = field(default_factory=dict)

    def value(self, parameter: ParameterDeclaration) -> str | None:
        """The text the parameter has: given, else default, else None; for one kept in SSM what is assumed."""
        if is_kept_elsewhere(parameter):
            return self.assumed.get(parameter.name)
        if parameter.name in self.given:
            return self.given[parameter.name]
        return None if parameter.name in self.unset else parameter.default

    def is_fixed(self, parameter: ParameterDeclaration) -> bool:
        """Whether the run fixed the value, so that no other is explored."""
        return parameter.name in (self.assumed if is_kept_elsewhere(parameter) else self.given)
