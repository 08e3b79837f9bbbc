"""Base of the pattern rules: one judgement for each component of a recognised workload, at its central resource."""

from abc import abstractmethod
from collections.abc import Iterator

from validator.graph import Architecture, Resource
from validator.graph.patterns import Component, Pattern, Recognition, State, recognised
from validator.rulekit import Judgement, Rule


class ConformanceRule(Rule):
    """Judges the components of one pattern; says nothing where the workload follows another or none."""

    judges_refused = False

    @abstractmethod
    def pattern(self) -> Pattern:
        """The pattern that it judges."""

    def judge(self, subject: Resource, graph: Architecture) -> Iterator[Judgement]:
        """One judgement a component, when the subject is the central resource of such a workload."""
        for found in recognised(graph):
            if found.pattern is self.pattern() and found.central == subject:
                for component in found.components:
                    yield self._component(subject, component, found)

    def _component(self, subject: Resource, component: Component, found: Recognition) -> Judgement:
        target = f"component: {component.name}"
        message = f"{subject.name} leads a {self.pattern().value}; {component.name}: {component.statement}"
        if component.state is State.PRESENT:
            return self.passes(subject, message, evidence=component.evidence, target=target)
        if component.state is State.NOT_USED:
            return self.passes(subject, message, evidence=found.reasons, target=target)
        if component.state is State.UNDECIDED:
            return self.unknown(subject, message, missing=component.missing, evidence=found.reasons, target=target)
        return self.fails(subject, message, evidence=found.reasons, fix=component.how, target=target)
