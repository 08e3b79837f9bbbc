"""The ledger of what is accepted, and the gate that accepts nothing."""

import csv
import io
import json

import pytest

from tests.validator.cli.conftest import Project, Tierlens

OPEN = """\
Resources:
  # tierlens: ignore[AUTH003] reason="public by design" owner="team-a" until=2099-12-31
  Hello:
    Type: AWS::Lambda::Url
    Properties:
      AuthType: NONE
      TargetFunctionArn: arn:aws:lambda:eu-west-1:111122223333:function:hello
  HelloPermission:
    Type: AWS::Lambda::Permission
    Properties:
      Action: lambda:InvokeFunctionUrl
      FunctionName: !Ref Hello
      FunctionUrlAuthType: NONE
      Principal: "*"
  Queue:  # tierlens: ignore[AUTH003] reason="=cmd|x <b>@me" until=2020-01-01
    Type: AWS::SQS::Queue
    # checkov:skip=CKV_AWS_27:no secrets in it
    Metadata:
      tierlens: {suppress: [{rule: AUTH003, reason: "an old decision"}]}
"""
SETTINGS = 'select = ["AUTH003"]\n'


@pytest.fixture(autouse=True)
def _own_rules(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("TIERLENS_ENGINE", "tierlens")
    monkeypatch.setenv("TIERLENS_NO_CACHE", "1")


def test_every_decision_has_its_state(project: Project, tierlens: Tierlens) -> None:
    project(**{"template.yaml": OPEN, "tierlens.toml": SETTINGS})
    done = tierlens("suppressions", "template.yaml")
    assert (done.status, done.err) == (0, "")
    assert done.out.splitlines() == [
        "template.yaml:2:3: active  AUTH003 on Hello",
        '    "public by design", by team-a, until 2099-12-31 (template)',
        "template.yaml:15:11: lapsed  AUTH003 on Queue",
        '    "=cmd|x <b>@me", no owner, until 2020-01-01 (template)',
        "template.yaml:17:7: not judged  checkov CKV_AWS_27 on Queue",
        '    "no secrets in it", no owner, no end (engine)',
        "template.yaml:19:29: stale  AUTH003 on Queue",
        '    "an old decision", no owner, no end (template)',
        "4 suppressions: 1 active, 1 lapsed, 1 not judged, 1 stale",
    ]


def test_other_formats_say_the_same_and_are_harmless(project: Project, tierlens: Tierlens) -> None:
    project(**{"template.yaml": OPEN, "tierlens.toml": SETTINGS})
    entries = json.loads(tierlens("suppressions", "template.yaml", "--format", "json").out)["suppressions"]
    assert entries[0] == {
        "state": "active",
        "rule": "AUTH003",
        "source": "tierlens",
        "template": "template.yaml",
        "resource": "Hello",
        "target": "",
        "form": "template",
        "reason": "public by design",
        "owner": "team-a",
        "since": "",
        "until": "2099-12-31",
        "place": "template.yaml:2:3",
        "findings": 1,
    }
    table = list(csv.DictReader(io.StringIO(tierlens("suppressions", "template.yaml", "--format", "csv").out)))
    assert [row["state"] for row in table] == [entry["state"] for entry in entries]
    assert table[1]["reason"] == "'=cmd|x <b>@me"
    markdown = tierlens("suppressions", "template.yaml", "--format", "markdown").out
    assert "=cmd\\|x &lt;b&gt;@<!-- -->me" in markdown
    assert {line.replace("\\|", "").count("|") for line in markdown.splitlines()[2:]} == {14}


def test_the_baseline_is_in_the_ledger(project: Project, tierlens: Tierlens) -> None:
    folder = project(**{"template.yaml": OPEN.replace("  # tierlens", "  # was"), "tierlens.toml": SETTINGS})
    tierlens("baseline", "write", "template.yaml", "--reason", "from before", "--owner", "me")
    ledger = ("suppressions", "template.yaml", "--baseline", "tierlens-baseline.json", "--format", "json")

    def states() -> list[tuple[str, str]]:
        entries = json.loads(tierlens(*ledger).out)["suppressions"]
        return [(entry["state"], entry["owner"]) for entry in entries if entry["form"] == "baseline"]

    assert states() == [("active", "me")]
    (folder / "template.yaml").write_text(OPEN.replace("AuthType: NONE", "AuthType: AWS_IAM"))
    assert states() == [("stale", "me")]
    (folder / "tierlens.toml").write_text('select = ["AUTH001", "DATA"]\n')
    assert states() == [("not judged", "me")]


def test_an_update_keeps_what_was_not_judged(project: Project, tierlens: Tierlens) -> None:
    folder = project(**{"template.yaml": OPEN.replace("  # tierlens", "  # was")})
    tierlens("baseline", "write", "template.yaml", "--select", "AUTH003", "--reason", "from before")
    before = (folder / "tierlens-baseline.json").read_text()
    assert tierlens("baseline", "update", "template.yaml", "--select", "AUTH001").status == 0
    assert (folder / "tierlens-baseline.json").read_text() == before


@pytest.mark.parametrize(
    ("settings", "options", "status"),
    [
        ("", (), 0),
        ("", ("--deny-suppressions",), 1),
        ("deny-suppressions = true\n", (), 1),
        ("", ("--deny-suppressions", "--fail-on", "critical"), 1),
        ("", ("--no-suppressions", "--fail-on", "critical"), 0),
    ],
)
def test_a_gate_may_deny_suppressions(
    project: Project, tierlens: Tierlens, settings: str, options: tuple[str, ...], status: int
) -> None:
    project(**{"template.yaml": OPEN, "tierlens.toml": settings + SETTINGS})
    done = tierlens("check", "template.yaml", "-q", *options)
    assert done.status == status
    listed = "template.yaml:2:3: suppressed AUTH003 Hello: public by design, by team-a, until 2099-12-31 (template)"
    assert (listed in done.out.splitlines()) == (status == 1)
    assert ("1 suppression, which this gate denies: the gate is closed." in done.out) == (status == 1)


def test_a_denied_baseline_is_told_with_its_owner(project: Project, tierlens: Tierlens) -> None:
    project(**{"template.yaml": OPEN.replace("  # tierlens", "  # was"), "tierlens.toml": SETTINGS})
    tierlens("baseline", "write", "template.yaml", "--reason", "from before", "--owner", "me")
    accepted = ("check", "template.yaml", "-q", "--baseline", "tierlens-baseline.json")
    assert tierlens(*accepted).status == 0
    done = tierlens(*accepted, "--deny-suppressions")
    assert done.status == 1
    assert "tierlens-baseline.json:4:5: suppressed AUTH003 Hello: from before, by me, since " in done.out


@pytest.mark.parametrize(
    ("settings", "options", "status"),
    [
        ('fail-on = "critical"\n', (), 0),
        ('fail-on = { default = "critical", api-auth = "high" }\n', (), 1),
        ('fail-on = { api-auth = "never" }\n', (), 0),
        ('fail-on = { api-auth = "never" }\n', ("--fail-on", "low"), 1),
        ("", ("--fail-on", "critical", "--fail-on", "api-auth=high"), 1),
        ("", ("--fail-on", "api-auth=never"), 0),
    ],
)
def test_the_threshold_of_a_category(
    project: Project, tierlens: Tierlens, settings: str, options: tuple[str, ...], status: int
) -> None:
    project(**{"template.yaml": OPEN.replace("  # tierlens", "  # was"), "tierlens.toml": settings + SETTINGS})
    done = tierlens("check", "template.yaml", *options)
    assert done.status == status
    assert ("the gate is closed" in done.out) == (status == 1)


def test_the_baseline_accepts_what_the_thresholds_stop(project: Project, tierlens: Tierlens) -> None:
    folder = project(
        **{
            "template.yaml": OPEN.replace("  # tierlens", "  # was"),
            "tierlens.toml": 'fail-on = { api-auth = "never" }\n' + SETTINGS,
        }
    )
    tierlens("baseline", "write", "template.yaml", "--reason", "from before")
    assert json.loads((folder / "tierlens-baseline.json").read_text())["entries"] == []


@pytest.mark.parametrize(
    ("option", "value", "message"),
    [
        ("--fail-on", "huge", "'huge' is not one of low, medium, high, critical"),
        ("--fail-on", "never", "'never' is not one of low, medium, high, critical"),
        ("--fail-on", "api_auth=low", "there is no category 'api_auth': did you mean 'api-auth'?"),
        ("--fail-on", "api-auth=", "'' is not one of low, medium, high, critical, never"),
        ("--rules-version", "new", "'new' is no release such as 0.1"),
    ],
)
def test_wrong_values_are_refused(
    tierlens: Tierlens, project: Project, option: str, value: str, message: str
) -> None:
    project(**{"template.yaml": OPEN})
    done = tierlens("check", "template.yaml", option, value)
    assert (done.status, done.out) == (2, "")
    assert message in done.err
