"""What is known before anything is resolved: given parameter values, defaults, mappings.

Expansion needs a few plain values (a loop's members, a switch that SAM reads). It takes a value only
where the run or the template fixes it, and says so otherwise; everything else is the resolve step's work.
"""

from collections.abc import Mapping

from validator.load.nodes import ListNode, MapNode, Node, ScalarNode

_SSM_VALUE = "AWS::SSM::Parameter::Value"


class Undecided(Exception):
    """A value that the template does not decide; the text completes "… because"."""

    def __init__(self, reason: str, how: str = "") -> None:
        super().__init__(reason)
        self.how = how


class KnownValues:
    """Looks values up in given parameters, then in defaults, then in mappings."""

    def __init__(self, root: MapNode, given: Mapping[str, str], region: str | None) -> None:
        self._parameters = root.get("Parameters")
        self._mappings = root.get("Mappings")
        self._given = given
        self._region = region

    def declared(self) -> tuple[str, ...]:
        """The names of the template's parameters."""
        return tuple(self._parameters.entries) if isinstance(self._parameters, MapNode) else ()

    def is_given(self, name: str) -> bool:
        """True when the run was given this value and the value is what counts (not a name in SSM)."""
        return name in self._given and not self.is_stored_elsewhere(name)

    def is_stored_elsewhere(self, name: str) -> bool:
        """True when the parameter's text is the name of an SSM parameter, not the value."""
        return self._attribute(name, "Type").startswith(_SSM_VALUE)

    def parameter(self, name: str) -> str | None:
        """The given value, else the default as canonical text, else None."""
        if name in self._given:
            return self._given[name]
        declared = self._declaration(name)
        default = declared.get("Default") if declared is not None else None
        match default:
            case ScalarNode(value=value) if value is not None:
                return default.text
            case ListNode() if all(isinstance(item, ScalarNode) for item in default.items):
                return ",".join(item.text for item in default.items if isinstance(item, ScalarNode))
        return None

    def text_of(self, node: Node) -> str:
        """The text that a scalar, a reference to a parameter or a mapping gives; raises Undecided."""
        match node:
            case ScalarNode():
                return node.text
            case MapNode() if isinstance(name := _argument(node, "Ref"), ScalarNode):
                return self._referenced(name.text)
            case MapNode() if isinstance(arguments := _argument(node, "Fn::FindInMap"), ListNode):
                found = self._mapped(arguments)
                if isinstance(found, ScalarNode):
                    return found.text
        raise Undecided("an item is built by a function that is not known before deployment")

    def list_of(self, node: Node) -> tuple[str, ...]:
        """The texts of a list, a list parameter or a list in a mapping; raises Undecided."""
        match node:
            case ListNode():
                return tuple(self.text_of(item) for item in node.items)
            case MapNode() if isinstance(name := _argument(node, "Ref"), ScalarNode):
                return tuple(item.strip() for item in self._referenced(name.text).split(",") if item.strip())
            case MapNode() if isinstance(arguments := _argument(node, "Fn::FindInMap"), ListNode):
                found = self._mapped(arguments)
                if isinstance(found, ListNode):
                    return tuple(self.text_of(item) for item in found.items)
                if isinstance(found, ScalarNode):
                    return tuple(item.strip() for item in found.text.split(","))
        raise Undecided("its collection is neither a list, a reference to a parameter nor a mapping")

    def _referenced(self, name: str) -> str:
        if name == "AWS::Region":
            if self._region is None:
                raise Undecided("the region is not known", "give --region")
            return self._region
        if self._declaration(name) is None:
            raise Undecided(f"{name} is no parameter of the template")
        if self.is_stored_elsewhere(name):
            raise Undecided(f"the value of parameter {name} is kept in SSM")
        value = self.parameter(name)
        if value is None:
            raise Undecided(f"parameter {name} has no value", f"give --parameter {name}=…")
        return value

    def _mapped(self, arguments: ListNode) -> Node:
        if len(arguments.items) < 3:
            raise Undecided("Fn::FindInMap needs a mapping and two keys")
        found: Node | None = self._mappings
        keys = [self.text_of(item) for item in arguments.items[:3]]
        for key in keys:
            found = found.get(key) if isinstance(found, MapNode) else None
        if found is None and len(arguments.items) == 4 and isinstance(arguments.items[3], MapNode):
            found = arguments.items[3].get("DefaultValue")
        if found is None:
            raise Undecided(f"no mapping has {'.'.join(keys)}")
        return found

    def _declaration(self, name: str) -> MapNode | None:
        declared = self._parameters.get(name) if isinstance(self._parameters, MapNode) else None
        return declared if isinstance(declared, MapNode) else None

    def _attribute(self, name: str, attribute: str) -> str:
        declared = self._declaration(name)
        node = declared.get(attribute) if declared is not None else None
        return node.text if isinstance(node, ScalarNode) else ""


def _argument(node: MapNode, function: str) -> Node | None:
    return node.get(function) if len(node.entries) == 1 else None
