"""Snapshots of whole reports, and what holds for each of them.

To accept a changed report: delete its file under ``snapshots``, run the tests once (they write it and fail),
read the difference in version control, run them again.
"""

import subprocess
import sys
from dataclasses import replace
from datetime import date
from pathlib import Path

import pytest

from reports.text import writer
from tests.reports.conftest import (
    DIAGNOSTICS,
    FOREIGN,
    OPEN_METHOD,
    PROVEN,
    SUBNETS_MISSING,
    SUPPRESSED_HEALTH,
    UNKNOWN_DATABASE,
    WILDCARD,
    only,
)
from validator.model import (
    Diagnostic,
    DiagnosticLevel,
    Evidence,
    Missing,
    ReportOptions,
    ReportWriter,
    Review,
    Severity,
    Span,
    Suppression,
)

SNAPSHOTS = Path(__file__).parent / "snapshots"
PLAIN = ReportOptions(fail_on=Severity.MEDIUM)


@pytest.mark.parametrize(
    ("snapshot", "options"),
    [
        ("plain", PLAIN),
        ("color", replace(PLAIN, color=True)),
        ("narrow", replace(PLAIN, width=60)),
        ("wide_verbose", replace(PLAIN, width=200, verbose=1)),
        ("very_verbose", replace(PLAIN, verbose=2)),
        ("quiet", replace(PLAIN, quiet=True)),
    ],
)
def test_whole_report(review: Review, snapshot: str, options: ReportOptions) -> None:
    text = writer.write(review, options)
    file = SNAPSHOTS / f"{snapshot}.txt"
    if not file.exists():
        file.write_bytes(text.encode())
        pytest.fail(f"{file.name} was missing and is written now: read it, then run the tests again")
    assert text == file.read_bytes().decode()


def test_is_a_report_writer() -> None:
    assert isinstance(writer, ReportWriter)
    assert writer.name == "text"


def last_line(review: Review, options: ReportOptions) -> str:
    return writer.write(review, options).splitlines()[-1]


def test_outcome_of_failures_at_the_threshold(review: Review) -> None:
    lone = only(review, OPEN_METHOD, PROVEN)
    assert last_line(lone, PLAIN) == "1 failure at or above medium: the gate is closed."
    high = replace(PLAIN, fail_on=Severity.HIGH)
    assert last_line(lone, high) == "1 failure at or above high: the gate is closed."


def test_outcome_of_failures_below_the_threshold(review: Review) -> None:
    critical = replace(PLAIN, fail_on=Severity.CRITICAL)
    assert last_line(only(review, OPEN_METHOD, FOREIGN), critical) == (
        "Nothing at or above critical. 2 failures below it."
    )


def test_outcome_of_a_clean_run(review: Review) -> None:
    assert last_line(only(review, PROVEN), PLAIN) == "Nothing at or above medium."


def test_outcome_counts_unknown_and_suppressed(review: Review) -> None:
    lone = only(review, PROVEN, UNKNOWN_DATABASE, SUPPRESSED_HEALTH)
    assert last_line(lone, PLAIN) == "Nothing at or above medium. 1 unknown, 1 suppressed."


def test_outcome_when_unknown_closes_the_gate(review: Review) -> None:
    options = replace(PLAIN, fail_on_unknown=True)
    assert last_line(only(review, UNKNOWN_DATABASE), options) == ("1 unknown at or above medium: the gate is closed.")
    assert last_line(only(review, UNKNOWN_DATABASE, OPEN_METHOD), options) == (
        "1 failure and 1 unknown at or above medium: the gate is closed."
    )
    low = replace(UNKNOWN_DATABASE, severity=Severity.LOW)
    assert last_line(only(review, low), options) == "Nothing at or above medium. 1 unknown."
    assert last_line(only(review, PROVEN), options) == "Nothing at or above medium."


def test_outcome_of_an_incomplete_run_never_sounds_clean(review: Review) -> None:
    assert last_line(only(review, PROVEN, diagnostics=DIAGNOSTICS), PLAIN) == (
        "Not everything could be checked (1 error above). Nothing at or above medium in the rest."
    )


def test_outcome_when_nothing_was_judged(review: Review) -> None:
    assert last_line(only(review), PLAIN) == "No rule found anything to judge."


def test_passes_are_shown_with_verbose_only(review: Review) -> None:
    lone = only(review, PROVEN)
    assert "WAF001" not in writer.write(lone, PLAIN)
    assert "pass  WAF001  TicketsApi  stage v1  line 9\n" in writer.write(lone, replace(PLAIN, verbose=1))


def test_quiet_shows_failures_and_errors_only(review: Review) -> None:
    options = replace(PLAIN, quiet=True, verbose=2)
    assert writer.write(only(review, PROVEN, FOREIGN, UNKNOWN_DATABASE), options) == (
        "network.yaml:2:2: low checkov CKV_AWS_16 Database: Database is not encrypted at rest.\n"
        "Nothing at or above medium. 1 failure below it, 1 unknown.\n"
    )


def test_why_is_said_once_a_rule(review: Review) -> None:
    again = replace(OPEN_METHOD, target="GET /shows")
    other = replace(OPEN_METHOD, rule="AUTH002", why="An API key is no identity.")
    lone = only(review, OPEN_METHOD, again, other)

    assert writer.write(lone, PLAIN).count(f"why   {OPEN_METHOD.why}\n") == 1
    assert writer.write(lone, PLAIN).count("why   An API key is no identity.\n") == 1
    assert writer.write(lone, replace(PLAIN, verbose=1)).count(f"why   {OPEN_METHOD.why}\n") == 2


def test_evidence_repeats_no_place_that_stands_above(review: Review) -> None:
    step = Evidence("Create", "allows dynamodb:* on *", WILDCARD.span)
    elsewhere = replace(step, span=OPEN_METHOD.span)
    at_itself = only(review, replace(WILDCARD, evidence=(step,)))
    from_elsewhere = only(review, replace(WILDCARD, evidence=(elsewhere, step)))

    assert "  path" not in writer.write(at_itself, PLAIN)
    assert "  path  1. Create allows dynamodb:* on *  services/tickets/template.yaml:13:59\n" in writer.write(
        at_itself, replace(PLAIN, verbose=1)
    )
    assert (
        "  path  1. Create allows dynamodb:* on *  services/tickets/template.yaml:15:9\n"
        "        2. Create allows dynamodb:* on *\n"
    ) in writer.write(from_elsewhere, PLAIN)


def test_long_sentences_are_cut_unless_all_is_asked_for(review: Review) -> None:
    actions = ", ".join(f"dynamodb:Action{number}" for number in range(60))
    lone = only(review, replace(WILDCARD, message=f"Create may do {actions}."))

    assert "Action59" not in writer.write(lone, PLAIN)
    assert "...\n" in writer.write(lone, PLAIN)
    assert "Action59" in writer.write(lone, replace(PLAIN, verbose=1))


def test_notices_are_counted_unless_asked_for(review: Review) -> None:
    notices = (
        Diagnostic(DiagnosticLevel.NOTICE, "skipped", "events is skipped: it is empty"),
        Diagnostic(DiagnosticLevel.NOTICE, "skipped", "notes.yaml is skipped: it has no section Resources"),
        Diagnostic(
            DiagnosticLevel.NOTICE, "assumption-unused", "it settles nothing", Span("tierlens.toml", 3, 1, 3, 2)
        ),
    )
    lone = only(review, diagnostics=notices)

    assert writer.write(lone, PLAIN).startswith("notices: 2 skipped, 1 assumption-unused (-v shows them)\n\n")
    assert writer.write(lone, replace(PLAIN, verbose=1)).startswith(
        "notice  events is skipped: it is empty\n"
        "notice  notes.yaml is skipped: it has no section Resources\n"
        "notice  it settles nothing  tierlens.toml:3:1\n\n"
    )
    assert "notice" not in writer.write(lone, replace(PLAIN, quiet=True))


def test_suppression_without_an_end(review: Review) -> None:
    forever = replace(SUPPRESSED_HEALTH, suppression=Suppression("a health check", None))
    text = writer.write(only(review, forever), replace(PLAIN, width=150))
    assert (
        'suppressed  high  AUTH001  TicketsApi  GET /health  "a health check"'
        "  services/tickets/template.yaml:16:9\n" in text
    )
    ending = replace(forever, suppression=Suppression("a health check", None, date(2027, 1, 2)))
    assert '"a health check"  until 2027-01-02' in writer.write(only(review, ending), replace(PLAIN, width=150))


def test_scenario_reached_with_the_defaults_is_not_called_unusual(review: Review) -> None:
    assert "  when  IsProd is false (not with the default parameters)\n" in writer.write(
        only(review, OPEN_METHOD), PLAIN
    )
    assert "  when  IsProd is false\n" in writer.write(only(review, replace(OPEN_METHOD, at_defaults=True)), PLAIN)
    assert "  when" not in writer.write(only(review, WILDCARD), PLAIN)


def test_many_unknowns_of_one_input_are_one_block(review: Review) -> None:
    many = [replace(UNKNOWN_DATABASE, resource=f"Database{number}") for number in range(8)]
    text = writer.write(only(review, *many), PLAIN)
    assert "unknown  parameter SubnetIds has no value: 8 verdicts\n" in text
    assert text.count("give --parameter SubnetIds=…") == 1
    assert text.count("DATA001") == 5
    assert "    and 3 more (-v lists them)\n" in text
    verbose = writer.write(only(review, *many), replace(PLAIN, verbose=1))
    assert verbose.count("DATA001") == 8
    assert "more (-v" not in verbose


def test_unknown_that_needs_two_inputs_stands_apart(review: Review) -> None:
    vpc = Missing("parameter VpcId has no value", "give --parameter VpcId=…", "parameter:VpcId")
    both = replace(UNKNOWN_DATABASE, rule="DATA003", missing=(SUBNETS_MISSING, vpc))
    text = writer.write(only(review, UNKNOWN_DATABASE, both), PLAIN)
    assert "unknown  parameter SubnetIds has no value: 1 verdict\n" in text
    assert "unknown  parameter SubnetIds has no value; parameter VpcId has no value: 1 verdict\n" in text


def test_unknown_without_a_named_input_is_not_lost(review: Review) -> None:
    text = writer.write(only(review, replace(UNKNOWN_DATABASE, missing=())), PLAIN)
    assert "unknown  the template does not decide: 1 verdict\n    high  DATA001  Database" in text


def test_findings_come_worst_first_whatever_their_order(review: Review) -> None:
    assert writer.write(only(review, OPEN_METHOD, WILDCARD), PLAIN) == writer.write(
        only(review, WILDCARD, OPEN_METHOD), PLAIN
    )


def test_colour_changes_no_text(review: Review) -> None:
    from rich.text import Text

    coloured = writer.write(review, replace(PLAIN, color=True))
    assert "\x1b[" in coloured
    assert "\n".join(Text.from_ansi(coloured).plain.splitlines()) + "\n" == writer.write(review, PLAIN)


def test_environment_changes_nothing(review: Review, monkeypatch: pytest.MonkeyPatch) -> None:
    plain, coloured = writer.write(review, PLAIN), writer.write(review, replace(PLAIN, color=True))
    for variable, value in {"FORCE_COLOR": "1", "COLUMNS": "33", "TERM": "dumb"}.items():
        monkeypatch.setenv(variable, value)
    assert writer.write(review, PLAIN) == plain
    monkeypatch.setenv("NO_COLOR", "1")
    assert writer.write(review, replace(PLAIN, color=True)) == coloured


def test_import_stays_light() -> None:
    heavy = "{'pydantic', 'jinja2', 'networkx', 'click', 'yaml', 'pygments', 'rich.table'}"
    code = f"import sys, reports.text; print(sorted({heavy} & set(sys.modules)))"
    root = Path(__file__).resolve().parents[2]
    done = subprocess.run([sys.executable, "-c", code], cwd=root, capture_output=True, text=True, check=True)
    assert done.stdout == "[]\n"
