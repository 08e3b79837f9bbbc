"""What the text and JSON reports show of a run of several engines, environments and states."""

import json
from dataclasses import replace

from reports.json_report import writer as json_writer
from reports.text import writer
from tests.reports.conftest import (
    BASELINED,
    DIAGNOSTICS,
    FOREIGN,
    GONE,
    MERGED,
    OPEN_METHOD,
    PROVEN,
    REFUTED,
    TICKETS,
    UNKNOWN_DATABASE,
    WILDCARD,
    only,
)
from validator.model import Change, EngineRun, EngineStatus, ReportOptions, Review, Settling, Severity
from validator.triage import exit_status

PLAIN = ReportOptions(fail_on=Severity.MEDIUM)
VERBOSE = replace(PLAIN, verbose=1)


def text(review: Review, options: ReportOptions = PLAIN) -> str:
    return writer.write(review, options)


def test_a_finding_of_another_engine_names_it(gate: Review) -> None:
    lone = only(gate, replace(FOREIGN, rule="E3012", source="cfn-lint"))
    assert "fail  low  cfn-lint E3012  Database\n" in text(lone)
    assert "network.yaml:2:2: low cfn-lint E3012 Database: " in text(lone, replace(PLAIN, quiet=True))


def test_where_a_finding_holds_and_who_said_so_too(gate: Review) -> None:
    lone = only(gate, MERGED)
    assert (
        "  in    stack Shop/Api, construct Shop/Api/Resource, environment prod\n  also  CKV_AWS_59 (checkov)\n"
    ) in text(lone)
    assert "        CKV_AWS_59: Method without authorization  services/tickets/template.yaml:15:9\n" in text(
        lone, VERBOSE
    )


def test_environments_are_named_only_where_it_does_not_hold_in_all(gate: Review) -> None:
    everywhere = only(gate, replace(MERGED, environments=("dev", "prod"), stack="", construct=""))
    assert "  in  " not in text(everywhere)
    one_of_one = replace(everywhere, environments=("prod",), findings=(replace(MERGED, stack="", construct=""),))
    assert "  in  " not in text(one_of_one)
    three = replace(everywhere, environments=("dev", "prod", "test"))
    assert "  in    environments dev, prod\n" in text(three)


def test_what_is_refuted_is_one_line_and_its_proof_with_verbose(gate: Review) -> None:
    lone = only(gate, REFUTED, replace(REFUTED, target="again"))
    assert "2 findings refuted by the graph (-v shows them)\n" in text(lone)
    assert "CKV_AWS_117" not in text(lone)
    assert (
        "refuted  low  checkov CKV_AWS_117  Create  network.yaml:2:2\n"
        "  Create is not in a VPC.\n"
        "  but   Create uses no store of a VPC: it needs none\n"
        "  path  1. Create reads DynamoDB only  services/tickets/template.yaml:13:59\n"
    ) in text(lone, VERBOSE)
    assert "(-v shows" not in text(lone, VERBOSE)


def test_the_column_of_the_refuted_stands_only_where_something_is(gate: Review) -> None:
    assert "  suppressed  refuted\n" in text(only(gate, REFUTED))
    assert "  suppressed\n" in text(only(gate, PROVEN))


def test_engines_are_named_and_one_that_failed_is_loud(gate: Review) -> None:
    shown = text(only(gate, PROVEN))
    assert "checked by tierlens 0.0.0, cfn-lint 1.58.0; off: cloudformation-validate\n" in shown
    assert "FAILED  checkov 3.3.30 did not check everything: the worker died twice\n" in shown
    assert shown.splitlines()[-1] == (
        "Not everything could be checked (1 engine failed above). Nothing at or above medium in the rest."
    )
    assert text(only(gate, PROVEN), replace(PLAIN, quiet=True)).splitlines()[0] == (
        "error checkov 3.3.30 did not check everything: the worker died twice"
    )


def test_a_failed_engine_is_never_a_pass(gate: Review) -> None:
    failed = only(gate, PROVEN)
    fine = replace(failed, engines=gate.engines[:2])
    assert [exit_status(review, Severity.LOW) for review in (failed, fine)] == [2, 0]
    assert [review.incomplete for review in (failed, fine)] == [True, False]


def test_what_settles_the_most_stands_before_the_outcome(gate: Review) -> None:
    fine = replace(only(gate, UNKNOWN_DATABASE), engines=())
    assert text(fine).splitlines()[-4:] == [
        "To settle most: give --parameter SubnetIds=…: 2 unknowns",
        "                add network.yaml to the run: 1 unknown",
        "",
        "Nothing at or above medium. 1 unknown.",
    ]
    many = replace(fine, settling=tuple(Settling("w", f"give {n}:\n  more", str(n), 1) for n in range(5)))
    assert "                give 2: 1 unknown\n    and 2 more (-v lists them)\n" in text(many)
    assert "give 4: 1 unknown\n" in text(many, VERBOSE)


def test_a_decision_names_who_made_it_and_where(gate: Review) -> None:
    assert (
        'suppressed  high  AUTH001  TicketsApi  GET /old  "before the gate"  by web team  '
        "since 2026-01-02  (baseline)"
    ) in text(only(gate, BASELINED), replace(PLAIN, width=160))


def test_a_compared_run_shows_what_the_change_made(compared: Review) -> None:
    shown = text(compared)
    assert "fail  high  AUTH001  TicketsApi  GET /tickets  new\n" in shown
    assert "1 failure stood before the change (-v shows it)\n" in shown
    assert "3 unknowns stood before the change (-v shows them)\n" in shown
    assert "IAM001" not in shown
    assert shown.splitlines()[-1] == (
        "Compared: 2 new, 1 fixed, 2 unchanged. 2 new failures at or above medium: the gate is closed."
    )
    assert "fail  critical  IAM001  Create\n" in text(compared, VERBOSE)
    assert "fixed  IAM001 Removed\n" in text(compared, VERBOSE)
    assert "IAM001" not in text(compared, replace(PLAIN, quiet=True))


def test_what_stood_before_does_not_close_the_gate(compared: Review) -> None:
    before = only(compared, replace(WILDCARD, change=Change.UNCHANGED))
    new = only(compared, replace(WILDCARD, change=Change.NEW))
    assert [exit_status(review, Severity.LOW) for review in (before, new)] == [0, 1]
    assert text(before).splitlines()[-1] == "Compared: 0 new, 1 fixed, 1 unchanged. Nothing new at or above medium."


def test_json_has_what_the_model_has(gate: Review) -> None:
    report = json.loads(json_writer.write(only(gate, MERGED, REFUTED, BASELINED), PLAIN))
    merged, refuted, accepted = report["findings"]
    place = {"path": TICKETS, "line": 15, "column": 9, "end_line": 15, "end_column": 12}
    names = ("template", "stack", "environments", "construct", "practices", "change", "refutation")
    assert [merged[name] for name in names] == [
        TICKETS,
        "Shop/Api",
        ["prod"],
        "Shop/Api/Resource",
        ["SEC1.a1"],
        None,
        None,
    ]
    assert merged["also"] == [
        {"source": "checkov", "rule": "CKV_AWS_59", "message": "Method without authorization", "location": place}
    ]
    assert refuted["status"] == "refuted"
    assert refuted["refutation"]["statement"] == "Create uses no store of a VPC: it needs none"
    assert [step["relation"] for step in refuted["refutation"]["proof"]] == ["reads DynamoDB only"]
    assert accepted["suppression"] == {
        "reason": "before the gate",
        "until": None,
        "location": None,
        "kind": "baseline",
        "owner": "web team",
        "since": "2026-01-02",
    }
    assert report["engines"][2] == {
        "name": "checkov",
        "version": "3.3.30",
        "status": "failed",
        "note": "the worker died twice",
    }
    assert report["stacks"] == [
        {"path": "Shop/Api", "template": TICKETS, "workload": "shop", "environment": "prod", "construct": "Shop/Api"}
    ]
    assert report["environments"] == ["dev", "prod"]
    assert [entry["unknowns"] for entry in report["settling"]] == [2, 1]
    assert report["assumptions"][0]["reason"] == "see its review"
    assert report["summary"]["totals"]["refuted"] == 1
    assert report["summary"]["changes"] is None


def test_json_of_a_compared_run(compared: Review) -> None:
    report = json.loads(json_writer.write(compared, PLAIN))
    assert report["summary"]["changes"] == {"new": 2, "fixed": 1, "unchanged": 2}
    assert [(finding["resource"], finding["change"]) for finding in report["fixed"]] == [(GONE.resource, "fixed")]
    assert {finding["change"] for finding in report["findings"]} == {"new", "unchanged"}


def test_a_first_comparison_without_a_finding_left_still_tells_what_is_fixed(gate: Review) -> None:
    clean = replace(only(gate), fixed=(GONE,), engines=(EngineRun("tierlens", "1", EngineStatus.RAN),))
    assert text(clean).splitlines()[-1] == "Compared: 0 new, 1 fixed, 0 unchanged. Nothing new at or above medium."
    assert "Compared" not in text(only(gate, OPEN_METHOD, diagnostics=DIAGNOSTICS))
