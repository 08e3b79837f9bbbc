import json
from dataclasses import replace

import jsonschema
import pytest

from reports.json_report import writer
from reports.schema import v1
from tests.reports.conftest import DIAGNOSTICS, OPEN_METHOD, SUPPRESSED_HEALTH, UNKNOWN_DATABASE, only
from validator.model import Category, ReportOptions, ReportWriter, Review, Severity

OPTIONS = ReportOptions()


def report(review: Review) -> dict[str, object]:
    document = json.loads(writer.write(review, OPTIONS))
    assert isinstance(document, dict)
    return document


def findings_of(review: Review) -> list[dict[str, object]]:
    findings = report(review)["findings"]
    assert isinstance(findings, list)
    return findings


def location(path: str, line: int, column: int, end_line: int, end_column: int) -> dict[str, object]:
    return {"path": path, "line": line, "column": column, "end_line": end_line, "end_column": end_column}


def test_is_a_report_writer() -> None:
    assert isinstance(writer, ReportWriter)
    assert writer.name == "json"


def test_committed_schema_is_fresh() -> None:
    committed = json.loads(v1.SCHEMA_FILE.read_text(encoding="utf-8"))
    assert json.loads(v1.schema_text()) == committed, "run: python -m reports.schema"


def test_output_follows_the_committed_schema(review: Review) -> None:
    schema = json.loads(v1.SCHEMA_FILE.read_text(encoding="utf-8"))
    jsonschema.Draft202012Validator.check_schema(schema)
    jsonschema.Draft202012Validator(schema).validate(report(review))


@pytest.mark.parametrize(
    ("path", "value"),
    [
        (("schema_version",), 2),
        (("findings", 0, "status"), "passed"),
        (("findings", 0, "category"), "auth"),
        (("findings", 0, "location", "line"), 0),
        (("findings", 0, "unexpected"), 1),
        (("summary", "totals", "pass"), -1),
    ],
)
def test_schema_refuses_what_breaks_the_contract(review: Review, path: tuple[str | int, ...], value: object) -> None:
    schema = json.loads(v1.SCHEMA_FILE.read_text(encoding="utf-8"))
    document = json.loads(writer.write(review, OPTIONS))
    place = document
    for key in path[:-1]:
        place = place[key]
    place[path[-1]] = value
    with pytest.raises(jsonschema.ValidationError):
        jsonschema.Draft202012Validator(schema).validate(document)


def test_schema_requires_every_field(review: Review) -> None:
    schema = json.loads(v1.SCHEMA_FILE.read_text(encoding="utf-8"))
    document = json.loads(writer.write(review, OPTIONS))
    for field in document["findings"][0]:
        short = json.loads(writer.write(review, OPTIONS))
        del short["findings"][0][field]
        with pytest.raises(jsonschema.ValidationError, match=field):
            jsonschema.Draft202012Validator(schema).validate(short)


def test_failure_is_written_to_the_contract(review: Review) -> None:
    tickets = "services/tickets/template.yaml"
    assert report(only(review, OPEN_METHOD))["findings"] == [
        {
            "rule": "AUTH001",
            "category": "api-auth",
            "status": "fail",
            "severity": "high",
            "resource": "TicketsApi",
            "resource_type": "AWS::Serverless::Api",
            "target": "GET /tickets",
            "message": OPEN_METHOD.message,
            "why": OPEN_METHOD.why,
            "fix": OPEN_METHOD.fix,
            "lens": ["SEC1", "SEC2"],
            "practices": [],
            "location": location(tickets, 15, 9, 15, 12),
            "evidence": [
                {
                    "resource": "the Internet",
                    "relation": "can call TicketsApi, whose endpoint is regional",
                    "location": location(tickets, 6, 3, 6, 13),
                },
                {
                    "resource": "TicketsApi",
                    "relation": "has no Auth.DefaultAuthorizer",
                    "location": location(tickets, 8, 5, 9, 20),
                },
                {
                    "resource": "Create",
                    "relation": "is called by GET /tickets without an authorizer",
                    "location": location(tickets, 15, 9, 15, 12),
                },
            ],
            "scenario": {"IsProd": False},
            "at_defaults": False,
            "missing": [],
            "suppression": None,
            "refutation": None,
            "source": "tierlens",
            "also": [],
            "template": "",
            "stack": "",
            "environments": [],
            "construct": "",
            "change": None,
            "newer_than_pin": "",
            "fingerprint": OPEN_METHOD.fingerprint,
        }
    ]


def test_unknown_names_what_is_missing(review: Review) -> None:
    (finding,) = findings_of(only(review, UNKNOWN_DATABASE))
    assert finding["missing"] == [
        {
            "what": "parameter SubnetIds has no value",
            "how": "give --parameter SubnetIds=…",
            "key": "parameter:SubnetIds",
        }
    ]


def test_suppression_keeps_its_reason_and_end(review: Review) -> None:
    (finding,) = findings_of(only(review, SUPPRESSED_HEALTH))
    assert finding["suppression"] == {
        "reason": "the load balancer's health check",
        "until": "2027-03-31",
        "location": location("services/tickets/template.yaml", 16, 80, 16, 90),
        "kind": "template",
        "owner": "",
        "since": None,
    }


def test_everything_but_the_findings(review: Review) -> None:
    document = report(review)
    del document["findings"], document["summary"]
    assert document == {
        "schema_version": 1,
        "tool": {"name": "tierlens", "version": "0.0.0"},
        "engines": [],
        "environments": [],
        "stacks": [],
        "fixed": [],
        "assumptions": [],
        "settling": [],
        "templates": [
            {
                "path": "services/tickets/template.yaml",
                "dialect": "sam",
                "resources": 2,
                "readable": True,
            },
            {"path": "network.yaml", "dialect": "cloudformation", "resources": 3, "readable": True},
            {"path": "broken.yaml", "dialect": "", "resources": 0, "readable": False},
        ],
        "diagnostics": [
            {
                "level": "warning",
                "code": "duplicate-key",
                "message": "StageName is written twice; the last one counts.",
                "hint": "",
                "location": location("services/tickets/template.yaml", 9, 7, 9, 16),
            },
            {
                "level": "error",
                "code": "unreadable",
                "message": "the mapping is not closed",
                "hint": "close the brace that is opened here",
                "location": location("broken.yaml", 2, 9, 2, 10),
            },
        ],
    }


def counts(passed: int = 0, failed: int = 0, unknown: int = 0, suppressed: int = 0) -> dict[str, int]:
    return {"pass": passed, "fail": failed, "unknown": unknown, "suppressed": suppressed, "refuted": 0}


def test_summary(review: Review) -> None:
    none = {category.value: counts() for category in Category}
    assert report(review)["summary"] == {
        "incomplete": True,
        "totals": counts(1, 3, 3, 1),
        "by_category": none
        | {
            "tier-separation": counts(unknown=1),
            "private-data": counts(unknown=2),
            "least-privilege": counts(failed=1),
            "api-auth": counts(failed=1, suppressed=1),
            "waf-coverage": counts(passed=1),
            "data-protection": counts(failed=1),
        },
        "by_severity": {
            "critical": counts(failed=1),
            "high": counts(failed=1, unknown=2, suppressed=1),
            "medium": counts(passed=1, unknown=1),
            "low": counts(failed=1),
        },
        "changes": None,
    }


def test_warnings_do_not_make_a_run_incomplete(review: Review) -> None:
    summary = report(only(review, OPEN_METHOD, diagnostics=DIAGNOSTICS[:1]))["summary"]
    assert isinstance(summary, dict)
    assert summary["incomplete"] is False


def test_same_review_gives_the_same_text_whatever_the_options(review: Review) -> None:
    loud = ReportOptions(color=True, width=60, verbose=2, quiet=True, fail_on=Severity.CRITICAL)
    assert writer.write(review, OPTIONS) == writer.write(review, loud)


def test_scenario_order_does_not_matter(review: Review) -> None:
    one = replace(OPEN_METHOD, scenario={"A": True, "B": False})
    other = replace(OPEN_METHOD, scenario={"B": False, "A": True})
    assert writer.write(only(review, one), OPTIONS) == writer.write(only(review, other), OPTIONS)


def test_output_is_read_back_by_the_published_models(review: Review) -> None:
    text = writer.write(review, OPTIONS)
    back = v1.Report.model_validate_json(text)
    assert back.model_dump(mode="json", by_alias=True) == json.loads(text)
