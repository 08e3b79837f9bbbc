"""The nightly report: which day, which text, where it goes."""

from datetime import UTC, date, datetime
from typing import Any

import pytest
import report

SOLD = [["carmen-0412", 1, 3900], ["magic-flute-0412", 2, 9000]]
TEXT = "show_id,orders,amount_cents\ncarmen-0412,1,3900\nmagic-flute-0412,2,9000\n"


@pytest.mark.parametrize(
    ("sent", "day"),
    [
        ("2026-04-13T03:00:00Z", date(2026, 4, 12)),
        ("2026-03-01T00:00:00Z", date(2026, 2, 28)),
        ("2026-04-13T01:00:00+02:00", date(2026, 4, 11)),
    ],
)
def test_the_day_before(sent: str, day: date) -> None:
    assert report.day_before({"time": sent}) == day


@pytest.mark.parametrize("event", [{}, {"time": None}, {"time": "yesterday"}], ids=["none", "null", "text"])
def test_an_event_without_a_time_says_what_it_needs(event: dict[str, Any]) -> None:
    with pytest.raises(report.InvalidEventError, match=r'The event needs a "time" such as 2026-04-12T03:00:00Z\.'):
        report.day_before(event)


@pytest.mark.parametrize(
    ("rows", "text"), [(SOLD, TEXT), ([], "show_id,orders,amount_cents\n")], ids=["sold", "none"]
)
def test_the_text(rows: list[list[Any]], text: str) -> None:
    assert report.as_csv(rows) == text


def test_the_report_of_a_day_goes_under_that_day(monkeypatch: pytest.MonkeyPatch, event: Any, context: Any) -> None:
    asked: list[dict[str, Any]] = []
    written: list[dict[str, Any]] = []
    monkeypatch.setattr(report, "query", lambda _, **values: asked.append(values) or SOLD)
    monkeypatch.setattr(report.s3, "put_object", lambda **call: written.append(call))

    answer = report.handler(event("nightly_report"), context)

    assert answer == {"key": "daily/2026-04-12.csv", "shows": 2}
    assert asked == [{"begin": datetime(2026, 4, 12, tzinfo=UTC), "end": datetime(2026, 4, 13, tzinfo=UTC)}]
    assert written == [
        {
            "Bucket": "reports",
            "Key": "daily/2026-04-12.csv",
            "Body": TEXT.encode(),
            "ContentType": "text/csv; charset=utf-8",
        }
    ]
