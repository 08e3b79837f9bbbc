"""Who mentions whom: an index over all branches of all conditions, so that it never misses a reference."""

from collections.abc import Iterator

from validator.load.nodes import ListNode, MapEntry, MapNode, Node, ScalarNode
from validator.resolve import Scope, Text
from validator.resolve.mentions import mentioned, named_by

__all__ = ["References", "mentioned"]

_READS_PARAMETER = "{{resolve:ssm:"

Mentioned = dict[tuple[str, str], None]
"""Stack and logical ID of each resource, in the order of their mention."""


class References:
    """The resources that expressions mention: also through imports, passed parameters and nested stacks' outputs."""

    def __init__(self) -> None:
        self._known: dict[tuple[str, int], Mentioned] = {}
        self._nodes: list[Node] = []
        """Nodes whose identity is a key: they have to stay alive."""

    def of(self, scope: Scope, node: Node) -> Mentioned:
        """The resources that the node mentions in any scenario."""
        found: Mentioned = {}
        for function, argument in _calls(node):
            for name, _ in named_by(function, argument):
                if name in scope.template.resources:
                    found[scope.name, name] = None
            if function == "Fn::ImportValue":
                found.update(_imported(scope, argument))
            for other, value in scope.links.leads_to(scope, function, argument):
                found.update(self._elsewhere(other, value))
        return found

    def _elsewhere(self, scope: Scope, node: Node) -> Mentioned:
        key = (scope.name, id(node))
        if key not in self._known:
            # A circle finds itself empty here: what it mentions is found where it was entered.
            self._known[key] = {}
            self._nodes.append(node)
            self._known[key] = self.of(scope, node)
        return self._known[key]


def _imported(scope: Scope, argument: Node) -> Mentioned:
    """What an import gives where no link tells its source: what stands for exports of stacks outside the run."""
    node = MapNode({"Fn::ImportValue": MapEntry(argument.span, argument)}, argument.span)
    exploration = scope.evaluation.explore(lambda: scope.resolve(node), anew=True)
    values = (leaf.result for leaf in exploration.leaves)
    texts = [value for value in values if isinstance(value, Text)]
    return {(reference.stack, reference.logical_id): None for text in texts for reference in text.references}


def _calls(node: Node) -> Iterator[tuple[str, Node]]:
    """Every map entry, and every text that reads an SSM parameter, as a call without a name."""
    pending: list[Node] = [node]
    while pending:
        current = pending.pop()
        if isinstance(current, ListNode):
            pending.extend(current.items)
        elif isinstance(current, MapNode):
            builds = len(current.entries) == 1 and next(iter(current.entries)) in ("Fn::Sub", "Fn::Join")
            if builds and _reads_parameter(current):
                yield "", current
            for key, value in current.items():
                pending.append(value)
                yield key, value
        elif isinstance(current, ScalarNode) and _READS_PARAMETER in current.text:
            yield "", current


def _reads_parameter(node: Node) -> bool:
    pending: list[Node] = [node]
    while pending:
        current = pending.pop()
        if isinstance(current, ScalarNode) and _READS_PARAMETER in current.text:
            return True
        if isinstance(current, ListNode):
            pending.extend(current.items)
        elif isinstance(current, MapNode):
            pending.extend(value for _, value in current.items())
    return False
