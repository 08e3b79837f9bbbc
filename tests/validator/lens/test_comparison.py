"""A review against earlier ones: per question and per finding."""

import json
from dataclasses import replace
from datetime import date

import pytest

from reports.review.json_review import writer
from tests.validator.lens.runs import TODAY, answer, finding, question, run
from validator.lens import (
    Answer,
    AnswerValue,
    LensReview,
    LensReviewOptions,
    PastReview,
    Risk,
    Standing,
    Trend,
    assess,
    parse_past_review,
)
from validator.model import Finding, UsageError, Verdict

EARLIER = date(2026, 8, 1)


def past(*findings: Finding, answers: tuple[Answer, ...] = (), day: date = EARLIER) -> PastReview:
    """An earlier review, through the file it is kept in."""
    review = assess(run(*findings), today=day, answers=answers)
    return parse_past_review(str(writer.write(review, LensReviewOptions())), "previous.json")


def compared(*findings: Finding, before: PastReview, answers: tuple[Answer, ...] = ()) -> LensReview:
    return assess(run(*findings), today=TODAY, answers=answers, past=(before,))


def trend(review: LensReview, name: str) -> Trend:
    assert review.comparison is not None
    return next(change.trend for change in review.comparison.questions if change.question == name)


def failure(resource: str, verdict: Verdict = Verdict.FAIL, template: str = "template.yaml") -> Finding:
    return finding(
        "IAM010", "SEC2.a1", verdict, resource=resource, resource_type="AWS::SQS::QueuePolicy", template=template
    )


def test_findings_are_new_worse_improved_removed_or_unchanged() -> None:
    before = past(
        failure("Stays"), failure("Mended"), failure("Gone"), failure("Breaks", Verdict.PASS), failure("Doubted")
    )
    review = compared(
        failure("Stays"),
        failure("Mended", Verdict.PASS),
        failure("Breaks"),
        failure("Doubted", Verdict.UNKNOWN),
        failure("Added"),
        failure("Fine", Verdict.PASS),
        before=before,
    )
    found = review.comparison
    assert found is not None
    assert (found.date, found.version, found.unchanged) == (EARLIER, "0.1.0", 1)
    assert [f.resource for f in found.new] == ["Added"]
    assert [(c.before.verdict, c.after.resource) for c in found.worse] == [("pass", "Breaks")]
    assert [(c.after.resource, c.after.verdict.value) for c in found.improved] == [
        ("Mended", "pass"),
        ("Doubted", "unknown"),
    ]
    assert [f.resource for f in found.removed] == ["Gone"]


def test_a_renamed_template_changes_nothing() -> None:
    before = past(failure("Policy", template="old.yaml"))
    found = compared(failure("Policy", template="new.yaml"), before=before).comparison
    assert found is not None
    assert (found.new, found.removed, found.unchanged) == ((), (), 1)


def test_templates_that_share_a_fingerprint_are_kept_apart() -> None:
    before = past(failure("Policy", template="a.yaml"), failure("Policy", Verdict.PASS, template="b.yaml"))
    found = compared(
        failure("Policy", Verdict.PASS, template="a.yaml"), failure("Policy", template="b.yaml"), before=before
    ).comparison
    assert found is not None
    assert [c.after.template for c in found.worse] == ["b.yaml"]
    assert [c.after.template for c in found.improved] == ["a.yaml"]


YES, NO, OUT = AnswerValue.YES, AnswerValue.NO, AnswerValue.NOT_APPLICABLE
SEC3 = ("SEC3.a1", "SEC3.a4", "SEC3.a2", "SEC3.a3", "SEC3.a5")


@pytest.mark.parametrize(
    ("then", "now", "expected"),
    [
        ({}, {}, Trend.SAME),
        ({"SEC3.a1": NO}, {"SEC3.a1": YES}, Trend.IMPROVED),
        ({"SEC3.a1": YES}, {"SEC3.a1": NO}, Trend.WORSE),
        ({}, {"SEC3.a1": YES, "SEC3.a4": YES}, Trend.NARROWED),
        ({"SEC3.a1": YES, "SEC3.a4": YES}, {}, Trend.WIDENED),
        ({"SEC3.a1": NO, "SEC3.a2": NO}, {"SEC3.a1": NO, "SEC3.a2": YES}, Trend.IMPROVED),
        ({"SEC3.a1": NO}, {"SEC3.a1": NO, "SEC3.a4": NO}, Trend.WORSE),
        ({"SEC3": OUT}, {}, Trend.NEW),
        ({}, {"SEC3": OUT}, Trend.GONE),
        ({"SEC3": OUT}, {"SEC3": OUT}, Trend.SAME),
    ],
)
def test_questions_improve_or_get_worse(
    then: dict[str, AnswerValue], now: dict[str, AnswerValue], expected: Trend
) -> None:
    before = past(answers=tuple(answer(name, said) for name, said in then.items()))
    after = compared(before=before, answers=tuple(answer(name, said) for name, said in now.items()))
    assert trend(after, "SEC3") is expected


def test_practices_that_moved_are_named() -> None:
    before = past(answers=(answer("SEC3.a1", NO),))
    review = compared(before=before, answers=(answer("SEC3.a1", YES),))
    assert review.comparison is not None
    (change,) = [c for c in review.comparison.questions if c.question == "SEC3"]
    assert [(p.practice, p.before, p.after) for p in change.practices] == [
        ("SEC3.a1", Standing.NOT_SHOWN, Standing.SHOWN)
    ]
    assert question(review, "SEC3").risk.best is Risk.NONE


def test_the_trend_is_in_the_order_of_dates_and_ends_today() -> None:
    middle, first = past(failure("A"), day=date(2026, 9, 1)), past(failure("A"), failure("B"))
    review = assess(run(failure("A")), today=TODAY, past=(middle, first))
    assert review.comparison is not None
    assert review.comparison.date == date(2026, 9, 1)
    assert [(p.date, p.failures["high"], p.is_current) for p in review.trend] == [
        (EARLIER, 2, False),
        (date(2026, 9, 1), 1, False),
        (TODAY, 1, True),
    ]
    assert replace(review.trend[1], date=TODAY, is_current=True) == review.trend[2]


@pytest.mark.parametrize(
    ("text", "why"),
    [
        ("{", "it is not JSON"),
        ("[]", "it is no review of tierlens"),
        ('{"schema_version": 1, "findings": []}', "it is no review of tierlens"),
        ('{"kind": "tierlens-review", "schema_version": 2}', "its schema_version is 2, this tierlens reads 1"),
        ('{"kind": "tierlens-review", "schema_version": 1}', "it is damaged: 'date' is missing"),
        ('{"kind": "tierlens-review", "schema_version": 1, "date": "x"}', "it is damaged"),
        ('{"kind": "tierlens-review", "schema_version": 1, "date": 3}', "it is damaged"),
    ],
)
def test_what_is_no_review_is_refused(text: str, why: str) -> None:
    with pytest.raises(UsageError) as error:
        parse_past_review(text, "previous.json")
    assert error.value.message.startswith(f"previous.json cannot be compared with: {why}")


def test_a_damaged_part_is_named() -> None:
    text = str(writer.write(assess(run(failure("A")), today=TODAY), LensReviewOptions()))
    data = json.loads(text)
    del data["report"]["findings"][0]["fingerprint"]
    with pytest.raises(UsageError, match="'fingerprint' is missing"):
        parse_past_review(json.dumps(data), "previous.json")
