"""Short ways from a template's text to an architecture and to findings, for tests of the graph and of rules."""

from pathlib import Path

from rules import pack
from validator.expand import expand
from validator.graph import Architecture
from validator.load import load_document
from validator.model import Finding, Span
from validator.resolve import Environment, Evaluation, Scope
from validator.rulekit import Rule, run_rules

TEMPLATE = "template.yaml"
NOWHERE = Path(__file__).parent / "no-such-folder"


def scope(template: str, *, region: str | None = None, **parameters: str) -> Scope:
    """The stack of one template with given parameters."""
    document = load_document(template.encode(), TEMPLATE)
    expanded = expand(document, root=NOWHERE, file=NOWHERE / TEMPLATE, parameters=parameters, region=region)
    pseudo = {} if region is None else {"AWS::Region": region}
    return Scope(TEMPLATE, expanded, Environment(parameters, pseudo=pseudo), Evaluation())


def architecture(template: str, **parameters: str) -> Architecture:
    """The architecture of one template with given parameters."""
    stack = scope(template, **parameters)
    return Architecture([stack], stack.evaluation)


def rule_of(rule: type[Rule] | str) -> Rule:
    """The rule of a class or an id."""
    if isinstance(rule, str):
        return next(candidate for candidate in pack() if candidate.meta.id == rule)
    return rule()


def findings(template: str, rule: type[Rule] | str, **parameters: str) -> list[Finding]:
    """What one rule says of one template; raises AssertionError when the rule itself failed."""
    result = run_rules([rule_of(rule)], architecture(template, **parameters))
    assert not result.diagnostics, result.diagnostics
    return list(result.findings)


def verdicts(template: str, rule: type[Rule] | str, **parameters: str) -> dict[tuple[str, str], str]:
    """The verdicts of one rule by resource and target."""
    found = findings(template, rule, **parameters)
    return {(finding.resource, finding.target): finding.verdict.value for finding in found}


def line_of(template: str, needle: str) -> int:
    """The line (from 1) on which the text stands; it stands on one line only."""
    lines = [number for number, line in enumerate(template.splitlines(), 1) if needle in line]
    assert len(lines) == 1, f"{needle!r} stands on lines {lines}"
    return lines[0]


def excerpt(template: str, span: Span) -> str:
    """The text a one-line span covers."""
    assert span.line == span.end_line, span
    return template.splitlines()[span.line - 1][span.column - 1 : span.end_column - 1]
