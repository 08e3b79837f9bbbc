"""The whole way as one function: paths and settings in, a review out."""

from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass, field, replace
from pathlib import Path

from validator.discover import DiscoveredFile
from validator.load import load_file
from validator.model import (
    Diagnostic,
    DiagnosticLevel,
    Finding,
    Review,
    RuleText,
    TemplateSummary,
    TierlensError,
    Verdict,
)
from validator.registry import load_rule_packs
from validator.review.request import ReviewRequest
from validator.review.stacks import LoadedStack, declared_parameters, discover_templates, load_stack
from validator.rulekit import Rule, run_rules
from validator.settings import GivenParameters, Settings, check_names, read_parameter_file, undeclared_names
from validator.triage import Selection, apply_suppressions, collect_suppressions, require_known_ids
from validator.version import VERSION


@dataclass(slots=True)
class _Collected:
    templates: list[TemplateSummary] = field(default_factory=list)
    findings: list[Finding] = field(default_factory=list)
    diagnostics: list[Diagnostic] = field(default_factory=list)
    sources: dict[str, str] = field(default_factory=dict)
    assumptions: set[str] = field(default_factory=set)


def registered_rules() -> tuple[Rule, ...]:
    """Every rule of every installed pack, by id. Raises RulePackError when a pack cannot be used."""
    rules = [rule for pack in load_rule_packs() for rule in pack.rules]
    return tuple(sorted(rules, key=lambda rule: rule.meta.id))


def selected_rules(request: ReviewRequest) -> tuple[Rule, ...]:
    """The rules that run. Raises UsageError for a name that no rule or category has."""
    rules = registered_rules()
    known = {rule.meta.id: rule.meta.category for rule in rules}
    require_known_ids(request.settings.severity, known, "severity")
    chosen = Selection(request.select, request.ignore).chosen(known)
    off = {rule_id for rule_id, severity in request.settings.severity.items() if severity is None}
    return tuple(rule for rule in rules if rule.meta.id in chosen - off)


def review(request: ReviewRequest) -> Review:
    """Check the templates of a request.

    A file that cannot be read, a rule that fails or a refused transform become error diagnostics: the rest
    is still checked and the review says that it is incomplete. Raises UsageError, SettingsError or
    RulePackError when the run as a whole makes no sense (nothing found, a wrong name).
    """
    rules = selected_rules(request)
    discovery = discover_templates(request)
    request = replace(request, parameters=(*_settings_files(request.settings), *request.parameters))
    collected = _Collected()
    _check_given(request, discovery.files, collected)
    for number, file in enumerate(discovery.files):
        request.progress(number, len(discovery.files))
        _review_file(file, rules, request, collected)
    request.progress(len(discovery.files), len(discovery.files))
    collected.diagnostics += (
        Diagnostic(DiagnosticLevel.NOTICE, "skipped", f"{skipped.path} is skipped: {skipped.reason}")
        for skipped in discovery.skipped
    )
    collected.diagnostics += _unused_assumptions(request, collected)
    return Review(
        version=VERSION,
        templates=tuple(collected.templates),
        findings=tuple(_sorted(_rated(collected.findings, request.settings))),
        diagnostics=tuple(dict.fromkeys(collected.diagnostics)),
        rules={rule.meta.id: rule_text(rule) for rule in rules},
        sources=collected.sources,
        root=request.root,
    )


def rule_text(rule: Rule) -> RuleText:
    """What reports show of a rule."""
    meta = rule.meta
    return RuleText(
        id=meta.id,
        title=meta.title,
        category=meta.category,
        severity=meta.severity,
        why=meta.why,
        explanation=rule.explanation(),
        lens=meta.lens,
        references=meta.references,
    )


def _settings_files(settings: Settings) -> Iterator[GivenParameters]:
    return (read_parameter_file(path) for path in settings.parameter_files)


def _check_given(request: ReviewRequest, files: Sequence[DiscoveredFile], collected: _Collected) -> None:
    """Refuse parameter names that no template declares; read the templates for it only when any are given."""
    lasting = (request.settings.parameters,)
    if not any(layer.names for layer in (*request.parameters, *lasting)):
        return
    declared: dict[str, frozenset[str]] = {}
    for file in files:
        try:
            declared[file.display_path] = frozenset(declared_parameters(load_file(file.path, file.display_path)))
        except TierlensError:
            continue
    check_names(request.parameters, declared)
    collected.diagnostics += undeclared_names(lasting, declared)


def _review_file(file: DiscoveredFile, rules: Sequence[Rule], request: ReviewRequest, collected: _Collected) -> None:
    try:
        stack = load_stack(file, request)
        findings, diagnostics = _judge(stack, rules, request)
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
        collected.diagnostics += (*template.document.diagnostics, *template.diagnostics, *diagnostics)
        collected.assumptions |= stack.architecture.used_assumptions
        _keep_sources(stack, findings, request.root, collected)
        return
    collected.templates.append(TemplateSummary(file.display_path, "", 0, readable=False))


def _judge(
    stack: LoadedStack, rules: Sequence[Rule], request: ReviewRequest
) -> tuple[list[Finding], list[Diagnostic]]:
    result = run_rules(rules, stack.architecture)
    if not request.suppressions:
        return list(result.findings), list(result.diagnostics)
    suppressions = collect_suppressions(stack.template)
    known = frozenset(rule.meta.id for rule in registered_rules())
    ran = frozenset(rule.meta.id for rule in rules)
    findings, remarks = apply_suppressions(result.findings, suppressions, known, request.today, ran)
    return list(findings), [*result.diagnostics, *remarks]


def _diagnostic(error: TierlensError, file: DiscoveredFile) -> Diagnostic:
    return Diagnostic(
        DiagnosticLevel.ERROR,
        error.code or "not-checked",
        error.message if error.span is not None else f"{file.display_path}: {error.message}",
        error.span,
        error.hint,
    )


def _internal(error: Exception, file: DiscoveredFile) -> Diagnostic:
    return Diagnostic(
        DiagnosticLevel.ERROR,
        "internal-error",
        f"{file.display_path}: tierlens failed on this template: {type(error).__name__}: {error}",
        hint="this is a fault of tierlens: report it with the template; the other templates were checked",
    )


def _keep_sources(stack: LoadedStack, findings: Iterable[Finding], root: Path, collected: _Collected) -> None:
    """Keep the texts that findings and remarks point into: the template's and included files'."""
    document = stack.template.document
    collected.sources[document.path] = document.text
    for path in {finding.span.path for finding in findings} - collected.sources.keys():
        try:
            collected.sources[path] = (root / path).read_text(encoding="utf-8-sig")
        except (OSError, UnicodeDecodeError):
            continue


def _rated(findings: Iterable[Finding], settings: Settings) -> Iterator[Finding]:
    for finding in findings:
        rated = settings.severity.get(finding.rule)
        yield finding if rated is None else replace(finding, severity=rated)


_ORDER = {Verdict.FAIL: 0, Verdict.UNKNOWN: 1, Verdict.SUPPRESSED: 2, Verdict.PASS: 3}


def _sorted(findings: Iterable[Finding]) -> list[Finding]:
    def order(finding: Finding) -> tuple[object, ...]:
        span = finding.span
        worst_first = (_ORDER[finding.verdict], -finding.severity.rank)
        return (span.path, *worst_first, finding.rule, span.line, span.column, finding.target, finding.ordinal)

    return sorted(findings, key=order)


def _unused_assumptions(request: ReviewRequest, collected: _Collected) -> Iterator[Diagnostic]:
    for entry in request.settings.assume:
        if entry.lapsed(request.today):
            message = f"the assumption about {entry.subject} lapsed on {entry.until} and is not applied"
            yield Diagnostic(DiagnosticLevel.WARNING, "assumption-lapsed", message, entry.span)
        elif entry.value is None and entry.key not in collected.assumptions:
            message = f"the assumption about {entry.subject} settles nothing in this run"
            yield Diagnostic(DiagnosticLevel.NOTICE, "assumption-unused", message, entry.span)
