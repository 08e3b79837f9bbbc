"""What a run judged: by it a decision that accepts nothing is told from one that nobody looked at."""

from validator.engines import GUARD, TIERLENS, all_engine_rules
from validator.engines.names import VALIDATE
from validator.model import EngineStatus, Review
from validator.review.engine_part import choice_of
from validator.review.request import ReviewRequest
from validator.review.rule_choice import chosen_of, registered_rules
from validator.triage.policy import policy_of


class Judged:
    """The rules of a run that went to its end, with the templates that they judged."""

    def __init__(self, request: ReviewRequest, result: Review) -> None:
        """Raises UsageError as the run of the request would."""
        choice = choice_of(request)
        own = chosen_of(registered_rules(), request, choice.known, bool(choice.selected))
        self._status = {engine.name: engine.status for engine in result.engines}
        self._categories = {**choice.known, **{rule.meta.id: rule.meta.category for rule in own}}
        self._ran = {rule.meta.id for rule in own} | choice.selected
        self._engines = {rule.id: rule.engine for rule in all_engine_rules()}
        self._policy = policy_of(request.settings, request.root)

    def judged(self, rule: str, template: str, source: str, is_prefix: bool = False) -> bool:
        """Whether a rule, or one of those that start so, was judged at a template.

        Of an engine that failed nobody knows what it left out.
        """
        engine = VALIDATE if source == GUARD else source
        if self._status.get(engine, EngineStatus.OFF) is not EngineStatus.RAN:
            return False
        ids = (one for one in self._ran if (one.startswith(rule) if is_prefix else one == rule))
        return any(self._policy.is_on(template, one, self._categories, source) for one in ids)

    def source_of(self, rule: str) -> str:
        """The engine whose rule it is; tierlens for a rule that no engine has."""
        return self._engines.get(rule, TIERLENS)
