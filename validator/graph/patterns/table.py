"""The conformance table of a workload: the pattern, how well it fits, and its components."""

from dataclasses import dataclass
from enum import StrEnum

from validator.graph.resource import Resource
from validator.model import Evidence, Missing


class Pattern(StrEnum):
    """The patterns of *AWS Serverless Multi-Tier Architectures*, and the base under them."""

    MOBILE_BACKEND = "mobile backend"
    SINGLE_PAGE_APPLICATION = "single-page application"
    WEB_APPLICATION = "web application"
    MICROSERVICES = "microservices"
    LAMBDA_IN_VPC = "Lambda inside a VPC"


class State(StrEnum):
    """Whether a component is there."""

    PRESENT = "present"
    NOT_USED = "not used"
    MISSING = "missing"
    UNDECIDED = "undecided"


@dataclass(frozen=True, slots=True)
class Component:
    """One row of the table. ``statement`` says what plays it, or what is not there."""

    name: str
    state: State
    statement: str
    resources: tuple[Resource, ...] = ()
    missing: tuple[Missing, ...] = ()
    how: str = ""

    @property
    def evidence(self) -> tuple[Evidence, ...]:
        """The resources that play the component, as steps."""
        return tuple(resource.states(f"plays {self.name}") for resource in self.resources)


@dataclass(frozen=True, slots=True)
class Recognition:
    """A workload recognised as a pattern: its central resource, why, and the table."""

    pattern: Pattern
    central: Resource
    reasons: tuple[Evidence, ...]
    components: tuple[Component, ...]

    @property
    def score(self) -> float:
        """The share of the components that are there; one that the workload can do without is left out if absent."""
        counted = [component for component in self.components if component.state is not State.NOT_USED]
        return sum(component.state is State.PRESENT for component in counted) / len(counted)


def present(name: str, statement: str, resources: tuple[Resource, ...]) -> Component:
    """A component that resources of the run play."""
    return Component(name, State.PRESENT, statement, tuple(dict.fromkeys(resources)))


def absent(name: str, statement: str, how: str) -> Component:
    """A component that nothing plays."""
    return Component(name, State.MISSING, statement, how=how)


def not_used(name: str, statement: str) -> Component:
    """A component that the pattern shows and a workload can do without: nothing plays it."""
    return Component(name, State.NOT_USED, f"not used, {statement}")


def open_(name: str, statement: str, missing: tuple[Missing, ...]) -> Component:
    """A component that something outside the run may play."""
    return Component(name, State.UNDECIDED, statement, missing=tuple(dict.fromkeys(missing)))


def shown(resources: tuple[Resource, ...]) -> str:
    """The logical IDs in messages."""
    return ", ".join(dict.fromkeys(resource.name for resource in resources))
