"""The conditions of a root stack and of the stacks it nests as one problem, so that they hold or fail together.

A child's condition on a passed parameter is a condition on what the parent passes. Each condition is rewritten in
names that are each stack's own, with the parent's expression in the place of every passed parameter; then one
solver answers for the whole tree.
"""

from collections.abc import Iterable, Sequence
from dataclasses import replace

from validator.load.nodes import ListNode, MapEntry, MapNode, Node, ScalarNode
from validator.model import ParameterDeclaration, Span
from validator.resolve import Environment, Scope, Text
from validator.resolve.condition_truth import FILLED, OPEN
from validator.resolve.conditions import ConditionSolver
from validator.resolve.evaluation import joint_name
from validator.resolve.parameters import is_kept_elsewhere
from validator.resolve.scope import PSEUDO_PARAMETERS
from validator.resolve.substitution import substitution_parts
from validator.workload.links import StackLinks
from validator.workload.passing import PassedParameters

_OF_EACH_STACK = ("AWS::StackName", "AWS::StackId")


def joint_solver(tree: Sequence[Scope], links: StackLinks) -> ConditionSolver:
    """One solver for the stacks of a tree, which knows their conditions by ``joint_name``."""
    rewriting = _Rewriting(links)
    conditions: dict[str, Node] = {}
    parameters: dict[str, ParameterDeclaration] = {}
    mappings: dict[str, Node] = {}
    rules: dict[str, Node] = {}
    given: dict[str, str] = {}
    assumed: dict[str, str] = {}
    unset: set[str] = set()
    for scope in tree:
        environment = scope.environment
        for name, node in scope.template.conditions.items():
            conditions[joint_name(scope.name, name)] = rewriting.node(scope, node)
        for name, node in scope.template.mappings.items():
            mappings[joint_name(scope.name, name)] = node
        for name, declared in scope.parameters.items():
            own = joint_name(scope.name, name)
            if name not in scope.passed:
                parameters[own] = replace(declared, name=own)
        given |= {joint_name(scope.name, name): text for name, text in environment.given.items()}
        assumed |= {joint_name(scope.name, name): text for name, text in environment.assumed.items()}
        unset |= {joint_name(scope.name, name) for name in environment.unset}
        rules |= _rules(scope, rewriting)
    return ConditionSolver(
        conditions, parameters, mappings, rules, Environment(given, frozenset(unset), assumed=assumed)
    )


def _rules(scope: Scope, rewriting: "_Rewriting") -> dict[str, Node]:
    """The assertions of the template's rules and of the allowed values of passed parameters.

    They stop a stack that is made; where a condition leaves a nested one out, they say nothing.
    """
    guard = _made(scope)
    assertions: list[tuple[Node | None, Node]] = []
    for rule in scope.template.rules.values():
        listed = rule.get("Assertions") if isinstance(rule, MapNode) else None
        own = rule.get("RuleCondition") if isinstance(rule, MapNode) else None
        for item in listed.items if isinstance(listed, ListNode) else ():
            node = item.get("Assert") if isinstance(item, MapNode) else None
            if node is not None:
                assertions.append((own, node))
    rules: dict[str, Node] = {}
    for number, (own, node) in enumerate(assertions):
        guards = [*guard, *([] if own is None else [rewriting.node(scope, own)])]
        rules[joint_name(scope.name, f"rule {number}")] = _rule(guards, rewriting.node(scope, node))
    for name in scope.passed:
        declared = scope.parameters.get(name)
        if declared is None or not declared.allowed_values or is_kept_elsewhere(declared):
            continue
        span = declared.span
        allowed = ListNode(tuple(ScalarNode(text, text, span) for text in declared.allowed_values), span)
        passed = rewriting.reference(scope, name, span)
        if _is_transparent(passed):
            rules[joint_name(scope.name, f"allowed {name}")] = _rule(guard, _call("Fn::Contains", allowed, passed))
    return rules


def _made(scope: Scope) -> list[Node]:
    """The conditions under which the stack is made, its ancestors' included, as references."""
    found: list[Node] = []
    while isinstance(scope.passed, PassedParameters):
        nesting = scope.passed
        condition = nesting.condition
        if condition is not None:
            found.append(_single("Condition", _text(joint_name(nesting.parent.name, condition.text), condition.span)))
        scope = nesting.parent
    return found


def _rule(guards: Sequence[Node], assertion: Node) -> Node:
    span = assertion.span
    asserted = ListNode((_single("Assert", assertion),), span)
    entries = {"Assertions": MapEntry(span, asserted)}
    if guards:
        guard = guards[0] if len(guards) == 1 else _call("Fn::And", *guards)
        entries["RuleCondition"] = MapEntry(span, guard)
    return MapNode(entries, span)


def _is_transparent(node: Node) -> bool:
    """Whether the expression is a text, a parameter, or a choice between such."""
    if isinstance(node, ScalarNode):
        return True
    branches = node.get("Fn::If") if isinstance(node, MapNode) else None
    if isinstance(branches, ListNode):
        return all(_is_transparent(branch) for branch in branches.items[1:])
    return isinstance(node, MapNode) and "Ref" in node.entries


class _Rewriting:
    """Puts the expressions of several stacks into one space of names."""

    def __init__(self, links: StackLinks) -> None:
        self._links = links
        self._active: set[tuple[str, ...]] = set()

    def node(self, scope: Scope, node: Node) -> Node:
        """The expression in names that are each stack's own."""
        match node:
            case ListNode():
                return ListNode(tuple(self.node(scope, item) for item in node.items), node.span)
            case MapNode():
                if len(node.entries) == 1:
                    (name, argument), *_ = node.items()
                    return self._call(scope, name, argument, node)
                return MapNode(
                    {k: replace(e, value=self.node(scope, e.value)) for k, e in node.entries.items()}, node.span
                )
        return node

    def _call(self, scope: Scope, name: str, argument: Node, node: MapNode) -> Node:
        match name, argument:
            case "Ref", ScalarNode():
                return self.reference(scope, argument.text, node.span)
            case "Condition", ScalarNode():
                return _single("Condition", _text(joint_name(scope.name, argument.text), argument.span))
            case "Fn::If", ListNode(items=(ScalarNode() as condition, *branches)):
                own = _text(joint_name(scope.name, condition.text), condition.span)
                return _call("Fn::If", own, *(self.node(scope, branch) for branch in branches))
            case "Fn::FindInMap", ListNode(items=(ScalarNode() as mapping, *keys)):
                own = _text(joint_name(scope.name, mapping.text), mapping.span)
                return _call("Fn::FindInMap", own, *(self.node(scope, key) for key in keys))
            case "Fn::Sub", _:
                return self._substituted(scope, argument, node)
            case "Fn::GetAtt", _:
                return self._got(scope, argument, node)
            case "Fn::ImportValue", _:
                return self._known(scope, node)
        return MapNode({name: MapEntry(node.span, self.node(scope, argument))}, node.span)

    def reference(self, scope: Scope, name: str, span: Span) -> Node:
        """What ``Ref`` of a name is: a variable of the tree, a text, or what a parent passes."""
        if name in PSEUDO_PARAMETERS:
            known = (scope.environment.pseudo or {}).get(name)
            if known is not None:
                return _text(known, span)
            return _ref(joint_name(scope.name, name) if name in _OF_EACH_STACK else name, span)
        declared = scope.parameters.get(name)
        if declared is not None and name in scope.passed and not is_kept_elsewhere(declared):
            return self._passed(scope, declared, span)
        if declared is None and name in scope.template.resources:
            return _single(FILLED, _text(joint_name(scope.name, name), span))
        return _ref(joint_name(scope.name, name), span)

    def _passed(self, scope: Scope, declared: ParameterDeclaration, span: Span) -> Node:
        active = ("passed", scope.name, declared.name)
        if not isinstance(scope.passed, PassedParameters) or active in self._active:
            return _single(OPEN, _text(joint_name(scope.name, declared.name), span))
        self._active.add(active)
        try:
            passed = self.node(scope.passed.parent, scope.passed.nodes[declared.name])
        finally:
            self._active.discard(active)
        if isinstance(passed, ListNode):
            passed = _call("Fn::Join", _text(",", span), passed)
        return _without_nothing(passed, declared, scope)

    def _substituted(self, scope: Scope, argument: Node, node: MapNode) -> Node:
        text, given = argument, None
        if isinstance(argument, ListNode) and len(argument.items) == 2:
            text, given = argument.items
        if not isinstance(text, ScalarNode):
            return self._known(scope, node)
        pieces: list[Node] = []
        for kind, piece in substitution_parts(text.text):
            local = given.get(piece) if isinstance(given, MapNode) else None
            if kind == "text":
                pieces.append(_text(piece, text.span))
            elif local is not None:
                pieces.append(self.node(scope, local))
            elif "." in piece and not piece.startswith("AWS::"):
                pieces.append(
                    self._got(scope, _text(piece, text.span), _single("Fn::GetAtt", _text(piece, text.span)))
                )
            else:
                pieces.append(self.reference(scope, piece, text.span))
        return pieces[0] if len(pieces) == 1 else _call("Fn::Join", _text("", node.span), _items(pieces, node.span))

    def _got(self, scope: Scope, argument: Node, node: MapNode) -> Node:
        """An attribute: of a nested stack its output, of everything else a text that no condition computes."""
        written = (
            [item.text for item in argument.items if isinstance(item, ScalarNode)]
            if isinstance(argument, ListNode)
            else []
        )
        text = argument.text if isinstance(argument, ScalarNode) else ".".join(written)
        logical_id, _, attribute = text.partition(".")
        child = self._links.child(scope.name, logical_id)
        kind, _, name = attribute.partition(".")
        output = None if child is None or kind != "Outputs" else child.template.outputs.get(name)
        active = ("output", scope.name, logical_id, name)
        if child is None or output is None or active in self._active:
            return _single(OPEN, _text(joint_name(scope.name, text), node.span))
        self._active.add(active)
        try:
            return self.node(child, output.value)
        finally:
            self._active.discard(active)

    def _known(self, scope: Scope, node: Node) -> Node:
        """An expression that conditions do not compute, as far as it is one text in every scenario."""
        exploration = scope.evaluation.explore(lambda: scope.resolve(node), anew=True)
        values = {leaf.result.literal for leaf in exploration.leaves}
        if exploration.complete and len(values) == 1 and (only := values.pop()) is not None:
            return _text(only, node.span)
        filled = exploration.complete and all(
            isinstance(leaf.result, Text) and leaf.result.references for leaf in exploration.leaves
        )
        return _single(FILLED if filled else OPEN, _text(joint_name(scope.name, str(node.span)), node.span))


def _without_nothing(node: Node, declared: ParameterDeclaration, scope: Scope) -> Node:
    """The expression with the child's default for ``AWS::NoValue``: a parameter that is not passed has it."""
    if not isinstance(node, MapNode):
        return node
    if node.get("Ref") is not None and _name_of(node).endswith("AWS::NoValue"):
        span = declared.span
        if declared.default is None:
            return _single(OPEN, _text(joint_name(scope.name, declared.name), span))
        return _text(declared.default, span)
    branches = node.get("Fn::If")
    if isinstance(branches, ListNode) and branches.items:
        first, *others = branches.items
        return _call("Fn::If", first, *(_without_nothing(other, declared, scope) for other in others))
    return node


def _name_of(node: MapNode) -> str:
    name = node.get("Ref")
    return name.text if isinstance(name, ScalarNode) else ""


def _text(text: str, span: Span) -> ScalarNode:
    return ScalarNode(text, text, span)


def _single(name: str, argument: Node) -> MapNode:
    return MapNode({name: MapEntry(argument.span, argument)}, argument.span)


def _ref(name: str, span: Span) -> MapNode:
    return _single("Ref", _text(name, span))


def _items(items: Iterable[Node], span: Span) -> ListNode:
    return ListNode(tuple(items), span)


def _call(name: str, first: Node, *others: Node) -> MapNode:
    return _single(name, _items((first, *others), first.span))
