"""Base of the rules that judge identity policies statement by statement."""

from abc import abstractmethod
from collections.abc import Iterator
from typing import ClassVar

from validator.graph import Architecture, Resource
from validator.graph.iam.documents import Statement
from validator.graph.iam.identities import bounds_only
from validator.graph.iam.policies import Policy, PolicyKind, policies_in
from validator.model import Missing
from validator.rulekit import Judgement, Rule


class StatementRule(Rule):
    """Judges each statement of the documents that stand in a resource; says which cannot be read."""

    kinds: ClassVar[tuple[PolicyKind, ...]] = (PolicyKind.IDENTITY,)
    reports_invalid: ClassVar[bool] = False
    """Whether this rule is the one that reports statements whose ``Effect`` IAM refuses."""

    def judge(self, subject: Resource, graph: Architecture) -> Iterator[Judgement]:
        """Each statement's verdict under its own target, so that scenarios are compared statement by statement."""
        if bounds_only(subject, graph):
            yield self._bounds(subject)
            return
        for policy in policies_in(subject, graph):
            if policy.kind not in self.kinds:
                continue
            if policy.is_unasked:
                yield self._unasked(subject, policy)
                continue
            if policy.missing is not None:
                yield self.unread(subject, policy, None, policy.missing)
                continue
            for statement in policy.statements:
                if statement.missing is not None:
                    yield self.unread(subject, policy, statement, statement.missing)
                elif statement.allows or statement.denies:
                    yield from self.judge_statement(subject, policy, statement, graph)
                elif self.reports_invalid:
                    what = f"{policy.title(statement)} has no Effect of Allow or Deny, so IAM refuses the document"
                    invalid = Missing(what, "write Effect: Allow or Effect: Deny", f"effect:{statement.span}")
                    yield self.unread(subject, policy, statement, invalid)

    def _unasked(self, subject: Resource, policy: Policy) -> Judgement:
        """The person neither wrote it nor can change it."""
        message = f"{subject.name} has the policy {policy.name}, which SAM writes unasked for what the function names"
        evidence = [subject.states(f"gets {policy.title()} from SAM", policy.span)]
        return self.passes(subject, message, evidence=evidence, at=policy.span, target=policy.title())

    def _bounds(self, subject: Resource) -> Judgement:
        """A boundary is a ceiling (IAM User Guide, *Permissions boundaries*)."""
        message = f"{subject.name} is a permissions boundary and attached to nobody: it grants nothing by itself"
        return self.passes(subject, message, evidence=[subject.states("bounds the grants of others")])

    @abstractmethod
    def judge_statement(
        self, subject: Resource, policy: Policy, statement: Statement, graph: Architecture
    ) -> Iterator[Judgement]:
        """The verdict on one statement that can be read; none when the rule does not apply to it."""

    def unread(self, subject: Resource, policy: Policy, statement: Statement | None, missing: Missing) -> Judgement:
        """The document or the statement cannot be read."""
        place = policy if statement is None else statement
        target = policy.title(statement)
        return self.unknown(
            subject,
            f"{subject.name} has a grant that cannot be read ({target}): {missing.what}",
            missing=[missing],
            evidence=[subject.states(f"holds {target}", place.span)],
            at=place.span,
            target=target,
        )
