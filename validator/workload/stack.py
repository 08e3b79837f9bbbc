"""A stack of the run with its template read: a planned root stack, or one that another stack nests."""

from dataclasses import dataclass

from validator.discover import DiscoveredFile
from validator.expand import Template
from validator.resolve import Environment
from validator.workload.plan import StackPlan


@dataclass(frozen=True, slots=True)
class Stack:
    """One stack: its template after expansion, and what it is deployed with.

    ``path`` holds the logical IDs from the root stack down; it is empty for a root stack. ``environment`` has what
    is known from outside; what a parent passes is resolved in the parent's scope.
    """

    plan: StackPlan
    file: DiscoveredFile
    template: Template
    environment: Environment
    path: tuple[str, ...] = ()
    parent: "Stack | None" = None
    has_samconfig: bool = False
    """Whether a SAM configuration stands beside the root's template and gave the environment that was named."""

    @property
    def name(self) -> str:
        """The path of stack names from the root stack down, as people are shown it: ``Shop/Network``."""
        return "/".join((self.plan.label, *self.path))
