"""``assume`` entries: what a person knows and no template says."""

from dataclasses import dataclass
from datetime import date
from enum import StrEnum

from validator.model import Span

SUBJECT_KINDS = ("parameter", "import", "security-group", "subnet")
"""What may stand before the colon of a subject; a subject without colon is a logical ID."""


class Assumed(StrEnum):
    """What may be assumed of a subject."""

    PRIVATE_SUBNET = "private-subnet"
    """A subnet (or each of a list) without a way in from the Internet."""
    PUBLIC_SUBNET = "public-subnet"
    """A subnet with a route to an internet gateway."""
    ISOLATED_SUBNET = "isolated-subnet"
    """A subnet without any route to or from the Internet."""
    ADMITS_ONLY_LOGIC_TIER = "admits-only-logic-tier"
    """A security group whose rules let in the logic tier and nothing else."""
    PRIVATE = "private"
    """A resource that the Internet cannot reach."""
    VALUE = "value"
    """A parameter or an import with the value that ``value`` gives."""


SUBNET_KINDS = frozenset({Assumed.PRIVATE_SUBNET, Assumed.PUBLIC_SUBNET, Assumed.ISOLATED_SUBNET})
"""The assumptions that exclude each other."""


@dataclass(frozen=True, slots=True)
class Assumption:
    """One ``assume`` entry. It settles an unknown; it never overrules what a template states."""

    subject: str
    """``parameter:SubnetIds``, ``import:net-PrivateSubnets``, ``security-group:sg-123`` or a logical ID."""
    is_: Assumed
    reason: str
    span: Span
    value: str | None = None
    until: date | None = None
    """The last day on which it holds."""

    @property
    def key(self) -> str:
        """The name of the unknown it settles, as ``Missing.key`` writes it."""
        return self.subject

    def lapsed(self, today: date) -> bool:
        """Whether ``until`` lies before ``today``: the assumption is then reported and not applied."""
        return self.until is not None and self.until < today
