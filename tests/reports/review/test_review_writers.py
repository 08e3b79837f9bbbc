"""Lens reviews as JSON, CSV and text."""

import csv
import io
import json
from dataclasses import replace

import jsonschema
import pytest

from reports.review import csv_risks, json_review, text_summary
from reports.review.schema import SCHEMA_FILE, schema_text
from tests.validator.lens.runs import answer, finding, reviewed
from validator.lens import AnswerValue, LensReview, LensReviewOptions, LensReviewWriter
from validator.model import ReportOptions, Severity, Verdict

HOSTILE = '</script>"\n=cmd|\x1b[31m\u202e\ud800,;'
OPTIONS = LensReviewOptions()
WRITERS: tuple[LensReviewWriter, ...] = (json_review.writer, csv_risks.writer, text_summary.writer)


@pytest.fixture(scope="module")
def sample() -> LensReview:
    return reviewed(
        finding("AUTH001", "SEC1.a1", Verdict.FAIL, resource="Api"),
        finding("AUTH001", "SEC1.a1", resource="Api", ordinal=1),
        finding("AUTH009", "SEC1.a1", Verdict.FAIL, severity=Severity.LOW, resource_type="AWS::Cognito::UserPool"),
        finding("IAM010", "SEC2.a1", Verdict.UNKNOWN),
        answers=(answer("SEC1.a1", AnswerValue.YES), answer("SEC3.a1", AnswerValue.NO, by="", when=None)),
    )


def test_the_schema_is_fresh() -> None:
    assert SCHEMA_FILE.read_text(encoding="utf-8") == schema_text(), "run: python -m reports.review"


def test_json_follows_its_schema_and_names_findings_by_position(sample: LensReview) -> None:
    data = json.loads(str(json_review.writer.write(sample, OPTIONS)))
    jsonschema.Draft202012Validator(json.loads(schema_text())).validate(data)
    practices = {p["id"]: p for pillar in data["pillars"] for q in pillar["questions"] for p in q["practices"]}
    assert practices["SEC1.a1"]["contradicting"] == [0]
    assert practices["SEC1.a1"]["supporting"] == [1]
    assert practices["SEC1.a1"]["concerns"] == [2]
    assert practices["SEC1.a1"]["contradiction"] == "said-yes"
    assert practices["SEC1.a1"]["answer"]["by"] == "Ada"
    assert data["report"]["findings"][0]["resource"] == "Api"
    assert data["summary"]["practices"] == {"shown": 0, "not-shown": 2, "open": 36, "not-applicable": 0}
    assert data["notes"] == [{"kind": "undated", "subject": "SEC3.a1"}, {"kind": "unsigned", "subject": "SEC3.a1"}]


def test_csv_has_a_row_for_each_practice(sample: LensReview) -> None:
    rows = list(csv.DictReader(io.StringIO(str(csv_risks.writer.write(sample, OPTIONS)))))
    assert len(rows) == 38
    (row,) = [row for row in rows if row["practice"] == "SEC1.a1"]
    shown = {
        key: row[key] for key in ("standing", "failures", "rules", "resources", "worst_severity", "plan_position")
    }
    assert shown == {
        "standing": "not-shown",
        "failures": "2",
        "rules": "AUTH001, AUTH009",
        "resources": "Api, Thing",
        "worst_severity": "high",
        "plan_position": "2",
    }


def test_text_shows_risks_plan_contradictions_and_what_is_open(sample: LensReview) -> None:
    text = str(text_summary.writer.write(sample, OPTIONS))
    assert "  SEC1  medium to high  Who may call the API" in text
    assert "   2. SEC1.a1 Each operation authenticates its caller" in text
    assert "  Ada says that SEC1.a1 is followed; findings contradict it.\n" in text
    assert "The answer to SEC3.a1 has no date." in text
    assert "36 practices are open." in text
    assert "\x1b" not in text


def test_options_of_the_terminal_hold(sample: LensReview) -> None:
    quiet = str(text_summary.writer.write(sample, replace(OPTIONS, report=ReportOptions(quiet=True))))
    verbose = str(text_summary.writer.write(sample, replace(OPTIONS, report=ReportOptions(verbose=1, color=True))))
    assert "What to do first" not in quiet
    assert len(quiet.splitlines()) == 2 + 5 * 2 + 9
    assert "      ? SEC2.a2 What comes in and what goes out is limited at each layer" in verbose
    assert "\x1b[1mSecurity\x1b[0m" in verbose


@pytest.mark.parametrize("writer", WRITERS, ids=lambda writer: writer.name)
def test_hostile_strings_break_no_format(writer: LensReviewWriter) -> None:
    hostile = finding("AUTH001", "SEC1.a1", Verdict.FAIL, resource=HOSTILE, target=HOSTILE, template=HOSTILE)
    said = replace(answer("SEC1.a1", AnswerValue.YES, by=HOSTILE), note=HOSTILE)
    review = replace(reviewed(hostile, answers=(said,)), title=HOSTILE)
    text = str(writer.write(review, OPTIONS))
    assert text == str(writer.write(review, OPTIONS))
    assert "\x1b" not in text
    assert "\u202e" not in text
    if writer.name == "json":
        assert json.loads(text)["pillars"][1]["questions"][0]["practices"][1]["answer"]["by"].startswith("</script>")
        text.encode("utf-8")
    if writer.name == "csv":
        rows = list(csv.reader(io.StringIO(text)))
        assert {len(row) for row in rows} == {len(csv_risks.COLUMNS)}
        assert not any(cell.startswith(("=", "+", "@")) for row in rows for cell in row)
