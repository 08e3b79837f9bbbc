"""The truth of one condition under one assignment of values to parameters."""

from collections.abc import Mapping
from dataclasses import dataclass

from validator.load.nodes import ListNode, MapNode, Node, ScalarNode, plain
from validator.resolve.substitution import substitution_parts


@dataclass(frozen=True, slots=True)
class Other:
    """Any value of a parameter besides those named: two different parameters' others may be equal or not."""

    parameter: str


@dataclass(frozen=True, slots=True)
class Opaque:
    """An expression over values that are not known; the same expression is the same value."""

    expression: str
    filled: bool = False
    """It is certainly no empty text: the identifier of a resource, or a text that holds one."""


Symbol = str | Other | Opaque

OPEN = "tierlens::Open"
FILLED = "tierlens::Filled"
"""What a stack passes to a nested one and no condition computes, as calls: any text, a text that is not empty."""
Assignment = Mapping[str, Symbol | bool]


class FreeAtom(Exception):
    """A comparison that the assignment leaves open; it has to become a variable of its own."""

    def __init__(self, name: str) -> None:
        super().__init__(name)
        self.name = name


class TruthEvaluator:
    """Truth of conditions under one assignment."""

    def __init__(self, conditions: Mapping[str, Node], mappings: Mapping[str, Node], assignment: Assignment) -> None:
        self._conditions = conditions
        self._mappings = mappings
        self._assignment = assignment
        self._stack: list[str] = []

    def condition(self, name: str) -> bool:
        """Whether the named condition holds; raises ``FreeAtom`` when the assignment leaves it open."""
        node = self._conditions.get(name)
        if node is None or name in self._stack:
            return self._free(f"condition:{name}")
        self._stack.append(name)
        try:
            return self.truth(node)
        finally:
            self._stack.pop()

    def _free(self, name: str) -> bool:
        value = self._assignment.get(name)
        if isinstance(value, bool):
            return value
        raise FreeAtom(name)

    def truth(self, node: Node) -> bool:
        """Whether the condition expression holds; raises ``FreeAtom`` when the assignment leaves it open."""
        if isinstance(node, ScalarNode):
            return node.text == "true"
        if not isinstance(node, MapNode) or len(node.entries) != 1:
            return self._free(f"node:{plain(node)}")
        (name, argument), *_ = node.items()
        match name, argument:
            case "Condition", ScalarNode():
                return self.condition(argument.text)
            case "Fn::Not", ListNode(items=(only,)):
                return not self.truth(only)
            case "Fn::And", ListNode():
                return all(self.truth(item) for item in argument.items)
            case "Fn::Or", ListNode():
                return any(self.truth(item) for item in argument.items)
            case "Fn::Equals", ListNode(items=(left, right)):
                return self._equal(self.symbol(left), self.symbol(right))
            case "Fn::Contains", ListNode(items=(ListNode() as choices, value)):
                symbol = self.symbol(value)
                return any(self._equal(symbol, self.symbol(choice)) for choice in choices.items)
        return self._free(f"node:{plain(node)}")

    def _equal(self, left: Symbol, right: Symbol) -> bool:
        if left == right:
            return True
        if isinstance(left, Opaque) or isinstance(right, Opaque):
            if "" in (left, right) and any(isinstance(side, Opaque) and side.filled for side in (left, right)):
                return False
            return self._free("equals:" + "=".join(sorted((repr(left), repr(right)))))
        return False

    def symbol(self, node: Node) -> Symbol:
        """The value of an expression: text where all of it is known."""
        if isinstance(node, ScalarNode):
            return node.text
        if isinstance(node, MapNode) and len(node.entries) == 1:
            (name, argument), *_ = node.items()
            result = self._call(name, argument)
            if result is not None:
                return result
        return Opaque(repr(plain(node)))

    def _call(self, name: str, argument: Node) -> Symbol | None:
        match name, argument:
            case "Ref", ScalarNode():
                value = self._assignment.get(argument.text)
                return None if isinstance(value, bool) else value
            case "Fn::FindInMap", ListNode():
                return self._find_in_map(argument)
            case "Fn::Join", ListNode(items=(ScalarNode() as delimiter, ListNode() as items)):
                return self._joined(delimiter.text, [self.symbol(item) for item in items.items], argument)
            case "Fn::Join", ListNode(items=(ScalarNode() as delimiter, items)):
                whole = self.symbol(items)
                if isinstance(whole, Opaque):
                    return Opaque(repr(plain(argument)), whole.filled)
                return None if not isinstance(whole, str) else delimiter.text.join(_split_list(whole))
            case "Fn::Select", ListNode(items=(ScalarNode() as index, items)):
                return self._selected(index.text, items)
            case "Fn::Sub", _:
                return self._substituted(argument)
            case "Fn::If", ListNode(items=(ScalarNode() as condition, then, otherwise)):
                return self.symbol(then if self.condition(condition.text) else otherwise)
            case (("tierlens::Open" | "tierlens::Filled"), ScalarNode()):
                return Opaque(argument.text, name == FILLED)
        return None

    def _joined(self, delimiter: str, symbols: list[Symbol], written: Node) -> Symbol:
        texts = [symbol for symbol in symbols if isinstance(symbol, str)]
        if len(texts) == len(symbols):
            return delimiter.join(texts)
        filled = any(isinstance(symbol, Opaque) and symbol.filled for symbol in symbols) or any(texts)
        return Opaque(repr(plain(written)), filled or (bool(delimiter) and len(symbols) > 1))

    def _selected(self, index: str, items: Node) -> Symbol | None:
        if isinstance(items, ListNode):
            symbols = [self.symbol(item) for item in items.items]
        else:
            texts = self._texts(items)
            if texts is None:
                return None
            symbols = list(texts)
        return symbols[int(index)] if index.isdigit() and int(index) < len(symbols) else None

    def _texts(self, node: Node) -> list[str] | None:
        if isinstance(node, MapNode):
            split = node.get("Fn::Split")
            if isinstance(split, ListNode) and len(split.items) == 2 and isinstance(split.items[0], ScalarNode):
                whole = self.symbol(split.items[1])
                return whole.split(split.items[0].text) if isinstance(whole, str) else None
        whole = self.symbol(node)
        return _split_list(whole) if isinstance(whole, str) else None

    def _substituted(self, argument: Node) -> Symbol | None:
        template, given = argument, None
        if isinstance(argument, ListNode) and len(argument.items) == 2:
            template, given = argument.items
        if not isinstance(template, ScalarNode):
            return None
        texts: list[str] = []
        for kind, text in substitution_parts(template.text):
            if kind == "text":
                texts.append(text)
                continue
            local = given.get(text) if isinstance(given, MapNode) else None
            symbol = self.symbol(local) if local is not None else self._assignment.get(text)
            if not isinstance(symbol, str):
                return None
            texts.append(symbol)
        return "".join(texts)

    def _find_in_map(self, argument: ListNode) -> Symbol | None:
        keys = [self.symbol(item) for item in argument.items[:3]]
        texts = [key for key in keys if isinstance(key, str)]
        if len(texts) != 3:
            return None
        first = self._mappings.get(texts[0])
        second = first.get(texts[1]) if isinstance(first, MapNode) else None
        found = second.get(texts[2]) if isinstance(second, MapNode) else None
        return found.text if isinstance(found, ScalarNode) else None


def _split_list(text: str) -> list[str]:
    return [item.strip() for item in text.split(",")]
