"""Runs rules over an architecture and gives findings; a rule that raises hides no other."""

from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass, replace
from types import MappingProxyType

from validator.graph import Architecture, Resource
from validator.model import Diagnostic, DiagnosticLevel, Finding, Missing, Verdict
from validator.resolve import ConditionKey
from validator.rulekit.rule import Judgement, Rule
from validator.rulekit.scenarios import Answer, Conclusion, conclude

SAM_MAKES: Mapping[str, tuple[str, ...]] = {
    "AWS::Serverless::Function": (
        "AWS::Lambda::Function",
        "AWS::IAM::Role",
        "AWS::Lambda::Permission",
        "AWS::Lambda::Url",
    ),
    "AWS::Serverless::Api": ("AWS::ApiGateway::RestApi", "AWS::ApiGateway::Stage"),
    "AWS::Serverless::HttpApi": ("AWS::ApiGatewayV2::Api", "AWS::ApiGatewayV2::Stage"),
    "AWS::Serverless::WebSocketApi": ("AWS::ApiGatewayV2::Api", "AWS::ApiGatewayV2::Stage"),
    "AWS::Serverless::GraphQLApi": ("AWS::AppSync::GraphQLApi",),
    "AWS::Serverless::SimpleTable": ("AWS::DynamoDB::Table",),
    "AWS::Serverless::StateMachine": ("AWS::StepFunctions::StateMachine", "AWS::IAM::Role"),
}
"""What each SAM type would have become: a refused one leaves the rules for those types unknown."""


@dataclass(frozen=True, slots=True)
class RunResult:
    """Findings of all rules, and what could not be judged."""

    findings: tuple[Finding, ...]
    diagnostics: tuple[Diagnostic, ...]


def run_rules(rules: Iterable[Rule], graph: Architecture) -> RunResult:
    """Judge every subject of every rule in every scenario it tells apart.

    A rule that raises becomes an error diagnostic that names the rule and the resource; all other rules and
    subjects are still judged.
    """
    findings: list[Finding] = []
    diagnostics: list[Diagnostic] = []
    for rule in rules:
        try:
            for subject in rule.subjects(graph):
                findings.extend(_judged(rule, subject, graph, diagnostics))
            findings.extend(_refused(rule, graph))
        except Exception as error:  # noqa: BLE001 - a foreign rule may raise anything; the run must go on
            diagnostics.append(_failed(rule, None, error))
    return RunResult(tuple(_numbered(findings)), tuple(diagnostics))


def _judged(rule: Rule, subject: Resource, graph: Architecture, diagnostics: list[Diagnostic]) -> Iterator[Finding]:
    def question() -> Answer:
        return tuple(rule.judge(subject, graph)) if subject.exists() else None

    try:
        exploration = graph.evaluation.explore(question)
        conclusions = conclude(exploration)
    except Exception as error:  # noqa: BLE001 - see run_rules
        diagnostics.append(_failed(rule, subject, error))
        return
    for conclusion in conclusions:
        yield _finding(rule, conclusion, graph)


def _failed(rule: Rule, subject: Resource | None, error: Exception) -> Diagnostic:
    where = f" on {subject.name}" if subject is not None else ""
    return Diagnostic(
        DiagnosticLevel.ERROR,
        "rule-failed",
        f"rule {rule.meta.id} failed{where}: {type(error).__name__}: {error}",
        subject.span if subject is not None else None,
        "this is a fault of the rule, not of the template: report it; the other rules were run",
    )


def _refused(rule: Rule, graph: Architecture) -> Iterator[Finding]:
    for resource in graph.refused(*SAM_MAKES):
        if not set(SAM_MAKES[resource.type]) & set(rule.meta.subjects):
            continue
        cause = Missing(
            f"SAM cannot expand {resource.name}: {resource.refused}", "correct it", f"sam:{resource.name}"
        )
        message = f"{resource.name} is not decided: SAM refuses it"
        judgement = Judgement(Verdict.UNKNOWN, resource, message, resource.span, missing=(cause,))
        yield _finding(rule, Conclusion(judgement, {}, ()), graph)


def _finding(rule: Rule, conclusion: Conclusion, graph: Architecture) -> Finding:
    judgement, meta = conclusion.judgement, rule.meta
    return Finding(
        rule=meta.id,
        category=meta.category,
        verdict=judgement.verdict,
        severity=judgement.severity or meta.severity,
        resource=judgement.subject.name,
        resource_type=judgement.subject.origin.resource_type,
        message=judgement.message,
        why=meta.why,
        fix=judgement.fix,
        span=judgement.span,
        target=judgement.target,
        lens=meta.questions,
        practices=meta.practices,
        template=judgement.subject.scope.template.path,
        evidence=judgement.evidence,
        missing=judgement.missing,
        scenario=MappingProxyType({key.name: value for key, value in sorted(conclusion.scenario.items())}),
        at_defaults=_at_defaults(conclusion, graph),
    )


def _at_defaults(conclusion: Conclusion, graph: Architecture) -> bool:
    if not conclusion.scenario:
        return True
    return any(_leads_to(leaf.conditions, graph) for leaf in conclusion.leaves)


def _leads_to(conditions: Mapping[ConditionKey, bool], graph: Architecture) -> bool:
    def decided_in(stack: str) -> dict[str, bool]:
        return {key.name: value for key, value in conditions.items() if key.stack == stack}

    return all(scope.solver.at_defaults(decided_in(scope.name)) for scope in graph.scopes)


def _numbered(findings: list[Finding]) -> Iterator[Finding]:
    """Tell apart findings of one rule on one target, so that each has a fingerprint of its own."""
    seen: dict[str, int] = {}
    for finding in findings:
        ordinal = seen.get(finding.fingerprint, 0)
        seen[finding.fingerprint] = ordinal + 1
        yield replace(finding, ordinal=ordinal) if ordinal else finding
