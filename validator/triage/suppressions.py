"""Suppressions: what a team accepts, with a reason, for as long as it says."""

from collections.abc import Collection, Iterator, Sequence
from dataclasses import dataclass, replace
from datetime import date

from validator.expand.template import Template
from validator.model import Diagnostic, DiagnosticLevel, Finding, Suppression, Verdict
from validator.settings import did_you_mean
from validator.triage.comment_suppressions import comment_suppressions
from validator.triage.metadata_suppressions import metadata_suppressions
from validator.triage.suppression_entries import SuppressionEntry


@dataclass(frozen=True, slots=True)
class Suppressions:
    """All suppressions of one or more templates, and the errors in those that could not be read."""

    entries: tuple[SuppressionEntry, ...] = ()
    diagnostics: tuple[Diagnostic, ...] = ()
    templates: frozenset[str] = frozenset()
    """The paths of the templates they were collected from."""

    def __or__(self, other: "Suppressions") -> "Suppressions":
        """Both together: a run applies the suppressions of all its templates at once."""
        return Suppressions(
            self.entries + other.entries,
            self.diagnostics + other.diagnostics,
            self.templates | other.templates,
        )


def collect_suppressions(template: Template) -> Suppressions:
    """The suppressions a template holds: in the metadata of its resources and in its comments.

    Rules are named by their full ids only: a prefix or a category would also hide what later versions find.
    One without a reason, or that cannot be read, becomes an error and has no effect.
    """
    written = (metadata_suppressions(template), comment_suppressions(template))
    return Suppressions(
        entries=tuple(entry for part in written for entry in part.entries),
        diagnostics=tuple(remark for part in written for remark in part.diagnostics),
        templates=frozenset({template.path}),
    )


def apply_suppressions(
    findings: Sequence[Finding],
    suppressions: Suppressions,
    known_rule_ids: Collection[str],
    today: date,
    ran_rule_ids: Collection[str] | None = None,
) -> tuple[tuple[Finding, ...], tuple[Diagnostic, ...]]:
    """The findings with the accepted ones marked, and remarks on suppressions that do not do what they say.

    Only ``fail`` and ``unknown`` are suppressed. A lapsed suppression has no effect and a warning says so;
    one that covers no finding gets a warning, unless its rule is not among ``ran_rule_ids`` (by default all
    known ones ran); one of a rule that does not exist is an error. The order of the findings is kept.
    """
    ran = known_rule_ids if ran_rule_ids is None else ran_rule_ids
    used: set[SuppressionEntry] = set()
    judged: list[Finding] = []
    for finding in findings:
        template = _template_of(finding, suppressions.templates)
        covering = [entry for entry in suppressions.entries if entry.covers(finding, template)]
        used.update(covering)
        valid = next((entry for entry in covering if not entry.lapsed(today)), None)
        judged.append(finding if valid is None else _suppressed(finding, valid))
    remarks = (
        remark
        for entry in suppressions.entries
        for remark in _remarks(entry, entry in used, known_rule_ids, ran, today)
    )
    return tuple(judged), (*suppressions.diagnostics, *remarks)


def _suppressed(finding: Finding, entry: SuppressionEntry) -> Finding:
    return replace(
        finding,
        verdict=Verdict.SUPPRESSED,
        suppression=Suppression(entry.reason, entry.span, entry.until, owner=entry.owner),
    )


def _template_of(finding: Finding, templates: frozenset[str]) -> str:
    """The template whose resource the finding judges; empty when that is not certain.

    A finding may stand in a file beside its template, an OpenAPI document for one. Its evidence then tells
    the template, since logical IDs repeat from template to template.
    """
    if finding.template in templates:
        return finding.template
    if finding.span.path in templates or not templates:
        return finding.span.path
    if len(templates) == 1:
        return next(iter(templates))
    paths = {
        step.span.path
        for step in finding.evidence
        if step.span is not None and step.resource == finding.resource and step.span.path in templates
    }
    return paths.pop() if len(paths) == 1 else ""


def _remarks(
    entry: SuppressionEntry,
    used: bool,
    known_rule_ids: Collection[str],
    ran_rule_ids: Collection[str],
    today: date,
) -> Iterator[Diagnostic]:
    if entry.rule not in known_rule_ids:
        near = did_you_mean(entry.rule, known_rule_ids)
        yield Diagnostic(
            DiagnosticLevel.ERROR,
            "suppression-unknown-rule",
            f"there is no rule '{entry.rule}' to suppress{': ' + near if near else ''}",
            entry.span,
            "name the rule by its id; tierlens rules lists them",
        )
    elif entry.lapsed(today):
        effect = "the finding stands" if used else "it covers no finding"
        yield Diagnostic(
            DiagnosticLevel.WARNING,
            "suppression-lapsed",
            f"the suppression of {entry.rule} lapsed after {entry.until}: {effect}",
            entry.span,
            "mend the finding, or decide anew with a later date" if used else "remove it",
        )
    elif not used and entry.rule in ran_rule_ids:
        yield Diagnostic(
            DiagnosticLevel.WARNING,
            "suppression-unused",
            f"the suppression of {entry.rule} covers no finding",
            entry.span,
            "remove it" if entry.logical_ids else "write it in or directly above a resource",
        )
