"""The whole way as one function: paths and settings in, a review out."""

from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass, field, replace

from validator.discover import DiscoveredFile
from validator.load import load_file
from validator.model import (
    Diagnostic,
    DiagnosticLevel,
    Finding,
    Review,
    TemplateSummary,
    TierlensError,
    Verdict,
)
from validator.review.assumptions import Assumptions
from validator.review.request import ReviewRequest
from validator.review.rule_choice import chosen_of, registered_rules, rule_text
from validator.review.source_texts import missing_texts
from validator.review.stacks import LoadedStack, declared_parameters, discover_templates, load_stack
from validator.rulekit import Rule, run_rules
from validator.settings import Settings, check_names, read_parameter_file, undeclared_names
from validator.triage import apply_suppressions, collect_suppressions
from validator.version import VERSION


@dataclass(frozen=True, slots=True)
class _Run:
    """What stays the same for all templates of a run."""

    request: ReviewRequest
    rules: tuple[Rule, ...]
    known_ids: frozenset[str]
    """Ids of all installed rules: a suppression may name one that does not run."""
    assumptions: Assumptions


@dataclass(slots=True)
class _Collected:
    templates: list[TemplateSummary] = field(default_factory=list)
    findings: list[Finding] = field(default_factory=list)
    diagnostics: list[Diagnostic] = field(default_factory=list)
    sources: dict[str, str] = field(default_factory=dict)
    has_samconfig: bool = False


def review(request: ReviewRequest) -> Review:
    """Check the templates of a request.

    A file that cannot be read, a rule that fails or a refused transform become error diagnostics: the rest
    is still checked and the review says that it is incomplete. Raises UsageError, SettingsError or
    RulePackError when the run as a whole makes no sense (nothing found, a wrong name).
    """
    installed = registered_rules()
    rules = chosen_of(installed, request)
    discovery = discover_templates(request)
    in_settings = tuple(read_parameter_file(path) for path in request.settings.parameter_files)
    request = replace(request, parameters=(*in_settings, *request.parameters))
    known_ids = frozenset(rule.meta.id for rule in installed)
    run = _Run(request, rules, known_ids, Assumptions(request.settings.assume, request.today))
    collected = _Collected()
    collected.diagnostics += _check_given(request, discovery.files)
    for number, file in enumerate(discovery.files):
        request.progress(number, len(discovery.files))
        _review_file(file, run, collected)
    request.progress(len(discovery.files), len(discovery.files))
    collected.diagnostics += (
        Diagnostic(DiagnosticLevel.NOTICE, "skipped", f"{skipped.path} is skipped: {skipped.reason}")
        for skipped in discovery.skipped
    )
    collected.diagnostics += run.assumptions.remarks()
    environment = request.settings.samconfig_environment
    read = any(template.readable for template in collected.templates)
    if environment is not None and read and not collected.has_samconfig:
        collected.diagnostics.append(_no_samconfig(environment))
    sources = collected.sources
    sources |= missing_texts(sources, collected.findings, collected.diagnostics, discovery.files, request.root)
    return Review(
        version=VERSION,
        templates=tuple(collected.templates),
        findings=tuple(_sorted(_rated(collected.findings, request.settings))),
        diagnostics=tuple(dict.fromkeys(collected.diagnostics)),
        rules={rule.meta.id: rule_text(rule) for rule in rules},
        sources=sources,
        root=request.root,
    )


def _check_given(request: ReviewRequest, files: Sequence[DiscoveredFile]) -> tuple[Diagnostic, ...]:
    """Refuse parameter names that no template declares; read the templates for it only when any are given."""
    lasting = (request.settings.parameters,)
    if not any(layer.names for layer in (*request.parameters, *lasting)):
        return ()
    declared: dict[str, frozenset[str]] = {}
    for file in files:
        try:
            declared[file.display_path] = frozenset(declared_parameters(load_file(file.path, file.display_path)))
        except TierlensError:
            continue
    if declared:
        check_names(request.parameters, declared)
    return undeclared_names(lasting, declared)


def _review_file(file: DiscoveredFile, run: _Run, collected: _Collected) -> None:
    try:
        stack = load_stack(file, run.request, run.assumptions)
        findings, diagnostics = _judge(stack, run)
    except TierlensError as error:
        collected.diagnostics.append(_diagnostic(error, file))
    except Exception as error:  # noqa: BLE001 - one template's trouble must not end the run
        collected.diagnostics.append(_internal(error, file))
    else:
        template = stack.template
        collected.templates.append(
            TemplateSummary(file.display_path, template.dialect, len(template.resources), readable=True)
        )
        collected.findings += findings
        run.assumptions.used |= stack.architecture.used_assumptions
        collected.diagnostics += (*template.document.diagnostics, *template.diagnostics, *diagnostics)
        collected.sources[template.document.path] = template.document.text
        collected.has_samconfig |= stack.has_samconfig
        return
    collected.templates.append(TemplateSummary(file.display_path, "", 0, readable=False))


def _judge(stack: LoadedStack, run: _Run) -> tuple[Sequence[Finding], Sequence[Diagnostic]]:
    result = run_rules(run.rules, stack.architecture)
    if not run.request.suppressions:
        return result.findings, result.diagnostics
    suppressions = collect_suppressions(stack.template)
    ran = frozenset(rule.meta.id for rule in run.rules)
    findings, remarks = apply_suppressions(result.findings, suppressions, run.known_ids, run.request.today, ran)
    return findings, (*result.diagnostics, *remarks)


def _diagnostic(error: TierlensError, file: DiscoveredFile) -> Diagnostic:
    if error.span is None:
        message = f"{file.display_path}: {error.message}"
    else:
        # Settings errors repeat the place in each line of the message; the remark shows it once.
        message = error.message.removeprefix(f"{error.span}: ")
    return Diagnostic(DiagnosticLevel.ERROR, error.code or "not-checked", message, error.span, error.hint)


def _internal(error: Exception, file: DiscoveredFile) -> Diagnostic:
    return Diagnostic(
        DiagnosticLevel.ERROR,
        "internal-error",
        f"{file.display_path}: tierlens failed on this template: {type(error).__name__}: {error}",
        hint="this is a fault of tierlens: report it with the template; the other templates were checked",
    )


def _no_samconfig(environment: str) -> Diagnostic:
    return Diagnostic(
        DiagnosticLevel.ERROR,
        "samconfig-missing",
        f"the SAM environment '{environment}' gives no values: no template has a samconfig.toml beside it",
        hint="name the folder that holds samconfig.toml and its template, or leave the environment out",
    )


def _rated(findings: Iterable[Finding], settings: Settings) -> Iterator[Finding]:
    for finding in findings:
        rated = settings.severity.get(finding.rule)
        yield finding if rated is None else replace(finding, severity=rated)


_ORDER = {Verdict.FAIL: 0, Verdict.UNKNOWN: 1, Verdict.SUPPRESSED: 2, Verdict.REFUTED: 3, Verdict.PASS: 4}


def _sorted(findings: Iterable[Finding]) -> list[Finding]:
    """By file, then worst first: failures before what is unknown, each from critical to low."""

    def order(finding: Finding) -> tuple[object, ...]:
        span = finding.span
        worst_first = (_ORDER[finding.verdict], -finding.severity.rank)
        return (span.path, *worst_first, finding.rule, span.line, span.column, finding.target, finding.ordinal)

    return sorted(findings, key=order)
