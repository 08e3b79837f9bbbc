"""What the other engines do in a run: which of their rules count, when they start, what becomes of their findings."""

from collections.abc import Collection, Iterable, Iterator, Mapping
from contextlib import contextmanager
from dataclasses import dataclass, field
from pathlib import Path

from validator.engines import (
    ENGINE_NAMES,
    GUARD,
    TIERLENS,
    EngineInput,
    EngineOptions,
    Engines,
    GuardFile,
    all_engine_rules,
    engine_rule,
    guard_rule_ids,
    read_guard_files,
    start_engines,
)
from validator.model import (
    Category,
    Diagnostic,
    EngineRun,
    EngineStatus,
    Finding,
    RuleText,
    UsageError,
)
from validator.resolve import Scope
from validator.review.request import ReviewRequest
from validator.settings import did_you_mean
from validator.triage import Selection
from validator.triage.policy import policy_of
from validator.version import VERSION


@dataclass(frozen=True, slots=True)
class EngineChoice:
    """Which engines run and which of their findings are kept."""

    names: tuple[str, ...]
    """Engines with a process, as asked for."""
    rules: Mapping[str, Category]
    """The rules of the engines that run, those of the organisation's files among them."""
    selection: Selection
    off: frozenset[str]
    """Ids that the settings switch off."""
    rated: frozenset[str]
    """The names with a severity in the settings: ids, prefixes, and what asks for no remark (categories, engines)."""
    guard: tuple[GuardFile, ...] = ()
    known: Mapping[str, Category] = field(default_factory=dict)
    """The rules of all engines, also of those that do not run: settings and suppressions may name them."""

    @property
    def selected(self) -> frozenset[str]:
        """The ids of the rules that are kept."""
        return frozenset(
            rule_id
            for rule_id, category in self.rules.items()
            if rule_id not in self.off and any(self._named(rule_id, category, source) for source in self._sources())
        )

    def keeps(self, finding: Finding) -> bool:
        """Whether a finding counts: its rule is selected, and a mere remark was asked for by name."""
        if finding.rule in self.off or not self._named(finding.rule, finding.category, finding.source):
            return False
        if finding.source == GUARD or not engine_rule(finding.source, finding.rule).informational:
            return True
        return any(finding.rule.startswith(name) for name in (*self.rated, *self.selection.select))

    @property
    def informational(self) -> bool:
        """Whether a remark was asked for by name."""
        asked = (*self.selection.select, *self.rated)
        return any(
            rule.informational and rule.id.startswith(name) for name in asked if name for rule in all_engine_rules()
        )

    @property
    def wants_guard(self) -> bool:
        """Whether the organisation's files run: one of their rules is selected, or their names are not known."""
        own = [rule_id for rule_id, category in self.rules.items() if category is Category.ORGANIZATION_RULES]
        return bool(self.guard) and (not own or not self.selected.isdisjoint(own))

    def _sources(self) -> tuple[str, ...]:
        return (*self.names, GUARD) if self.guard else self.names

    def _named(self, rule_id: str, category: Category, source: str) -> bool:
        return self.selection.matches(rule_id, category, source)


def choice_of(request: ReviewRequest) -> EngineChoice:
    """The engines of a request. Raises UsageError for an engine's name that is not known and for files of rules."""
    for name in request.engines:
        if name not in ENGINE_NAMES:
            near = did_you_mean(name, ENGINE_NAMES) or f"known are {', '.join(ENGINE_NAMES)}"
            raise UsageError(f"there is no engine '{name}'", hint=near)
    names = tuple(name for name in request.engines if name != TIERLENS)
    guard = read_guard_files(request.guard)
    own = dict.fromkeys(guard_rule_ids(guard), Category.ORGANIZATION_RULES)
    rules = {rule.id: rule.category for rule in all_engine_rules() if rule.engine in names} | own
    known = {rule.id: rule.category for rule in all_engine_rules()} | own
    policy = policy_of(request.settings, request.root)
    sources = {rule.id: rule.engine for rule in all_engine_rules()} | dict.fromkeys(own, GUARD)
    rated = (table for table in (policy.severity, *(path.severity for path in policy.paths)))
    return EngineChoice(
        names,
        rules,
        Selection(request.select, request.ignore),
        frozenset(
            rule_id
            for rule_id, category in known.items()
            if policy.off_everywhere(rule_id, category, sources[rule_id])
        ),
        frozenset(name for table in rated for name, severity in table.items() if severity is not None),
        guard,
        known,
    )


@dataclass(frozen=True, slots=True)
class EngineOutcome:
    """What a run takes over from its engines."""

    findings: tuple[Finding, ...] = ()
    diagnostics: tuple[Diagnostic, ...] = ()
    runs: tuple[EngineRun, ...] = ()
    rules: Mapping[str, RuleText] = field(default_factory=dict)

    def ran(self, selected: Collection[str]) -> frozenset[str]:
        """The selected rules of the engines; none when an engine failed, since nobody knows what it left out."""
        failed = any(run.status is EngineStatus.FAILED for run in self.runs)
        return frozenset() if failed else frozenset(selected)


class EnginePart:
    """The engines while a run goes on: ``submit`` each stack, then ``collect`` once."""

    def __init__(self, request: ReviewRequest, choice: EngineChoice, engines: Engines) -> None:
        self._request = request
        self._choice = choice
        self._engines = engines
        self._seen: set[str] = set()

    @property
    def active(self) -> bool:
        """Whether any engine beside our own rules runs."""
        return self._engines.active

    def submit(self, scope: Scope, file: Path) -> None:
        """Hand over a stack; a template that several stacks share is handed over once."""
        if not self._engines.active or scope.template.path in self._seen:
            return
        self._seen.add(scope.template.path)
        environment = scope.environment
        region = (environment.pseudo or {}).get("AWS::Region")
        self._engines.submit(
            EngineInput(scope.template, scope, file, environment.given, region, self._request.suppressions)
        )

    def collect(self) -> EngineOutcome:
        """Wait for the engines; gives the findings of the rules that are selected."""
        results = self._engines.results()
        findings = tuple(finding for finding in results.findings if self._choice.keeps(finding))
        return EngineOutcome(
            findings,
            results.diagnostics,
            (*self._own(), *results.runs, *self._off(results.runs)),
            {finding.rule: results.rules[finding.rule] for finding in findings if finding.rule in results.rules},
        )

    def _own(self) -> tuple[EngineRun, ...]:
        status = EngineStatus.RAN if TIERLENS in self._request.engines else EngineStatus.OFF
        return (EngineRun(TIERLENS, VERSION, status),)

    def _off(self, runs: Iterable[EngineRun]) -> tuple[EngineRun, ...]:
        ran = {run.name for run in runs} | {TIERLENS}
        return tuple(EngineRun(name, "", EngineStatus.OFF) for name in ENGINE_NAMES if name not in ran)


@contextmanager
def engine_part(request: ReviewRequest, choice: EngineChoice) -> Iterator[EnginePart]:
    """The engines of a run; those without a selected rule are not started. Raises UsageError as they do."""
    selected = choice.selected
    names = tuple(name for name in choice.names if _has_rule(name, selected))
    guard = choice.guard if choice.wants_guard else ()
    region = request.settings.region
    options = EngineOptions(request.root, region, choice.informational, guard, request.answers)
    with start_engines(names, options) as engines:
        yield EnginePart(request, choice, engines)


def _has_rule(engine: str, selected: Collection[str]) -> bool:
    return any(rule.engine == engine and rule.id in selected for rule in all_engine_rules())
