"""GitLab's Code Quality report (``gl-code-quality-report.json``).

An array of issues as GitLab's documentation *Code Quality*, section *Code Quality report format*, asks: the
merge request shows what is new or gone against the target branch, by fingerprint.
"""

import hashlib

from reports.facts import engine_failure, failed_engines, identities, rule_name, scenario, subject, surroundings
from reports.json_text import json_text
from reports.strings import one_line, visible
from validator.model import DiagnosticLevel, Finding, ReportOptions, Review, Severity, Span, Verdict

_SEVERITIES = {
    Severity.CRITICAL: "blocker",
    Severity.HIGH: "critical",
    Severity.MEDIUM: "major",
    Severity.LOW: "minor",
}
_SHOWN = (Verdict.FAIL, Verdict.UNKNOWN)
_NO_FILE = "tierlens"

Json = dict[str, object]


class GitlabWriter:
    """Writes failures, what was not checked (``blocker``), and unknowns (``info``): none must look like nothing."""

    name = "gitlab"

    def write(self, review: Review, options: ReportOptions) -> str:
        """The report as indented JSON; of the options, ``quiet`` leaves the unknowns out."""
        shown = [f for f in review.findings if f.verdict in (_SHOWN[:1] if options.quiet else _SHOWN)]
        issues = [_issue(f, name, review) for f, name in zip(shown, identities(shown), strict=True)]
        return json_text([*_not_checked(review), *issues]) + "\n"


writer = GitlabWriter()


def _issue(finding: Finding, identity: str, review: Review) -> Json:
    undecided = finding.verdict is Verdict.UNKNOWN
    when = scenario(finding)
    parts = (
        visible(finding.message) if finding.resource in finding.message else f"{subject(finding)}: {finding.message}",
        f"when {when}" if when else "",
        surroundings(finding, review.environments),
        "; ".join(f"{visible(missing.what)}, {visible(missing.how)}" for missing in finding.missing),
    )
    text = one_line(" — ".join(filter(None, parts)))
    return {
        "description": f"unknown: {text}" if undecided else text or "-",
        "check_name": rule_name(finding) or "-",
        "fingerprint": identity,
        "severity": "info" if undecided or finding.newer_than_pin else _SEVERITIES[finding.severity],
        "location": _location(finding.span),
    }


def _not_checked(review: Review) -> list[Json]:
    problems = [
        (diagnostic.code, f"not checked: {diagnostic.message}", diagnostic.span)
        for diagnostic in review.diagnostics
        if diagnostic.level is DiagnosticLevel.ERROR
    ]
    problems += [("engine-failed", engine_failure(engine), None) for engine in failed_engines(review)]
    first = review.templates[0].path if review.templates else _NO_FILE
    return [
        {
            "description": one_line(text),
            "check_name": visible(code) or "-",
            "fingerprint": _digest(code, text, "" if span is None else span.path, str(number)),
            "severity": "blocker",
            "location": _location(span or Span(first, 1, 1, 1, 1)),
        }
        for number, (code, text, span) in enumerate(problems)
    ]


def _location(span: Span) -> Json:
    path = visible(span.path).removeprefix("./") or _NO_FILE
    return {"path": path, "lines": {"begin": span.line, "end": max(span.line, _last_line(span))}}


def _last_line(span: Span) -> int:
    """The line of the last character: an end at the first column of a line lies on the line before."""
    return span.end_line - 1 if span.end_column == 1 and span.end_line > span.line else span.end_line


def _digest(*parts: str) -> str:
    return hashlib.sha256("\x1f".join(parts).encode(errors="surrogatepass")).hexdigest()[:32]
