from pathlib import Path

import pytest
from hypothesis import given
from hypothesis import strategies as st

from validator.model import SettingsError, Span
from validator.settings import read_samconfig
from validator.settings.overrides import parse_overrides

TOML = """version = 0.1
[default.deploy.parameters]
stack_name = "app-dev"
parameter_overrides = "Stage=\\"dev\\""
[prod.global.parameters]
stack_name = "app"
region = "eu-west-1"
[prod.deploy.parameters]
region = "eu-central-1"
parameter_overrides = {}
"""


def config(folder: Path, text: str, environment: str = "prod", name: str = "samconfig.toml"):
    (folder / name).write_text(text, encoding="utf-8")
    return read_samconfig(folder, environment, folder)


def overrides(folder: Path, written: str) -> dict[str, str]:
    return dict(config(folder, TOML.replace("{}", written)).parameters.values)


@pytest.mark.parametrize(
    ("text", "values"),
    [
        ("A=1 B=2", {"A": "1", "B": "2"}),
        ("ParameterKey=A,ParameterValue=1 ParameterKey=B,ParameterValue=x,y", {"A": "1", "B": "x,y"}),
        ("A=\"a b\" B='c d'", {"A": "a b", "B": "c d"}),
        (r'A="say \"x\"" B=a\ b', {"A": 'say "x"', "B": "a b"}),
        (r"A={\"k\":1}", {"A": '{"k":1}'}),
        ('A="" B=x=y', {"A": "", "B": "x=y"}),
        ("A=1 A=2", {"A": "2"}),
        ("\n  A=1\n  B=2\n", {"A": "1", "B": "2"}),
        ('"A"=1', {"A": "1"}),
        ("", {}),
    ],
)
def test_texts_are_read_as_sam_reads_them(text, values):
    assert parse_overrides(text) == values


@pytest.mark.parametrize(
    ("text", "position"),
    [
        ("A=1 B", 5),
        ("A", 1),
        ("A= B=1", 1),
        ('A="x', 1),
        ('A=x"y"', 1),
        ("A=1 ParameterKey=B,ParameterValue=2 x", 37),
        ("ParameterKey=A,ParameterValue=1 B=2", 33),
        ("My-Key=1", 1),
    ],
)
def test_texts_that_would_lose_a_value_are_refused(text, position):
    with pytest.raises(ValueError, match=f"cannot be read from character {position} on"):
        parse_overrides(text)


@given(st.dictionaries(st.text("ABab01", min_size=1, max_size=4), st.text("ab \"'=,{}", max_size=12), max_size=4))
def test_quoted_values_come_back(values: dict[str, str]) -> None:
    text = " ".join(f'{key}="' + value.replace('"', r"\"").replace("'", r"\'") + '"' for key, value in values.items())
    assert parse_overrides(text) == values


def test_an_unclosed_quote_is_refused_quickly():
    with pytest.raises(ValueError, match="character 1"):
        parse_overrides('A="' + "a" * 5000)


def test_the_command_beats_global_in_one_environment_only(tmp_path):
    found = config(tmp_path, TOML.replace("{}", '"Stage=prod"'))
    assert found is not None
    assert (found.source, found.environment) == (tmp_path / "samconfig.toml", "prod")
    assert (found.stack_name, found.region) == ("app", "eu-central-1")
    assert found.parameters.source == "samconfig.toml (prod)"
    assert dict(found.parameters.values) == {"Stage": "prod"}
    assert dict(found.parameters.spans) == {"Stage": Span("samconfig.toml", 10, 1, 10, 20)}
    default = read_samconfig(tmp_path, "default", tmp_path)
    assert default is not None
    assert (default.stack_name, default.region) == ("app-dev", None)
    assert dict(default.parameters.values) == {"Stage": "dev"}


@pytest.mark.parametrize(
    ("written", "values"),
    [
        ('["A=1", "B=2 C=3", "A=4"]', {"A": "4", "B": "2", "C": "3"}),
        ('{ A = 1, B = true, C = ["x", "y"] }', {"A": "1", "B": "true", "C": "x,y"}),
        ('["A=0", "file://p.json", "B=9"]', {"A": "1", "B": "9"}),
        ('"file://p.toml"', {"A": "t"}),
    ],
)
def test_every_form_of_overrides(tmp_path, written, values):
    (tmp_path / "p.json").write_text('{"A": "1", "B": "2"}', encoding="utf-8")
    (tmp_path / "p.toml").write_text('A = "t"\n', encoding="utf-8")
    assert overrides(tmp_path, written) == values


@pytest.mark.parametrize(
    "written",
    ["Stage=prod Zone='a b'", "[Stage=prod, \"Zone='a b'\"]", "{Stage: prod, Zone: a b}"],
)
def test_yaml_says_the_same(tmp_path, written):
    value = f'"{written}"' if written.startswith("Stage") else written
    text = (
        "prod:\n  global: {parameters: {region: eu-west-1}}\n  deploy:\n    parameters:\n"
        f"      parameter_overrides: {value}\n"
    )
    found = config(tmp_path, text, name="samconfig.yaml")
    assert dict(found.parameters.values) == {"Stage": "prod", "Zone": "a b"}
    assert found.region == "eu-west-1"
    assert found.parameters.spans["Stage"] == Span("samconfig.yaml", 5, 7, 5, 26)


def test_no_file_is_no_error(tmp_path):
    assert read_samconfig(tmp_path, "prod", tmp_path) is None


@pytest.mark.parametrize("name", ["samconfig.toml", "samconfig.yaml"])
def test_an_environment_that_is_not_there_is_an_error(tmp_path, name):
    text = "[production.deploy.parameters]\n" if name.endswith("toml") else "production: {deploy: {}}\n"
    with pytest.raises(SettingsError) as caught:
        config(tmp_path, text, "producton", name)
    assert caught.value.message == f"{name}: there is no environment 'producton': did you mean 'production'?"


@pytest.mark.parametrize(
    ("written", "message"),
    [
        ('"A=1 oops"', "'parameter_overrides' cannot be read from character 5 on"),
        ("[1]", "a list of overrides holds texts only"),
        ("3", "'parameter_overrides' is no text, list or table"),
        ("{ A = { b = 1 } }", "'A' has no value that a parameter can have"),
        ('"file://../p.json"', "'../p.json' lies outside of the project"),
    ],
)
def test_wrong_overrides_are_refused_with_their_place(tmp_path, written, message):
    with pytest.raises(SettingsError) as caught:
        overrides(tmp_path, written)
    assert caught.value.message == f"samconfig.toml:10:1: {message}"
