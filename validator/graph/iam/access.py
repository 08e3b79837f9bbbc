"""What a statement lets its principals do with data: read, write, hand out access."""

from enum import StrEnum

from validator.graph.iam.actions import LIST, READ, TAGGING, Action, expand, is_everything
from validator.graph.iam.documents import Statement


class Access(StrEnum):
    """A way to use a resource."""

    READ = "read"
    WRITE = "write"
    LIST = "list"
    MANAGE = "hand out access to"


def access_of(statement: Statement) -> frozenset[Access]:
    """The kinds of access that a statement's actions give; everything for ``*`` and ``NotAction``."""
    if statement.not_actions:
        return frozenset(Access)
    found: set[Access] = set()
    for value in statement.actions:
        text = value.literal
        if text is None or is_everything(text):
            return frozenset(Access)
        for action in expand(text):
            found |= access_of_action(action)
    return frozenset(found)


def access_of_action(action: Action) -> frozenset[Access]:
    """The kinds of access of one action."""
    found = set()
    if action.changes_permissions:
        found.add(Access.MANAGE)
    if "Write" in action.levels or TAGGING in action.levels:
        found.add(Access.WRITE)
    if READ in action.levels:
        found.add(Access.READ)
    if LIST in action.levels:
        found.add(Access.LIST)
    return frozenset(found)
