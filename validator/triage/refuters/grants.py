"""What the graph disproves of reports on ``Resource: "*"``: actions that take nothing narrower."""

from collections.abc import Callable, Iterator

from validator.graph import Architecture, Resource
from validator.graph.iam.actions import Action
from validator.graph.iam.actions import is_everything as is_every_action
from validator.graph.iam.arns import is_everything
from validator.graph.iam.documents import Statement
from validator.graph.iam.grants import granted_actions
from validator.graph.iam.policies import Policy, identity_policies
from validator.graph.iam.scope import Scope, scope_of
from validator.model import Evidence, Refutation


def writes_without_constraint(_graph: Architecture, holder: Resource, _rule: str) -> Refutation | None:
    """Every writing action on ``*`` supports no resource at all (Service Authorization Reference)."""
    return _nothing_narrower(holder, lambda action: action.writes)


def permissions_without_constraint(_graph: Architecture, holder: Resource, _rule: str) -> Refutation | None:
    """Every permission-changing action on ``*`` supports no resource at all."""
    return _nothing_narrower(holder, lambda action: action.changes_permissions)


def _nothing_narrower(holder: Resource, concerns: Callable[[Action], bool]) -> Refutation | None:
    steps: list[Evidence] = []
    for policy in identity_policies(holder):
        if policy.missing is not None:
            return None
        for statement in policy.statements:
            found = _of_statement(policy, statement, concerns)
            if found is None:
                return None
            steps += found
    if not steps:
        return None
    return Refutation(f"what {holder.name} allows on * takes no narrower resource", tuple(steps))


def _of_statement(policy: Policy, statement: Statement, concerns: Callable[[Action], bool]) -> list[Evidence] | None:
    """The steps that prove it of one statement, none where it is not about ``*``; None when it is not so."""
    if statement.missing is not None:
        return None
    if not statement.allows:
        return []
    if statement.not_actions or statement.not_resources or not statement.resources:
        return None
    if any(resource.missing is not None for resource in statement.resources):
        return None
    if not any(is_everything(resource) for resource in statement.resources):
        return []
    if not all(_is_known(action.literal) for action in statement.actions):
        return None
    actions = [action for action in granted_actions(statement) if concerns(action)]
    if any(scope_of(action) is not Scope.ONLY_EVERYTHING for action in actions):
        return None
    return list(_steps(policy, statement, actions))


def _is_known(pattern: str | None) -> bool:
    return pattern is not None and ":" in pattern and not is_every_action(pattern)


def _steps(policy: Policy, statement: Statement, actions: list[Action]) -> Iterator[Evidence]:
    if actions:
        named = ", ".join(dict.fromkeys(action.full for action in actions[:3]))
        yield policy.states(statement, f"allows {named} on *, which take no other resource")
