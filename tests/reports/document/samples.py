"""Lens reviews for the tests of the document."""

from dataclasses import replace
from datetime import date
from functools import cache
from pathlib import Path

from tests.reports.conftest import BASELINED, MERGED
from tests.reports.test_hostile_formats import hostile
from tests.validator.lens.runs import TODAY, answer
from validator.lens import AnswerValue, Comparison, FindingChange, LensReview, LensReviewOptions, Risk, assess
from validator.lens.review import PastFinding, QuestionChange, RiskRange, Trend, TrendPoint
from validator.model import (
    AssumptionUsed,
    BoxKind,
    Category,
    Lane,
    Picture,
    PictureBox,
    PictureEdge,
    PictureNode,
    Protection,
    ProtectionKind,
    ReportOptions,
    Severity,
    Span,
    SuppressionKind,
    TemplateSummary,
    Verdict,
)
from validator.review import ReviewRequest, review

ROOT = Path(__file__).resolve().parents[3]
PLAIN = LensReviewOptions()
LINKED = LensReviewOptions(report=ReportOptions(link_base="https://github.com/o/r/blob/abc"))


@cache
def stack_review(name: str) -> LensReview:
    """The review of a reference stack, by tierlens alone."""
    root = ROOT / "reference_stacks" / name
    request = ReviewRequest((str(root),), root, root_is_given=True, with_pictures=True)
    return assess(review(request), today=TODAY, title=name)


def hostile_review(text: str) -> LensReview:
    """A review in which every string that a template, an engine or a person gives is ``text``."""
    span = Span(text, 1, 1, 1, 4)
    run = hostile(text)
    pattern = replace(
        MERGED,
        category=Category.PATTERN_CONFORMANCE,
        resource=text,
        target=f"component: {text}",
        message=text,
        span=span,
    )
    accepted = [
        replace(
            BASELINED, resource=text, message=text, suppression=replace(BASELINED.suppression, kind=kind, reason=text)
        )
        for kind in SuppressionKind
    ]
    run = replace(
        run,
        findings=(*run.findings, pattern, *accepted, replace(MERGED, message=text, practices=("SEC1.a1",))),
        templates=(
            *run.templates,
            TemplateSummary(f"{text}2", text, 3, True),
            TemplateSummary(f"{text}3", "", 0, False),
        ),
        assumptions=(AssumptionUsed(text, text, text, span, date(2027, 1, 1)),),
        pictures=(_picture(text), _picture(text)),
        sources={text: f"{text}\n{text}\n{text}"},
    )
    said = replace(answer("SEC1.a1", AnswerValue.YES, by=text), note=text)
    denied = replace(answer("OPS1.a1", AnswerValue.NO, by=text), note=text)
    whole = replace(answer("REL1", AnswerValue.NOT_APPLICABLE, by=text), note=text)
    assessed = assess(run, today=TODAY, answers=(said, denied, whole), title=text)
    failing = next(finding for finding in run.findings if finding.verdict is Verdict.FAIL)
    past = PastFinding(text, text, text, "pass", "high", text, text, text, text, text)
    ranges = RiskRange(Risk.NONE, Risk.HIGH), RiskRange(Risk.HIGH, Risk.HIGH)
    comparison = Comparison(
        date=date(2026, 1, 1),
        version=text,
        questions=(
            QuestionChange("SEC1", Trend.WORSE, *ranges, ()),
            QuestionChange("SEC2", Trend.NEW, None, ranges[0], ()),
        ),
        new=(failing,),
        worse=(FindingChange(past, failing),),
        improved=(FindingChange(replace(past, verdict="fail"), failing),),
        removed=(past,),
        unchanged=1,
    )
    levels = {Risk.NONE: 3, Risk.MEDIUM: 2, Risk.HIGH: 4}
    failures = {level.value: level.rank for level in Severity}
    trend = tuple(
        TrendPoint(date(2026, month, 1), text, levels, levels, failures, 3, month == 3) for month in (1, 2, 3)
    )
    return replace(assessed, comparison=comparison, trend=trend)


def _picture(text: str) -> Picture:
    span = Span(text, 1, 1, 1, 4)
    guard = Protection(ProtectionKind.WAF, text, {text: True})
    return Picture(
        title=text,
        boxes=(
            PictureBox("vpc", BoxKind.VPC, text, span=span),
            PictureBox("net", BoxKind.SUBNET, text, "vpc", public=True),
        ),
        nodes=(
            PictureNode("a", text, "AWS::ApiGateway::RestApi", Lane.LOGIC, span, text, text, protections=(guard,)),
            PictureNode("b", text, text, Lane.DATA, span, text, text, boxes=("net",)),
            PictureNode("c", text, text, Lane.SUPPORT, span, text, text),
        ),
        edges=(PictureEdge("a", "b", text, text, span, {text: False}),),
    )
