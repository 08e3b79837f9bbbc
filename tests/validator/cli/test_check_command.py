"""``tierlens check``: exit status, what runs, formats, files, colours."""

import json
from importlib import resources
from pathlib import Path

import jsonschema
import pytest

from tests.validator.cli.conftest import Project, Tierlens
from tests.validator.conftest import UseRules
from tests.validator.fakes import CLOSED, OPEN_QUEUE, closed, fake_rule, raises
from validator.model import Category, ReportOptions, Review, Severity
from validator.registry import report_writers

FORMATS = ", ".join(report_writers.report_writer_names())
CLOSED_QUEUE = OPEN_QUEUE.replace("open", "shut")
UNDECIDED = OPEN_QUEUE.replace("open", "!ImportValue Name")
LOW = fake_rule("TIER001", closed, severity=Severity.LOW, category=Category.TIER_SEPARATION)


@pytest.fixture(autouse=True)
def _two_rules(use_rules: UseRules) -> None:
    use_rules(CLOSED, LOW)


@pytest.mark.parametrize(
    ("template", "options", "status"),
    [
        (CLOSED_QUEUE, [], 0),
        (OPEN_QUEUE, [], 1),
        (OPEN_QUEUE, ["--fail-on", "high"], 1),
        (OPEN_QUEUE, ["--fail-on", "critical"], 0),
        (OPEN_QUEUE, ["--select", "TIER001"], 0),
        (OPEN_QUEUE, ["--select", "TIER001", "--fail-on", "low"], 1),
        (UNDECIDED, [], 0),
        (UNDECIDED, ["--fail-on-unknown"], 1),
        (UNDECIDED, ["--fail-on-unknown", "--fail-on", "critical"], 0),
        ("Resources: [", [], 2),
    ],
)
def test_exit_status(project: Project, tierlens: Tierlens, template: str, options: list[str], status: int) -> None:
    project(**{"queue.yaml": template})

    assert tierlens("check", "queue.yaml", *options).status == status


def test_a_rule_that_fails_is_never_a_pass(project: Project, tierlens: Tierlens, use_rules: UseRules) -> None:
    use_rules(fake_rule("AUTH002", raises))
    project(**{"queue.yaml": "Resources: {Second: {Type: AWS::SQS::Queue}}\n"})

    done = tierlens("check", ".")

    assert done.status == 2
    assert "rule AUTH002 failed on Second: KeyError: 'Missing'" in done.out


def test_the_settings_decide_what_closes_the_gate(project: Project, tierlens: Tierlens) -> None:
    project(**{"queue.yaml": OPEN_QUEUE, "tierlens.toml": 'fail-on = "critical"\n'})

    assert tierlens("check", ".").status == 0
    assert tierlens("check", ".", "--fail-on", "high").status == 1


@pytest.mark.parametrize(
    ("options", "rules"),
    [
        ([], ["AUTH001", "TIER001"]),
        (["--select", "api-auth"], ["AUTH001"]),
        (["--select", "AUTH001,TIER"], ["AUTH001", "TIER001"]),
        (["--select", "AUTH001", "--select", "tier-separation"], ["AUTH001", "TIER001"]),
        (["--ignore", "tier-separation"], ["AUTH001"]),
        (["--ignore", " TIER001 , "], ["AUTH001"]),
    ],
)
def test_rules_are_chosen(project: Project, tierlens: Tierlens, options: list[str], rules: list[str]) -> None:
    project(**{"queue.yaml": OPEN_QUEUE})

    report = json.loads(tierlens("check", ".", "--format", "json", *options).out)

    assert sorted({finding["rule"] for finding in report["findings"]}) == rules


def test_the_command_line_chooses_instead_of_the_settings(project: Project, tierlens: Tierlens) -> None:
    project(**{"queue.yaml": OPEN_QUEUE, "tierlens.toml": 'select = ["TIER001"]\nignore = ["AUTH002", "WAF"]\n'})

    done = tierlens("check", ".", "--select", "AUTH001")

    assert (done.status, done.err) == (
        2,
        "error: ignore: 'AUTH002' matches no rule: did you mean 'AUTH001'?\n"
        "ignore: 'WAF' matches no rule\n"
        "  hint: name rule ids, prefixes of ids or categories; tierlens rules lists them\n",
    )


@pytest.mark.parametrize(
    ("options", "error"),
    [
        (
            ["--select", "AUTH01"],
            "error: select: 'AUTH01' matches no rule: did you mean 'AUTH001'?\n"
            "  hint: name rule ids, prefixes of ids or categories; tierlens rules lists them\n",
        ),
        (
            ["--select", ""],
            "error: --select is given without a name\n  hint: name rules or categories, or leave it out\n",
        ),
        (
            ["--format", "jsn"],
            f"error: no report format is named 'jsn'\n  hint: did you mean json? installed: {FORMATS}\n",
        ),
        (
            ["-o", "report.doc"],
            f"error: no report format is named 'doc'\n  hint: installed: {FORMATS}\n",
        ),
        (["-o", "text="], "error: --output text=: the file is missing\n  hint: write FILE, or FORMAT=FILE\n"),
        (
            ["-o", "a.json", "-o", "json=./a.json"],
            "error: two reports are to be written to a.json\n  hint: name two files\n",
        ),
        (
            ["-o", "none/a.json"],
            "error: no report can be written to none/a.json: there is no folder none\n  hint: name another file\n",
        ),
        (
            ["-o", "json=folder"],
            "error: no report can be written to folder: it is a folder\n  hint: name another file\n",
        ),
        (
            ["--parameter", "Name"],
            "error: --parameter is given without a name and a value\n  hint: write --parameter NAME=VALUE\n",
        ),
        (
            ["--parameter", "Nam=x"],
            "error: --parameter: no template of the run declares a parameter 'Nam'\n"
            "  hint: give parameters that a template of the run declares\n",
        ),
    ],
)
def test_a_call_that_makes_no_sense(project: Project, tierlens: Tierlens, options: list[str], error: str) -> None:
    (project(**{"queue.yaml": OPEN_QUEUE}) / "folder").mkdir()

    done = tierlens("check", "queue.yaml", *options)

    assert (done.status, done.out, done.err) == (2, "", error)


def schema() -> object:
    return json.loads(resources.files("reports.schema").joinpath("v1.json").read_text(encoding="utf-8"))


def test_json_follows_the_shipped_schema(project: Project, tierlens: Tierlens) -> None:
    project(**{"open.yaml": OPEN_QUEUE, "closed.yaml": CLOSED_QUEUE, "odd.yaml": UNDECIDED, "bad.json": "{"})

    done = tierlens("check", ".", "bad.json", "--format", "json")

    report = json.loads(done.out)
    jsonschema.Draft202012Validator(schema()).validate(report)
    assert done.status == 2
    assert {finding["status"] for finding in report["findings"]} == {"fail", "pass", "unknown"}
    assert [template["path"] for template in report["templates"] if not template["readable"]] == ["bad.json"]


def test_several_reports_at_once(project: Project, tierlens: Tierlens) -> None:
    folder = project(**{"queue.yaml": OPEN_QUEUE})

    done = tierlens("check", "queue.yaml", "-o", "out.json", "-o", "text=report.md", "-o", "a.txt", "-q")

    assert done.out.splitlines()[0] == "queue.yaml:5:18: high AUTH001 Queue: Queue is open"
    assert json.loads((folder / "out.json").read_text())["summary"]["totals"]["fail"] == 2
    assert (folder / "report.md").read_text() == (folder / "a.txt").read_text() == done.out
    assert tierlens("check", "queue.yaml", "--format", "json").out == (folder / "out.json").read_text()


@pytest.mark.parametrize(
    ("file", "beginning"),
    [
        ("a.sarif", '{\n  "$schema": "https://docs.oasis-open.org/sarif/'),
        ("a.sarif.json", '{\n  "$schema": "https://docs.oasis-open.org/sarif/'),
        ("a.xml", '<?xml version="1.0" encoding="UTF-8"?>\n<testsuites name="tierlens"'),
        ("A.XML", '<?xml version="1.0" encoding="UTF-8"?>\n<testsuites name="tierlens"'),
        ("a.md", "<!-- tierlens report -->\n## ❌ tierlens: the gate is closed"),
        ("a.csv", "status,change,severity,category,source,rule,"),
        ("gl-code-quality-report.json", '[\n  {\n    "description": "Queue is open",\n'),
        ("a.json", '{\n  "schema_version": 1,'),
        ("github=a.txt", "::error file=queue.yaml,line=5,endLine=5,col=18,endColumn=21,title=AUTH001 Queue (high)::"),
    ],
)
def test_the_ending_tells_the_format(project: Project, tierlens: Tierlens, file: str, beginning: str) -> None:
    folder = project(**{"queue.yaml": OPEN_QUEUE})

    assert tierlens("check", "queue.yaml", "-o", file, "-q").status == 1

    assert (folder / file.removeprefix("github=")).read_text().startswith(beginning)


@pytest.mark.parametrize(("template", "status"), [(OPEN_QUEUE, 0), (CLOSED_QUEUE, 0), ("Resources: {", 2)])
def test_exit_zero_forgives_findings_but_not_what_was_not_checked(
    project: Project, tierlens: Tierlens, template: str, status: int
) -> None:
    project(**{"queue.yaml": template})

    assert tierlens("check", "queue.yaml", "--exit-zero", "-q").status == status


def test_links_lead_to_the_commit_that_the_pipeline_checks(
    project: Project, tierlens: Tierlens, monkeypatch: pytest.MonkeyPatch
) -> None:
    folder = project(**{"queue.yaml": OPEN_QUEUE})
    for name, value in {
        "GITHUB_ACTIONS": "true",
        "GITHUB_SERVER_URL": "https://github.com",
        "GITHUB_REPOSITORY": "o/r",
        "GITHUB_SHA": "abc",
        "GITHUB_WORKSPACE": str(folder),
    }.items():
        monkeypatch.setenv(name, value)

    assert (
        "(https://github.com/o/r/blob/abc/queue.yaml#L5)"
        in tierlens("check", "queue.yaml", "--format", "markdown").out
    )


def test_an_unwritable_file(project: Project, tierlens: Tierlens, monkeypatch: pytest.MonkeyPatch) -> None:
    project(**{"queue.yaml": OPEN_QUEUE})

    def refuse(*_: object, **__: object) -> int:
        raise PermissionError(13, "Permission denied")

    monkeypatch.setattr(Path, "write_bytes", refuse)

    done = tierlens("check", ".", "-o", "out.json")

    assert (done.status, done.err) == (
        2,
        "error: the report cannot be written to out.json: Permission denied\n"
        "  hint: name a file in a folder that exists and can be written to\n",
    )


def test_a_writer_that_fails_is_named(project: Project, tierlens: Tierlens, monkeypatch: pytest.MonkeyPatch) -> None:
    class Broken:
        name = "broken"

        def write(self, review: Review, options: ReportOptions) -> str:
            raise ZeroDivisionError("no findings")

    monkeypatch.setattr(report_writers, "_load_writer", lambda _name, _available: Broken())
    project(**{"queue.yaml": CLOSED_QUEUE})

    done = tierlens("check", ".")

    assert (done.status, done.err) == (
        2,
        "error: the report writer broken failed: ZeroDivisionError: no findings\n"
        "  hint: this is a fault of the writer: report it, or choose another format\n",
    )


def test_quiet_is_one_line_a_failure_and_the_outcome(project: Project, tierlens: Tierlens) -> None:
    project(**{"queue.yaml": OPEN_QUEUE, "notes.yaml": "a: 1\n"})

    assert tierlens("check", ".", "--quiet").out == (
        "queue.yaml:5:18: high AUTH001 Queue: Queue is open\n"
        "queue.yaml:5:18: low TIER001 Queue: Queue is open\n"
        "1 failure at or above medium: the gate is closed. 1 failure below it.\n"
    )


def test_verbose_shows_passes_and_what_was_skipped(project: Project, tierlens: Tierlens) -> None:
    project(**{"queue.yaml": CLOSED_QUEUE, "notes.yaml": "a: 1\n"})

    plain, verbose = tierlens("check", ".").out, tierlens("check", ".", "-v").out

    assert "notices: 2 skipped (-v shows them)\n" in plain
    assert "pass" not in plain.splitlines()[0]
    assert "notes.yaml" not in plain
    assert "notice  notes.yaml is skipped: it has no section Resources\n" in verbose
    assert "pass  AUTH001  Queue" in verbose


def test_no_suppressions(project: Project, tierlens: Tierlens) -> None:
    accepted = OPEN_QUEUE.replace("Queue:\n", 'Queue:  # tierlens: ignore[AUTH001] reason="accepted"\n', 1)
    project(**{"queue.yaml": accepted})

    assert tierlens("check", ".").status == 0
    assert tierlens("check", ".", "--no-suppressions").status == 1


@pytest.mark.parametrize(
    ("environment", "options", "colored"),
    [
        ({}, [], False),
        ({"FORCE_COLOR": "1"}, [], True),
        ({"FORCE_COLOR": "1"}, ["--no-color"], False),
        ({"FORCE_COLOR": "1", "NO_COLOR": "1"}, [], False),
        ({"FORCE_COLOR": "1", "NO_COLOR": ""}, [], True),
    ],
)
def test_colours(
    project: Project,
    tierlens: Tierlens,
    monkeypatch: pytest.MonkeyPatch,
    environment: dict[str, str],
    options: list[str],
    colored: bool,
) -> None:
    folder = project(**{"queue.yaml": OPEN_QUEUE})
    for name, value in environment.items():
        monkeypatch.setenv(name, value)

    assert ("\x1b[" in tierlens("check", ".", "-o", "a.txt", *options).out) is colored
    assert "\x1b[" not in (folder / "a.txt").read_text()


def test_a_terminal_gets_colours(project: Project, tierlens: Tierlens, monkeypatch: pytest.MonkeyPatch) -> None:
    project(**{"queue.yaml": OPEN_QUEUE})
    monkeypatch.setattr("validator.cli.terminal.is_terminal", lambda: True)

    assert "\x1b[" in tierlens("check", ".").out
    monkeypatch.setenv("TERM", "dumb")
    assert "\x1b[" not in tierlens("check", ".").out


def test_parameters_and_regions_reach_the_run(project: Project, tierlens: Tierlens) -> None:
    named = "Parameters: {Name: {Type: String}}\n" + OPEN_QUEUE.replace("open", "!Ref Name")
    project(**{"queue.yaml": named, "values.yaml": "Name: shut\n"})

    assert tierlens("check", "queue.yaml", "--fail-on-unknown").status == 1
    assert tierlens("check", "queue.yaml", "--fail-on-unknown", "--parameters", "values.yaml").status == 0
    stronger = ("--parameters", "values.yaml", "--parameter", "Name=open")
    assert tierlens("check", "queue.yaml", *stronger).status == 1
    by_region = OPEN_QUEUE.replace("open", "!Ref AWS::Region")
    project(**{"queue.yaml": by_region})
    assert tierlens("check", "queue.yaml", "--region", "eu-west-1").status == 0


def test_another_configuration_and_root(project: Project, tierlens: Tierlens) -> None:
    project(**{"app/queue.yaml": OPEN_QUEUE, "lenient.toml": 'fail-on = "critical"\n'})

    done = tierlens("check", "app", "--config", "lenient.toml", "--root", "app", "-q")

    assert (done.status, done.out.splitlines()[0]) == (0, "queue.yaml:5:18: high AUTH001 Queue: Queue is open")
