"""From stacks to scopes that know each other: one evaluation, one solver for the conditions of a nested tree."""

from collections.abc import Callable, Sequence

from validator.resolve import Evaluation, Scope, Value
from validator.workload.joint_conditions import joint_solver
from validator.workload.links import LinkTable, StackLinks
from validator.workload.passing import PassedParameters
from validator.workload.stack import Stack

Imports = Callable[[str], Value | None]


def scopes_of(stacks: Sequence[Stack], imports: Imports, table: LinkTable | None = None) -> list[Scope]:
    """The scopes of stacks, in their order: a parent stands before what it nests.

    ``imports`` answers for exports that no stack of the run has (assumed values).
    """
    evaluation = Evaluation()
    links = StackLinks(table)
    made: dict[str, Scope] = {}
    trees: dict[str, list[Scope]] = {}
    for stack in stacks:
        parent = None if stack.parent is None else made[stack.parent.name]
        scope = scope_of(stack, parent, evaluation, links, imports)
        made[stack.name] = scope
        tree = trees[parent.name] if parent is not None else []
        tree.append(scope)
        trees[scope.name] = tree
    for tree in {id(tree): tree for tree in trees.values()}.values():
        share_conditions(tree, evaluation, links)
    return list(made.values())


def share_conditions(tree: Sequence[Scope], evaluation: Evaluation, links: StackLinks) -> None:
    """Let the conditions of a root stack and of what it nests be solved together."""
    if len(tree) > 1 and any(scope.template.conditions for scope in tree):
        evaluation.share([scope.name for scope in tree], joint_solver(tree, links))


def scope_of(
    stack: Stack, parent: Scope | None, evaluation: Evaluation, links: StackLinks, imports: Imports
) -> Scope:
    """The scope of one stack, made known to the others."""
    if parent is None:
        scope = Scope(stack.name, stack.template, stack.environment, evaluation, imports, links=links)
        links.add(scope)
        return scope
    logical_id = stack.path[-1]
    bound = PassedParameters(parent, parent.template.resources[logical_id].body)
    scope = Scope(
        stack.name, stack.template, stack.environment, evaluation, imports, bound, links, bound.is_made, stack.path
    )
    links.add(scope, parent, logical_id)
    return scope
