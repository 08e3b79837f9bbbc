"""The whole way as one function: paths and settings in, a review out."""

from collections.abc import Iterable, Sequence
from dataclasses import dataclass, field, replace

from validator.load import load_file
from validator.model import (
    Diagnostic,
    DiagnosticLevel,
    Finding,
    Picture,
    Review,
    StackSummary,
    TemplateSummary,
    TierlensError,
    Verdict,
)
from validator.review.assumptions import Assumptions
from validator.review.baseline_part import accept, baseline_of
from validator.review.constructs import Constructs
from validator.review.engine_part import EngineChoice, EnginePart, choice_of, engine_part
from validator.review.environments import merged
from validator.review.pictures import picture_of_unit
from validator.review.planning import check_plans, plan_stacks
from validator.review.policy_part import pin_of
from validator.review.request import ReviewRequest
from validator.review.rule_choice import chosen_of, registered_rules, releases_of_rules, rule_text
from validator.review.settling import settling_of
from validator.review.source_texts import missing_texts
from validator.review.stacks import declared_parameters, discover_templates
from validator.review.units import Failure, LoadedUnit, Units, unreadable
from validator.rulekit import Rule, RunResult, run_rules
from validator.settings import check_names, read_parameter_file, undeclared_names
from validator.triage import (
    Refutations,
    Suppressions,
    apply_suppressions,
    collect_suppressions,
    refutations_of,
    triage_findings,
)
from validator.triage.policy import policy_of
from validator.version import VERSION
from validator.workload import StackPlan


@dataclass(frozen=True, slots=True)
class _Run:
    """What stays the same for all templates of a run."""

    request: ReviewRequest
    rules: tuple[Rule, ...]
    known_ids: frozenset[str]
    """Ids of all installed rules: a suppression may name one that does not run."""
    assumptions: Assumptions
    engines: EnginePart
    constructs: Constructs
    refutations: Refutations = field(default_factory=Refutations)
    """What the graphs of the run disprove of the engines' reports."""


@dataclass(slots=True)
class _Collected:
    templates: dict[str, TemplateSummary] = field(default_factory=dict)
    findings: list[Finding] = field(default_factory=list)
    diagnostics: list[Diagnostic] = field(default_factory=list)
    sources: dict[str, str] = field(default_factory=dict)
    suppressions: dict[str, Suppressions] = field(default_factory=dict)
    stacks: list[StackSummary] = field(default_factory=list)
    pictures: list[Picture] = field(default_factory=list)
    has_samconfig: bool = False

    def add(
        self, unit: LoadedUnit, result: RunResult, suppressions: Sequence[Suppressions], constructs: Constructs
    ) -> None:
        """Take what judging a unit gave."""
        several = len(unit.stacks) > 1
        environment = unit.stacks[0].plan.environment
        named = (environment,) if environment else ()
        self.findings += (replace(one, environments=named) if named else one for one in result.findings)
        self.diagnostics += result.diagnostics
        for stack, suppression in zip(unit.stacks, suppressions, strict=True):
            template, path = stack.template, stack.file.display_path
            summary = TemplateSummary(path, template.dialect, len(template.resources), readable=True)
            if path not in self.templates or not self.templates[path].readable:
                self.templates[path] = summary
            self.diagnostics += (*template.document.diagnostics, *template.diagnostics)
            self.sources[template.document.path] = template.document.text
            self.suppressions.setdefault(template.path, suppression)
            self.has_samconfig |= stack.has_samconfig
            constructs.add(stack)
            plan = stack.plan
            if several or plan.named or plan.workload or plan.construct:
                construct = "" if stack.path else plan.construct
                self.stacks.append(StackSummary(stack.name, path, plan.workload, plan.environment, construct))


def review(request: ReviewRequest) -> Review:
    """Check the templates of a request.

    A file that cannot be read, a rule that fails or a refused transform become error diagnostics: the rest
    is still checked and the review says that it is incomplete. Raises UsageError, SettingsError or
    RulePackError when the run as a whole makes no sense (nothing found, a wrong name).
    """
    choice = choice_of(request)
    with engine_part(request, choice) as engines:
        return _review(request, choice, engines)


def _review(request: ReviewRequest, choice: EngineChoice, engines: EnginePart) -> Review:
    installed = registered_rules()
    rules = chosen_of(installed, request, choice.known, bool(choice.selected))
    baseline = baseline_of(request)
    pin = pin_of(request.settings, releases_of_rules())
    discovery = discover_templates(request)
    in_settings = tuple(read_parameter_file(path) for path in request.settings.parameter_files)
    request = replace(request, parameters=(*in_settings, *request.parameters))
    known_ids = frozenset(rule.meta.id for rule in installed) | choice.known.keys()
    assumptions, constructs = Assumptions(request.settings.assume, request.today), Constructs(request.root)
    run = _Run(request, rules, known_ids, assumptions, engines, constructs)
    collected = _Collected()
    plans = plan_stacks(request, discovery.files)
    collected.diagnostics += discovery.faults
    collected.diagnostics += (remark for plan in plans for remark in plan.remarks)
    collected.diagnostics += _check_given(request, plans)
    units = Units(plans, request, run.assumptions)
    done = 0
    for unit_plans, unit in units:
        request.progress(done, len(plans))
        _review_unit(unit_plans, unit, run, collected)
        done += len(unit_plans)
    request.progress(len(plans), len(plans))
    collected.diagnostics += units.diagnostics
    outcome = engines.collect()
    collected.findings = constructs.led_back((*collected.findings, *outcome.findings))
    collected.diagnostics += outcome.diagnostics
    if len(plans) > 1:
        collected.findings = merged(collected.findings)
    if request.suppressions:
        _suppress(run, collected, choice.selected)
    policy = policy_of(request.settings, request.root)
    kept, remarks = policy.without_off(collected.findings)
    collected.diagnostics += remarks
    categories = {**choice.known, **{rule.meta.id: rule.meta.category for rule in rules}}
    ran_ids = {rule.meta.id for rule in rules} | outcome.ran(choice.selected)
    findings, remarks = accept(
        triage_findings(map(policy.rated, kept), run.refutations),
        baseline,
        request,
        collected.templates.values(),
        lambda entry: entry.rule in ran_ids and policy.is_on(entry.template, entry.rule, categories, entry.source),
    )
    collected.diagnostics += remarks
    findings, remarks = pin.hold(findings)
    collected.diagnostics += remarks
    collected.diagnostics += (
        Diagnostic(DiagnosticLevel.NOTICE, "skipped", f"{skipped.path} is skipped: {skipped.reason}")
        for skipped in discovery.skipped
    )
    collected.diagnostics += run.assumptions.remarks()
    environment = request.settings.samconfig_environment
    read = any(template.readable for template in collected.templates.values())
    if environment is not None and read and not collected.has_samconfig:
        collected.diagnostics.append(_no_samconfig(environment))
    sources = collected.sources
    sources |= missing_texts(sources, collected.findings, collected.diagnostics, discovery.files, request.root)
    return Review(
        version=VERSION,
        templates=tuple(collected.templates.values()),
        findings=tuple(_sorted(findings)),
        diagnostics=tuple(dict.fromkeys(collected.diagnostics)),
        rules={**outcome.rules, **{rule.meta.id: rule_text(rule) for rule in rules}},
        sources=sources,
        root=request.root,
        engines=outcome.runs,
        stacks=tuple(dict.fromkeys(collected.stacks)),
        environments=tuple(dict.fromkeys(plan.environment for plan in plans if plan.environment)),
        pictures=tuple(collected.pictures),
        settling=settling_of(
            findings,
            request.root,
            [*(plan.file.path for plan in plans), *(request.root / path for path in collected.templates)],
        ),
    )


def _check_given(request: ReviewRequest, plans: Sequence[StackPlan]) -> tuple[Diagnostic, ...]:
    """Refuse parameter names that no template declares; read the templates for it only when any are given."""
    lasting = (request.settings.parameters,)
    own = (layer for plan in plans for layer in plan.parameters)
    if not any(layer.names for layer in (*request.parameters, *lasting, *own)):
        return ()
    declared: dict[str, frozenset[str]] = {}
    for path, plan in {plan.file.display_path: plan for plan in plans}.items():
        try:
            declared[path] = frozenset(declared_parameters(plan.document or load_file(plan.file.path, path)))
        except TierlensError:
            continue
    if declared:
        check_names(request.parameters, declared)
        check_plans(plans, declared)
    return undeclared_names(lasting, declared)


def _review_unit(plans: Sequence[StackPlan], unit: LoadedUnit | Failure, run: _Run, collected: _Collected) -> None:
    if isinstance(unit, LoadedUnit):
        try:
            for scope, stack in zip(unit.architecture.scopes, unit.stacks, strict=True):
                run.engines.submit(scope, stack.file.path)
            if run.engines.active:
                run.refutations.add(refutations_of(unit.architecture))
            result = run_rules(run.rules, unit.architecture)
            suppressions = [collect_suppressions(stack.template) for stack in unit.stacks]
        except Exception as error:  # noqa: BLE001 - one template's trouble must not end the run
            unit = Failure(plans[0], error)
        else:
            collected.add(unit, result, suppressions, run.constructs)
            if run.request.with_pictures:
                collected.pictures.append(picture_of_unit(unit))
            if run.request.observe is not None:
                run.request.observe(unit.architecture)
            run.assumptions.used |= unit.architecture.used_assumptions
            return
    collected.diagnostics.append(unreadable(unit))
    for plan in plans:
        collected.templates.setdefault(
            plan.file.display_path, TemplateSummary(plan.file.display_path, "", 0, readable=False)
        )


def _suppress(run: _Run, collected: _Collected, ran_in_engines: frozenset[str]) -> None:
    """Applied once for the whole run: a suppression serves every stack that its template makes."""
    ran = frozenset(rule.meta.id for rule in run.rules) | ran_in_engines
    suppressions = Suppressions()
    for found in collected.suppressions.values():
        suppressions |= found
    findings, remarks = apply_suppressions(collected.findings, suppressions, run.known_ids, run.request.today, ran)
    collected.findings = list(findings)
    collected.diagnostics += remarks


def _no_samconfig(environment: str) -> Diagnostic:
    return Diagnostic(
        DiagnosticLevel.ERROR,
        "samconfig-missing",
        f"the SAM environment '{environment}' gives no values: no template has a samconfig.toml beside it",
        hint="name the folder that holds samconfig.toml and its template, or leave the environment out",
    )


_ORDER = {Verdict.FAIL: 0, Verdict.UNKNOWN: 1, Verdict.SUPPRESSED: 2, Verdict.REFUTED: 3, Verdict.PASS: 4}


def _sorted(findings: Iterable[Finding]) -> list[Finding]:
    """By file, then worst first: failures before what is unknown, each from critical to low."""

    def order(finding: Finding) -> tuple[object, ...]:
        span = finding.span
        worst_first = (_ORDER[finding.verdict], -finding.severity.rank)
        return (span.path, *worst_first, finding.rule, span.line, span.column, finding.target, finding.ordinal)

    return sorted(findings, key=order)
