"""Base of the rules that ask one question about one store's protection."""

from abc import abstractmethod
from collections.abc import Iterator

from validator.graph import Architecture, Resource
from validator.graph.protection.answer import Answer
from validator.rulekit import Judgement, Rule


class ProtectionRule(Rule):
    """Turns the graph's answer into a verdict; no answer means that the rule does not apply."""

    @abstractmethod
    def answer(self, subject: Resource, graph: Architecture) -> Answer | None:
        """What the graph says of the subject in the scenario in force."""

    def judge(self, subject: Resource, graph: Architecture) -> Iterator[Judgement]:
        """One verdict for each subject that the question applies to."""
        found = self.answer(subject, graph)
        if found is None:
            return
        message, steps = f"{subject.name} {found.statement}", found.evidence(subject)
        if found.holds:
            yield self.passes(subject, message, evidence=steps, at=found.span)
        elif found.holds is None:
            yield self.unknown(subject, message, missing=found.missing, evidence=steps, at=found.span, fix=found.how)
        else:
            yield self.fails(subject, message, evidence=steps, fix=found.how, at=found.span, severity=found.severity)
