"""Runs made of findings by hand: what a rule said of which resource."""

from datetime import date
from pathlib import Path
from types import MappingProxyType

from validator.lens import Answer, AnswerValue, LensReview, PracticeReview, QuestionReview, assess, coverage_table
from validator.model import (
    Category,
    Diagnostic,
    EngineRun,
    EngineStatus,
    Evidence,
    Finding,
    Missing,
    Review,
    RuleText,
    Severity,
    Span,
    Suppression,
    TemplateSummary,
    Verdict,
)

TODAY = date(2026, 11, 23)
ALL_RULES = (
    *sorted({rule for coverage in coverage_table().practices.values() for rule in coverage.decided_by}),
    *("AUTH002", "AUTH006", "AUTH009", "WAF007", "IAM011", "API001", "TIER003"),
)


def finding(
    rule: str,
    practices: tuple[str, ...] | str,
    verdict: Verdict = Verdict.PASS,
    *,
    severity: Severity = Severity.HIGH,
    resource: str = "Thing",
    resource_type: str = "AWS::ApiGateway::RestApi",
    target: str = "",
    template: str = "template.yaml",
    source: str = "tierlens",
    ordinal: int = 0,
    category: Category = Category.API_AUTH,
) -> Finding:
    """A finding of a rule that bears on these practices."""
    names = (practices,) if isinstance(practices, str) else practices
    span = Span(template, 3, 5, 4, 1)
    return Finding(
        rule=rule,
        category=category,
        verdict=verdict,
        severity=severity,
        resource=resource,
        resource_type=resource_type,
        message=f"{resource} is {verdict.value}",
        why="why",
        fix=f"mend {resource}",
        span=span,
        target=target,
        lens=tuple(dict.fromkeys(name.partition(".")[0] for name in names)),
        practices=tuple(name for name in names if "." in name),
        evidence=(Evidence(resource, "says so", span),) if verdict is Verdict.FAIL else (),
        missing=(Missing("a value", "give --parameter X=…", "parameter:X"),) if verdict is Verdict.UNKNOWN else (),
        suppression=Suppression("accepted", span) if verdict is Verdict.SUPPRESSED else None,
        template=template,
        source=source,
        ordinal=ordinal,
    )


def run(
    *findings: Finding,
    rules: tuple[str, ...] = ALL_RULES,
    diagnostics: tuple[Diagnostic, ...] = (),
    readable: bool = True,
    checkov: EngineStatus = EngineStatus.RAN,
) -> Review:
    """A review with these findings in which these rules ran."""
    texts = {name: _text(name) for name in rules}
    return Review(
        version="0.1.0",
        templates=(TemplateSummary("template.yaml", "sam", 3, readable),),
        findings=findings,
        diagnostics=diagnostics,
        rules=MappingProxyType(texts),
        sources={},
        root=Path("shop"),
        engines=(EngineRun("checkov", "3", checkov),),
    )


def _text(name: str) -> RuleText:
    return RuleText(name, f"title of {name}", Category.API_AUTH, Severity.HIGH, "why", "explanation")


def answer(subject: str, value: AnswerValue, *, by: str = "Ada", when: date | None = TODAY, line: int = 2) -> Answer:
    """What a person says."""
    return Answer(subject, value, Span("answers.yaml", line, 3, line, 10), by, when)


def reviewed(*findings: Finding, answers: tuple[Answer, ...] = (), **given: object) -> LensReview:
    """The lens review of these findings."""
    return assess(run(*findings, **given), today=TODAY, answers=answers)  # type: ignore[arg-type]  # fields by name


def practice(review: LensReview, name: str) -> PracticeReview:
    """One practice of a review."""
    return next(practice for practice in review.practices if practice.practice.id == name)


def question(review: LensReview, name: str) -> QuestionReview:
    """One question of a review."""
    return next(question for question in review.questions if question.question.id == name)
