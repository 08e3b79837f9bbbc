"""Whether a question or practice applies at all, as far as the templates show."""

from validator.lens.coverage import CoverageTable, Presence
from validator.model import Diagnostic, DiagnosticLevel, Review, Verdict

_OPERATIONS = "AUTH001"
"""The rule that judges every operation that a client can call."""

_ABOUT_SETTINGS = ("suppression", "assumption", "baseline", "parameter-undeclared")
"""Beginnings of the codes of warnings that are about what people wrote beside templates."""


def is_out_of_scope(subject: str, review: Review, table: CoverageTable) -> bool:
    """Whether the templates prove that a question (``SEC1``) or practice (``REL1.a2``) does not apply.

    Only a complete run proves an absence: every template was read to its end, the rules that would see such
    a resource ran, and none of them was left without an answer.
    """
    presence = table.presence.get(subject)
    if presence is None or not may_prove_absence(review, presence.rules):
        return False
    return not _may_be_present(presence, review)


def may_prove_absence(review: Review, rules: frozenset[str]) -> bool:
    """Whether what those rules did not find is not there: they ran, and everything was read."""
    read = bool(review.templates) and all(template.readable for template in review.templates)
    whole = not any(_may_hide_resources(diagnostic) for diagnostic in review.diagnostics)
    return read and whole and not review.incomplete and rules <= review.rules.keys()


def _may_hide_resources(diagnostic: Diagnostic) -> bool:
    """Whether a remark tells of something that was not read: a macro, an include, a nested stack elsewhere."""
    return diagnostic.level is not DiagnosticLevel.NOTICE and not diagnostic.code.startswith(_ABOUT_SETTINGS)


def _may_be_present(presence: Presence, review: Review) -> bool:
    nodes = (node.resource_type for picture in review.pictures for node in picture.nodes)
    if any(name.startswith(presence.types) for name in nodes):
        return True
    for finding in review.findings:
        if finding.resource_type.startswith(presence.types):
            return True
        if finding.rule in presence.rules and finding.source == "tierlens" and finding.verdict is not Verdict.REFUTED:
            return True
        hidden = presence.unless_operations_of
        if hidden and finding.rule == _OPERATIONS and finding.resource_type.startswith(hidden):
            return True
    return False
