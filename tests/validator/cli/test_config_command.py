"""``tierlens config``: what is in force and from where, a first file, and the schema."""

import json
import re
from pathlib import Path

import jsonschema
import pytest

from tests.validator.cli.conftest import Project, Tierlens
from validator.settings import Settings, find_settings
from validator.settings.find import read_toml
from validator.settings.keys import KEYS


@pytest.fixture(autouse=True)
def _no_variable(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.delenv("TIERLENS_ENGINE", raising=False)


def rows(tierlens: Tierlens, *arguments: str) -> dict[str, tuple[object, str]]:
    """Each key with its value and its origin."""
    done = tierlens("config", "show", "--format", "json", *arguments)
    assert (done.status, done.err) == (0, "")
    return {row["key"]: (row["value"], row["from"]) for row in json.loads(done.out)["settings"]}


def test_without_a_file_everything_is_a_default(project: Project, tierlens: Tierlens) -> None:
    project()
    shown = rows(tierlens)
    assert {origin for _, origin in shown.values()} == {"default"}
    assert shown["fail-on"] == ("medium", "default")
    assert shown["engines"] == (["tierlens", "cfn-lint", "checkov"], "default")
    assert tierlens("config", "show").out.startswith("no settings file: tierlens config init writes one\n")


SETTINGS = """\
select = ["AUTH", "WAF"]
ignore = ["WAF002"]
fail-on = { default = "high", api-auth = "low" }

[severity]
AUTH = "medium"
[paths."legacy/**"]
ignore = ["WAF"]
severity = { api-auth = "off" }
[parameters]
Stage = "prod"
"""


def test_each_value_says_where_it_comes_from(project: Project, tierlens: Tierlens) -> None:
    project(**{"tierlens.toml": SETTINGS})
    shown = rows(tierlens, "--select", "AUTH", "--ignore", "AUTH002", "--fail-on", "waf-coverage=never")
    assert {key: shown[key] for key in shown if shown[key][1] != "default"} == {
        "fail-on": ("high", "tierlens.toml:3:1"),
        "fail-on.api-auth": ("low", "tierlens.toml:3:1"),
        "fail-on.waf-coverage": ("never", "command line"),
        "select": (["AUTH"], "command line"),
        "ignore": (["WAF002", "AUTH002"], "tierlens.toml:2:1, command line"),
        "severity.AUTH": ("medium", "tierlens.toml:6:1"),
        'paths."legacy/**".ignore': (["WAF"], "tierlens.toml:8:1"),
        'paths."legacy/**".severity.api-auth': ("off", "tierlens.toml:9:1"),
        "parameters.Stage": ("prod", "tierlens.toml:11:1"),
    }


def test_a_severity_of_the_command_line_replaces_the_table(project: Project, tierlens: Tierlens) -> None:
    project(**{"tierlens.toml": SETTINGS})
    shown = rows(tierlens, "--fail-on", "critical", "--deny-suppressions", "--rules-version", "0.1")
    assert [key for key in shown if key.startswith("fail-on.")] == []
    assert shown["fail-on"] == ("critical", "command line")
    assert (shown["deny-suppressions"], shown["rules-version"]) == ((True, "command line"), ("0.1", "command line"))


def test_an_environment_variable_is_named(
    project: Project, tierlens: Tierlens, monkeypatch: pytest.MonkeyPatch
) -> None:
    project()
    monkeypatch.setenv("TIERLENS_ENGINE", "tierlens")
    assert rows(tierlens)["engines"] == (["tierlens"], "environment variable")


def test_names_that_mean_nothing_are_told(project: Project, tierlens: Tierlens) -> None:
    project(**{"tierlens.toml": '[severity]\nAUTHX = "low"\n'})
    done = tierlens("config", "show")
    assert done.status == 2
    assert done.err.startswith("error: tierlens.toml:2:1: severity: 'AUTHX' matches no rule: did you mean 'AUTH'?\n")


def test_the_first_file_says_nothing_until_it_is_edited(project: Project, tierlens: Tierlens) -> None:
    folder = project()
    assert tierlens("config", "init").status == 0
    assert find_settings(folder) == Settings(
        source=folder / "tierlens.toml", parameters=find_settings(folder).parameters
    )
    (folder / "tierlens.toml").write_text("region = 'eu-west-1'\n")
    again = tierlens("config", "init")
    assert (again.status, (folder / "tierlens.toml").read_text()) == (2, "region = 'eu-west-1'\n")
    assert again.err == "error: tierlens.toml exists and is left as it is\n  hint: name another file, or edit it\n"


def test_each_line_of_the_first_file_is_a_setting(project: Project, tierlens: Tierlens) -> None:
    folder = project(**{"tierlens-baseline.json": "{}"})
    tierlens("config", "init", "all.toml")
    text = re.sub(r"^#(?=\S)", "", (folder / "all.toml").read_text(), flags=re.MULTILINE)
    (folder / "all.toml").write_text(text)
    settings = find_settings(folder, folder / "all.toml")
    written = {keys[0] for keys in settings.places}
    assert {"fail-on", "severity", "paths", "assume", "rules-version"} <= written <= set(KEYS)
    assert tierlens("config", "show", "--config", "all.toml").status == 0
    values = read_toml(text, "all.toml")
    values["assume"][0]["until"] = "2027-12-31"
    jsonschema.validate(values, json.loads(tierlens("config", "schema").out))


def test_the_first_file_goes_where_it_is_sent(project: Project, tierlens: Tierlens) -> None:
    folder: Path = project()
    assert tierlens("config", "init", "no/such/tierlens.toml").status == 2
    assert tierlens("config", "init", "template.yaml").status == 2
    assert sorted(path.name for path in folder.iterdir()) == [".git"]
