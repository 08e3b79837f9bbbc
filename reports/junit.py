"""The JUnit XML report: a suite for each template, a case for each rule on each subject.

JUnit XML has no standard; this is the form that Jenkins, GitLab, CircleCI and CodeBuild read, as Jenkins'
``junit-10.xsd`` and GitLab's documentation *Unit test reports* describe it.
"""

import re
from collections import Counter, defaultdict
from xml.etree import ElementTree
from xml.etree.ElementTree import Element, SubElement

from reports.facts import (
    also_named,
    engine_failure,
    failed_engines,
    newer_text,
    rule_name,
    scenario,
    stood_before,
    stops,
    subject,
    suppression_text,
    surroundings,
    template_of,
)
from reports.strings import one_line, visible, visible_lines
from validator.model import Diagnostic, DiagnosticLevel, Finding, ReportOptions, Review, Span, Verdict

_NO_TEMPLATE = "tierlens"
_ILLEGAL = re.compile("[^\t\n\r\x20-\ud7ff\ue000-\ufffd\U00010000-\U0010ffff]")
"""What XML 1.0 does not allow in a document, not even as a character reference."""


class JunitWriter:
    """Writes JUnit XML. Unknown and suppressed are ``skipped``, with a message that says which of the two."""

    name = "junit"

    def write(self, review: Review, options: ReportOptions) -> str:
        """The report, without time and host, so that it is the same each time; what is denied is a failure."""
        root = Element("testsuites", name="tierlens")
        suites = _suites(review, options)
        for path, cases in suites.items():
            attributes = {"name": _legal(visible(path)) or "-"} | _counts(cases)
            suite = SubElement(root, "testsuite", attributes)
            suite.extend(cases)
        root.attrib.update(_counts([case for cases in suites.values() for case in cases]))
        ElementTree.indent(root)
        return f'<?xml version="1.0" encoding="UTF-8"?>\n{ElementTree.tostring(root, encoding="unicode")}\n'


writer = JunitWriter()


def _suites(review: Review, options: ReportOptions) -> dict[str, list[Element]]:
    """The cases of each template, also of one in which nothing was judged."""
    suites: dict[str, list[Element]] = defaultdict(list)
    for template in review.templates:
        suites[template.path] = []
    seen: Counter[tuple[str, str]] = Counter()
    for finding in review.findings:
        path = template_of(finding)
        name = _case_name(finding, review)
        seen[path, name] += 1
        number = seen[path, name]
        suites[path].append(_case(finding, path, name if number == 1 else f"{name} #{number}", options))
    for diagnostic in review.diagnostics:
        if diagnostic.level is DiagnosticLevel.ERROR:
            path = _NO_TEMPLATE if diagnostic.span is None else diagnostic.span.path
            name = visible(diagnostic.code)
            seen[path, name] += 1
            number = seen[path, name]
            suites[path].append(_error(path, name if number == 1 else f"{name} #{number}", diagnostic))
    for engine in failed_engines(review):
        case = _element(path := _NO_TEMPLATE, f"engine {visible(engine.name)}")
        SubElement(case, "error", type="engine-failed", message=_legal(one_line(engine_failure(engine))))
        suites[path].append(case)
    return suites


def _counts(cases: list[Element]) -> dict[str, str]:
    kinds = Counter(child.tag for case in cases for child in case)
    counts = {"failures": kinds["failure"], "errors": kinds["error"], "skipped": kinds["skipped"]}
    return {"tests": str(len(cases))} | {kind: str(number) for kind, number in counts.items()}


def _case_name(finding: Finding, review: Review) -> str:
    parts = (
        rule_name(finding),
        subject(finding),
        f"when {text}" if (text := scenario(finding)) else "",
        f"in {text}" if (text := surroundings(finding, review.environments)) else "",
    )
    return " ".join(filter(None, parts))


def _element(path: str, name: str) -> Element:
    return Element("testcase", classname=_legal(visible(path)) or "-", name=_legal(name), time="0")


def _case(finding: Finding, path: str, name: str, options: ReportOptions) -> Element:
    case = _element(path, name)
    message = _legal(one_line(finding.message))
    if finding.verdict is Verdict.SUPPRESSED and stops(finding, options):
        SubElement(case, "failure", type="suppression-denied", message=_legal(one_line(_why_skipped(finding))))
    elif finding.verdict is Verdict.FAIL and not stood_before(finding) and not finding.newer_than_pin:
        SubElement(case, "failure", type=finding.severity.value, message=message).text = _details(finding)
    elif finding.verdict is not Verdict.PASS:
        SubElement(case, "skipped", message=_legal(one_line(_why_skipped(finding))))
    return case


def _why_skipped(finding: Finding) -> str:
    if finding.newer_than_pin:
        return f"{newer_text(finding)}: {finding.message}"
    if finding.verdict is Verdict.FAIL:
        return f"stood before the change: {finding.message}"
    if finding.verdict is Verdict.SUPPRESSED:
        return f"suppressed: {suppression_text(finding)}"
    if finding.verdict is Verdict.REFUTED:
        return f"refuted: {finding.refutation.statement if finding.refutation else finding.message}"
    missing = "; ".join(f"{item.what}: {item.how}" for item in finding.missing)
    return f"unknown: {missing or finding.message}"


def _details(finding: Finding) -> str:
    """All that a person needs to mend it, as the body of the failure."""
    lines = [_place(finding.span), visible(finding.message)]
    for number, step in enumerate(finding.evidence, start=1):
        where = "" if step.span is None else f"  {_place(step.span)}"
        lines.append(f"{number}. {visible(step.resource)} {visible(step.relation)}{where}")
    if finding.also:
        lines.append(f"also: {also_named(finding)}")
    if finding.why:
        lines.append(f"why: {visible(finding.why)}")
    if finding.fix.strip():
        first, *rest = visible_lines(finding.fix)
        lines += [f"fix: {first}", *rest]
    return _legal("\n".join(lines))


def _place(span: Span) -> str:
    return f"{visible(span.path)}:{span.line}:{span.column}"


def _error(path: str, name: str, diagnostic: Diagnostic) -> Element:
    case = _element(path, name)
    message = _legal(one_line(diagnostic.message))
    error = SubElement(case, "error", type=_legal(visible(diagnostic.code)), message=message)
    place = "" if diagnostic.span is None else f"{_place(diagnostic.span)}\n"
    error.text = _legal(f"{place}{visible(diagnostic.message)}\n" + "\n".join(visible_lines(diagnostic.hint)))
    return case


def _legal(text: str) -> str:
    """Text that an XML document can hold; what it cannot hold is shown as its escape."""
    return _ILLEGAL.sub(lambda match: match[0].encode("unicode_escape").decode("ascii"), text)
