from dataclasses import replace
from types import MappingProxyType

import pytest
from hypothesis import given
from hypothesis import strategies as st

from validator.model import Diagnostic, DiagnosticLevel, ParameterDeclaration, SettingsError, Span, UsageError
from validator.settings import (
    GivenParameters,
    check_names,
    given_on_command_line,
    merge_parameters,
    refusal,
    undeclared_names,
)
from validator.settings.patterns import matches

PLACE = Span("template.yaml", 3, 5, 4, 1)
STAGE = ParameterDeclaration("Stage", "String", PLACE, allowed_values=("dev", "prod"))


def declared(kind: str = "String", **attributes: object) -> ParameterDeclaration:
    return replace(ParameterDeclaration("P", kind, PLACE), **attributes)


def layer(source: str, *unknown: str, **values: str) -> GivenParameters:
    spans = {name: Span(source, 1, 1, 1, 2) for name in (*values, *unknown)}
    return GivenParameters(source, MappingProxyType(values), frozenset(unknown), MappingProxyType(spans))


def test_later_layers_beat_earlier_ones_value_by_value():
    names = {name: replace(STAGE, name=name, allowed_values=None) for name in "ABCD"}
    merged = merge_parameters(
        names, layer("file", "C", A="1", B="1", D="1", E="1"), layer("other", "D", B="2", C="2")
    )
    assert dict(merged.values) == {"A": "1", "B": "2", "C": "2"}
    assert merged.unknown == {"D"}
    assert {name: span.path for name, span in merged.spans.items()} == {
        "A": "file",
        "B": "other",
        "C": "other",
        "D": "other",
    }
    assert merged.source == "file, other"


def test_the_place_of_a_beaten_value_is_not_kept():
    merged = merge_parameters({"Stage": STAGE}, layer("file", Stage="dev"), given_on_command_line(["Stage=prod"]))
    assert (dict(merged.values), dict(merged.spans)) == ({"Stage": "prod"}, {})


def test_all_values_that_are_not_admitted_come_in_one_message():
    count = ParameterDeclaration("Count", "Number", Span("template.yaml", 7, 5, 8, 1), max_value=5)
    with pytest.raises(SettingsError) as caught:
        merge_parameters(
            {"Stage": STAGE, "Count": count}, layer("p.json", Count="6"), given_on_command_line(["Stage=test"])
        )
    assert caught.value.message.splitlines() == [
        "p.json:1:1: parameter 'Count' has the value '6', which is above 5 (declared at template.yaml:7:5)",
        "--parameter: parameter 'Stage' has the value 'test', which is not allowed: allowed are dev, prod "
        "(declared at template.yaml:3:5)",
    ]


def test_a_beaten_value_is_not_judged():
    assert dict(merge_parameters({"Stage": STAGE}, layer("f", Stage="x"), layer("g", Stage="dev")).values) == {
        "Stage": "dev"
    }


@pytest.mark.parametrize(
    ("declaration", "value", "reason"),
    [
        (STAGE, "dev", ""),
        (STAGE, "Dev", "has the value 'Dev', which is not allowed: allowed are dev, prod"),
        (replace(STAGE, no_echo=True), "hunter2", "has a value (hidden, NoEcho), which is not allowed"),
        (declared("Number"), "1.5e3", ""),
        (declared("Number"), "1_0", "has the value '1_0', which is no number"),
        (declared("Number"), "nan", "has the value 'nan', which is no number"),
        (declared("Number", allowed_values=("1", "2")), "1.0", ""),
        (declared("Number", min_value=2), "1", "has the value '1', which is below 2"),
        (declared("Number", min_value=2), "2", ""),
        (declared("List<Number>", max_value=2), "1, 3", "has the value '3', which is above 2"),
        (declared(min_length=3), "ab", "has the value 'ab', which has a length below 3"),
        (declared(max_length=3), "abc", ""),
        (declared(max_length=3), "abcd", "has the value 'abcd', which has a length above 3"),
        (declared(allowed_pattern="[a-z]+"), "ab", ""),
        (declared(allowed_pattern="[a-z]+"), "ab1", "has the value 'ab1', which does not match the pattern [a-z]+"),
        (declared(allowed_pattern=r"\p{Lower}+"), "1", ""),
        (declared("CommaDelimitedList", allowed_values=("a", "b")), "a, b", ""),
        (
            declared("CommaDelimitedList", allowed_values=("a", "b")),
            "a,c",
            "has the value 'c', which is not allowed: allowed are a, b",
        ),
        (declared("CommaDelimitedList", allowed_pattern="[a-z]"), "a,b", ""),
        (declared("AWS::SSM::Parameter::Value<String>", max_length=2), "/a/b/c", ""),
        (declared("AWS::EC2::VPC::Id"), "vpc-1", ""),
        (declared(), "x" * 4096, ""),
        (declared(), "é" * 2049, "has a value of more than 4,096 bytes"),
    ],
)
def test_constraints(declaration, value, reason):
    assert refusal(declaration, value) == reason


def test_a_name_is_wrong_only_if_no_template_declares_it():
    given_values = [layer("p.json", "Stagee", Stage="dev", Vpc="x"), given_on_command_line(["Zzz=1"])]
    check_names(given_values[:1], {"a.yaml": ["Stage", "Stagee"], "b.yaml": {"Vpc"}})
    with pytest.raises(UsageError) as caught:
        check_names(given_values, {"a.yaml": ["Stage"], "b.yaml": {"Vpc"}})
    messages = [
        "p.json:1:1: no template of the run declares a parameter 'Stagee': did you mean 'Stage'?",
        "--parameter: no template of the run declares a parameter 'Zzz'",
    ]
    assert caught.value.message.splitlines() == messages
    assert undeclared_names(given_values, {"a.yaml": ["Stage", "Vpc"]}) == (
        Diagnostic(DiagnosticLevel.NOTICE, "parameter-undeclared", messages[0], Span("p.json", 1, 1, 1, 2)),
        Diagnostic(DiagnosticLevel.NOTICE, "parameter-undeclared", messages[1]),
    )


def test_the_command_line_divides_at_the_first_sign():
    parameters = given_on_command_line(["A=1", "B=x=y", "C=", "A=2"])
    assert dict(parameters.values) == {"A": "2", "B": "x=y", "C": ""}


@pytest.mark.parametrize("text", ["secret", "=secret", " =secret"])
def test_a_forgotten_name_is_refused_without_showing_the_text(text):
    with pytest.raises(UsageError) as caught:
        given_on_command_line([text])
    assert caught.value.message == "--parameter is given without a name and a value"
    assert "secret" not in caught.value.hint


@pytest.mark.parametrize(
    ("pattern", "value", "answer"),
    [
        (r"^(\d{1,3}\.){3}\d{1,3}/\d+$", "10.0.0.0/16", True),
        (r"^(\d{1,3}\.){3}\d{1,3}/\d+$", "10.0.0/16", False),
        ("[a-zA-Z][a-zA-Z0-9-]*", "a1-b", True),
        ("|".join(f"w{n}" for n in range(50)), "w49", True),
        ("[]a]+", "]a", True),
        ("(?:a|b)c", "bc", True),
        ("[a-z&&[^b]]", "b", None),
        (r"\p{Alnum}", "a", None),
        ("(", "a", None),
        ("(a+)+b", "a" * 40, None),
        ("(a|a)*b", "a" * 40, None),
        ("(a?){40}a{40}", "a" * 40, None),
        (".*.*.*.*.*x", "a" * 4096, None),
    ],
)
def test_patterns(pattern, value, answer):
    assert matches(pattern, value) is answer


@given(st.text("ab(|)[]*+?{1,}\\^$.", max_size=14), st.text("ab", max_size=30))
def test_any_pattern_gets_an_answer(pattern: str, value: str) -> None:
    assert matches(pattern, value) in (True, False, None)
