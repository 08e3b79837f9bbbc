"""``explain``, ``rules``, ``graph``, ``trace`` and the help of each command."""

import json
import re

import click
import pytest

from rules import pack
from tests.validator.cli.conftest import Project, Tierlens
from validator.cli.main import cli
from validator.cli.rule_page import rule_page
from validator.graph import Edge, Place, Relation, Resource
from validator.version import VERSION

COMMANDS = (
    "baseline",
    "cache",
    "check",
    "config",
    "diff",
    "explain",
    "graph",
    "init",
    "review",
    "rules",
    "scan",
    "suppressions",
    "trace",
    "wa",
)

TEMPLATE = """\
Resources:
  Api: {Type: AWS::ApiGateway::RestApi, Properties: {Name: tickets}}
  Table: {Type: AWS::DynamoDB::Table}
  Role: {Type: AWS::IAM::Role}
"""


@pytest.mark.parametrize("option", ["--help", "-h"])
def test_help_lists_the_commands(tierlens: Tierlens, option: str) -> None:
    done = tierlens(option)

    assert done.status == 0
    assert done.out.startswith("Usage: tierlens [OPTIONS] COMMAND [ARGS]...\n")
    listed = done.out.partition("Commands:\n")[2].splitlines()
    assert [line.split()[0] for line in listed] == list(COMMANDS)


@pytest.mark.parametrize("name", COMMANDS)
def test_every_command_and_option_explains_itself(tierlens: Tierlens, name: str) -> None:
    done = tierlens(name, "--help")

    assert (done.status, done.err) == (0, "")
    assert done.out.startswith(f"Usage: tierlens {name} ")
    command = cli.get_command(click.Context(cli), name)
    assert command is not None
    assert [p.name for p in command.params if isinstance(p, click.Option) and not p.help] == []


def test_version(tierlens: Tierlens) -> None:
    assert tierlens("--version").out == f"tierlens, version {VERSION}\n"


def test_no_command_shows_the_help(tierlens: Tierlens) -> None:
    done = tierlens()

    assert (done.status, done.out) == (2, "")
    assert done.err.startswith("Usage: tierlens [OPTIONS] COMMAND [ARGS]...\n")


@pytest.mark.parametrize(
    ("arguments", "said"),
    [
        (["chek"], "Error: No such command 'chek'."),
        (["check"], "Error: Missing argument 'PATH...'."),
        (["check", "--selct", "X", "."], "--selct"),
        (["check", "--fail-on", "huge", "."], "Error: Invalid value for '--fail-on': 'huge' is not one of"),
        (
            ["check", "--root", "nowhere", "."],
            "Error: Invalid value for '--root': Directory 'nowhere' does not exist.",
        ),
        (["graph", "--format", "png", "."], "Error: Invalid value for '--format': 'png' is not one of"),
        (["explain"], "Error: Missing argument 'RULE'."),
        (["trace", "internet"], "Error: Missing argument 'TO'."),
    ],
)
def test_bad_usage(project: Project, tierlens: Tierlens, arguments: list[str], said: str) -> None:
    project()

    done = tierlens(*arguments)

    assert (done.status, done.out) == (2, "")
    assert said in done.err
    assert "Traceback" not in done.err


@pytest.mark.parametrize("name", ["AUTH001", "auth001"])
def test_explain_prints_the_page(tierlens: Tierlens, name: str) -> None:
    rule = next(rule for rule in pack() if rule.meta.id == "AUTH001")

    done = tierlens("explain", name)

    assert (done.status, done.out) == (0, rule_page(rule))
    assert done.out.startswith(f"# AUTH001: {rule.meta.title}\n")
    assert done.out.count("## References") == 1


def test_explain_suggests_the_near_rule(tierlens: Tierlens) -> None:
    done = tierlens("explain", "WAF01")

    assert (done.status, done.err) == (2, "error: no rule is named WAF01\n  hint: did you mean 'WAF001'?\n")


def test_rules_are_listed_by_id(tierlens: Tierlens) -> None:
    lines = tierlens("rules").out.splitlines()

    assert [line.split()[0] for line in lines] == [rule.meta.id for rule in pack()]
    (line,) = [line for line in lines if line.startswith("AUTH003 ")]
    assert re.split("  +", line) == ["AUTH003", "high", "api-auth", "A function URL is open to everyone"]


def test_rules_as_json(tierlens: Tierlens) -> None:
    entries = json.loads(tierlens("rules", "--format", "json").out)

    assert [entry["id"] for entry in entries] == [rule.meta.id for rule in pack()]
    for entry, rule in zip(entries, pack(), strict=True):
        meta = rule.meta
        assert entry == {
            "id": meta.id,
            "title": meta.title,
            "category": meta.category.value,
            "severity": meta.severity.value,
            "lens": list(meta.lens),
            "since": meta.since,
            "why": meta.why,
            "subjects": list(meta.subjects),
            "references": list(meta.references),
        }


def test_rules_are_filtered(tierlens: Tierlens) -> None:
    ids = [line.split()[0] for line in tierlens("rules", "--select", "api-auth,WAF001").out.splitlines()]

    assert ids == [rule.meta.id for rule in pack() if rule.meta.category.value == "api-auth"] + ["WAF001"]
    refused = tierlens("rules", "--select", "waf")
    assert (refused.status, refused.out) == (2, "")
    assert refused.err.startswith("error: select: 'waf' matches no rule")


def test_graph_as_json(project: Project, tierlens: Tierlens) -> None:
    project(**{"app.yaml": TEMPLATE})

    done = tierlens("graph", ".", "--format", "json")

    nodes = {node["name"]: node for node in json.loads(done.out)["nodes"]}
    assert done.status == 0
    assert {name: nodes[name]["tier"] for name in ("Api", "Table", "Role")} == {
        "Api": "logic",
        "Table": "data",
        "Role": "support",
    }
    assert (nodes["Table"]["type"], nodes["Table"]["location"]) == ("AWS::DynamoDB::Table", "app.yaml:3:3")


@pytest.mark.parametrize(
    ("format_name", "first", "tier"),
    [("mermaid", "flowchart LR", "  subgraph data"), ("dot", "digraph architecture {", "subgraph cluster_data")],
)
def test_graph_as_a_picture(project: Project, tierlens: Tierlens, format_name: str, first: str, tier: str) -> None:
    folder = project(**{"app.yaml": TEMPLATE})

    printed = tierlens("graph", ".", "--format", format_name)
    written = tierlens("graph", ".", "--format", format_name, "-o", "graph.txt")

    assert printed.out.splitlines()[0] == first
    assert tier in printed.out
    assert (written.status, written.out) == (0, "")
    assert (folder / "graph.txt").read_text() == printed.out


def test_graph_of_what_cannot_be_read(project: Project, tierlens: Tierlens) -> None:
    project(**{"app.yaml": "Resources: [\n"})

    done = tierlens("graph", "app.yaml")

    assert (done.status, done.out) == (2, "")
    assert done.err.startswith("error: app.yaml:")


def test_graph_into_no_folder(project: Project, tierlens: Tierlens) -> None:
    project(**{"app.yaml": TEMPLATE})

    done = tierlens("graph", "app.yaml", "-o", "none/graph.mmd")

    assert (done.status, done.err) == (
        2,
        "error: the graph cannot be written to none/graph.mmd: No such file or directory\n"
        "  hint: name a file in a folder that exists and can be written to\n",
    )


def test_trace_without_a_path(project: Project, tierlens: Tierlens) -> None:
    project(**{"app.yaml": TEMPLATE})

    assert tierlens("trace", "internet", "Table", "app.yaml").out == "no path from the Internet to Table\n"


def test_trace_shows_every_step(project: Project, tierlens: Tierlens, monkeypatch: pytest.MonkeyPatch) -> None:
    def edges(graph: object, resource: Resource) -> list[Edge]:
        if resource.logical_id != "Api":
            return []
        return [Edge(Place.INTERNET, Relation.ROUTES_TO, resource, resource.span, "GET \x1b[31m/")]

    monkeypatch.setattr("validator.cli.graphs.BUILDERS", (edges,))
    project(**{"app.yaml": TEMPLATE})

    assert tierlens("trace", "Internet", "Api", "app.yaml").out == (
        "1 path from the Internet to Api\n\n1. the Internet\n   -> Api\n"
        "      routes to (GET \\x1b[31m/)\n         app.yaml:2:3\n"
    )


def test_trace_names_what_it_does_not_find(project: Project, tierlens: Tierlens) -> None:
    project(**{"app.yaml": TEMPLATE, "other.yaml": TEMPLATE.replace("Role", "OtherRole")})

    missing = tierlens("trace", "internet", "Tabel", "app.yaml")
    twice = tierlens("trace", "internet", "Table", ".")

    assert (missing.status, missing.err) == (2, "error: no resource is named Tabel\n  hint: did you mean 'Table'?\n")
    assert (twice.status, twice.err) == (
        2,
        "error: Table is in several templates: app.yaml, other.yaml\n  hint: give one of them only\n",
    )
