import pytest

from tests.validator.load.reading import at, load, said
from validator.load import ScalarNode


@pytest.mark.parametrize(
    ("written", "value", "text"),
    [
        ("yes", True, "true"),
        ("On", True, "true"),
        ("TRUE", True, "true"),
        ("no", False, "false"),
        ("off", False, "false"),
        ("y", "y", "y"),
        ("tRue", "tRue", "tRue"),
        ("'true'", "true", "true"),
        ("12", 12, "12"),
        ("-0", 0, "0"),
        ("+1", 1, "1"),
        ("0x1F", 31, "31"),
        ("0b11", 3, "3"),
        ("1_000", 1000, "1000"),
        ("80:8080", "80:8080", "80:8080"),
        ("2012-10-17", "2012-10-17", "2012-10-17"),
        ("2001-12-14t21:59:43.10-05:00", "2001-12-14t21:59:43.10-05:00", "2001-12-14t21:59:43.10-05:00"),
        ("1.5", 1.5, "1.5"),
        ("1.0", 1.0, "1.0"),
        (".5", 0.5, ".5"),
        ("1e3", "1e3", "1e3"),
        ("1.0e+3", 1000.0, "1.0e+3"),
        (".inf", float("inf"), ".inf"),
        ("~", None, ""),
        ("null", None, ""),
        ("", None, ""),
        ("=", "=", "="),
        ("<<", "<<", "<<"),
        ("0b_", "0b_", "0b_"),
        ("0x_", "0x_", "0x_"),
        ("9" * 5000, "9" * 5000, "9" * 5000),
        ("!Ref", {"Ref": ""}, ""),
    ],
)
def test_plain_scalars_are_typed_as_yaml_1_1_has_them(written, value, text):
    document = load(f"a: {written}\n")
    node = at(document, "a")
    if isinstance(value, dict):
        node, value = at(document, "a", "Ref"), ""
    assert isinstance(node, ScalarNode)
    assert (node.value, node.text, type(node.value)) == (value, text, type(value))
    assert document.diagnostics == ()


@pytest.mark.parametrize(
    ("written", "value", "text", "message"),
    [
        ("0123", 83, "83", "0123 is the octal number 83 in YAML 1.1"),
        ("-010", -8, "-8", "-010 is the octal number -8 in YAML 1.1"),
        (
            "012345678901",
            "012345678901",
            "012345678901",
            "012345678901 is text here (it has an 8 or a 9), but CloudFormation is known to make a number of it",
        ),
        ("22:22", 1342, "1342", "22:22 is the number 1342 in YAML 1.1 (base 60)"),
        ("1:30.5", 90.5, "1:30.5", "1:30.5 is the number 90.5 in YAML 1.1 (base 60)"),
        (
            "3.10",
            3.1,
            "3.10",
            "3.10 is the number 3.1 in YAML 1.1: its last zero is lost where it is a version",
        ),
    ],
)
def test_values_that_change_silently_are_noted(written, value, text, message):
    document = load(f"a: {written}\nb: {written}\nc: '{written}'\n")
    node = at(document, "a")
    assert isinstance(node, ScalarNode)
    assert (node.value, node.text) == (value, text)
    assert said(document) == [("notice", "yaml-1.1-value", "1:4")]
    assert document.diagnostics[0].message == message


def test_a_short_form_keeps_its_text():
    assert at(load("a: !Ref 0123\n"), "a", "Ref") == ScalarNode(
        "0123", "0123", at(load("a: !Ref 0123\n"), "a", "Ref").span
    )
