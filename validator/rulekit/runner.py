"""Runs rules over an architecture and gives findings; a rule that raises hides no other."""

from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass, replace
from types import MappingProxyType

from validator.graph import Architecture, Resource
from validator.model import Diagnostic, DiagnosticLevel, Finding, Missing, Verdict
from validator.rulekit.rule import Judgement, Rule
from validator.rulekit.scenarios import Answer, Conclusion, conclude, unexplored

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
        # Silence would look as if there were nothing to judge.
        conclusions = conclude(exploration) or ([] if exploration.complete else [unexplored(subject)])
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
    if not rule.judges_refused:
        return
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
        stack=judgement.subject.id.stack if judgement.subject.scope.is_one_of_several else "",
        nested="/".join(judgement.subject.scope.path),
        evidence=judgement.evidence,
        missing=judgement.missing,
        scenario=_scenario(conclusion, graph),
        at_defaults=_at_defaults(conclusion, graph),
    )


def _scenario(conclusion: Conclusion, graph: Architecture) -> Mapping[str, bool]:
    """The conditions by name; where several stacks have the name, another stack's is told by its stack."""
    own = conclusion.judgement.subject.id.stack
    named: dict[str, bool] = {}
    for key, value in sorted(conclusion.scenario.items()):
        shared = key.stack != own and sum(key.name in scope.template.conditions for scope in graph.scopes) > 1
        named[f"{key.name} of {key.stack}" if shared else key.name] = value
    return MappingProxyType(named)


def _at_defaults(conclusion: Conclusion, graph: Architecture) -> bool:
    if not conclusion.scenario:
        return True
    return any(graph.evaluation.at_defaults(leaf.conditions) for leaf in conclusion.leaves)


def _numbered(findings: list[Finding]) -> Iterator[Finding]:
    """Tell apart findings of one rule on one target, so that each has a fingerprint of its own."""
    seen: dict[tuple[str, str, str], int] = {}
    for finding in findings:
        # Stacks of one architecture may share logical IDs: each counts for itself, as when it is judged alone.
        key = (finding.template, finding.stack, finding.fingerprint)
        ordinal = seen.get(key, 0)
        seen[key] = ordinal + 1
        yield replace(finding, ordinal=ordinal) if ordinal else finding
