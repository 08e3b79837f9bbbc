"""The SARIF log: one run, in which every engine's findings stand in one list."""

from dataclasses import replace

from reports.facts import identities
from reports.json_text import json_text
from reports.sarif.invocation import invocation
from reports.sarif.places import ROOT
from reports.sarif.results import result
from reports.sarif.rules import catalogue
from validator.model import Change, Finding, ReportOptions, Review, Verdict

SCHEMA = "https://docs.oasis-open.org/sarif/sarif/v2.1.0/errata01/os/schemas/sarif-schema-2.1.0.json"

MOST_RESULTS = 25_000
"""GitHub refuses a run with more."""

_ALWAYS = (Verdict.FAIL, Verdict.SUPPRESSED, Verdict.UNKNOWN)


class SarifWriter:
    """Writes SARIF 2.1.0 (OASIS, errata 01) for code scanning.

    Failures, suppressed ones and unknowns are results. Passes, refuted findings and what is fixed (``absent``)
    come with ``-v``: GitHub shows every result as an open alert, whatever its kind or baseline state. For the
    same reason ``-q`` leaves failures only. No ``automationDetails``: who uploads names the category.
    """

    name = "sarif"

    def write(self, review: Review, options: ReportOptions) -> str:
        """The log as indented JSON. The same review always gives the same text."""
        chosen = _chosen(review, options)
        named = list(zip(chosen, identities(chosen), strict=True))
        shown = named if len(named) <= MOST_RESULTS else _most_telling(named)
        tool = catalogue(review, [finding for finding, _ in shown])
        run = {
            "tool": tool.tool,
            "invocations": [invocation(review, len(named) - len(shown))],
            "originalUriBaseIds": {ROOT: {"description": {"text": "The root of the project."}}},
            "columnKind": "unicodeCodePoints",
            "results": [result(finding, name, tool, review) for finding, name in shown],
        }
        return json_text({"$schema": SCHEMA, "version": "2.1.0", "runs": [run]}) + "\n"


def _chosen(review: Review, options: ReportOptions) -> list[Finding]:
    if options.quiet:
        return [finding for finding in review.findings if finding.verdict is Verdict.FAIL]
    if not options.verbose:
        return [finding for finding in review.findings if finding.verdict in _ALWAYS]
    return [*review.findings, *(replace(finding, change=Change.FIXED) for finding in review.fixed)]


def _most_telling(named: list[tuple[Finding, str]]) -> list[tuple[Finding, str]]:
    """As many as fit: failures before what is undecided or accepted, each from critical to low."""
    order = {Verdict.FAIL: 0, Verdict.UNKNOWN: 1, Verdict.SUPPRESSED: 2}
    ranked = sorted(named, key=lambda pair: (order.get(pair[0].verdict, 3), -pair[0].severity.rank))
    return ranked[:MOST_RESULTS]
