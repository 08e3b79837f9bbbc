"""ARNs by structure."""

import fnmatch

import pytest
from hypothesis import given
from hypothesis import strategies as st

from validator.graph.iam.arns import Coverage, PolicyVariable, covers, is_everything, marks_of, match, whole_service
from validator.model import Missing, Span
from validator.resolve import Hole, Part, Pseudo, ResourceRef, Text

SPAN = Span("t.yaml", 1, 1, 1, 2)
ACCOUNT, REGION = Pseudo("AWS::AccountId"), Pseudo("AWS::Region")
TABLE = ResourceRef("t.yaml", "Table", "Arn")


def text(*parts: Part) -> Text:
    return Text(parts, SPAN)


@pytest.mark.parametrize(
    ("parts", "service"),
    [
        (("arn:aws:dynamodb:*:*:table/*",), "dynamodb"),
        (("arn:aws:dynamodb:", REGION, ":", ACCOUNT, ":table/*"), "dynamodb"),
        (("arn:aws:dynamodb:", REGION, ":", ACCOUNT, ":table/", ResourceRef("t.yaml", "Table"), "*"), None),
        (("arn:aws:dynamodb:*:*:table/*/index/*",), "dynamodb"),
        (("arn:aws:s3:::*",), "s3"),
        (("arn:aws:s3:::reports/*",), None),
        (("arn:aws:s3:::reports*",), None),
        (("arn:aws:iam::111122223333:role/*",), "iam"),
        (("arn:aws:iam::111122223333:role/app/*",), None),
        (("arn:aws:logs:*:*:log-group:*:*",), "logs"),
        (("arn:aws:apigateway:eu-west-1::/restapis/*",), "apigateway"),
        (("arn:aws:execute-api:*:*:*/prod/GET/tickets",), None),
        (("arn:aws:sqs:*:*:*",), "sqs"),
        (("*",), None),
        ((TABLE,), None),
        ((TABLE, "/index/*"), None),
    ],
)
def test_whole_service(parts: tuple[Part, ...], service: str | None) -> None:
    assert whole_service(text(*parts)) == service


@pytest.mark.parametrize(
    ("value", "everything"),
    [("*", True), ("**", True), ("arn:aws:*:*:*:*", True), ("arn:aws:s3:::*", False), ("", False), ("a*", False)],
)
def test_everything(value: str, everything: bool) -> None:
    assert is_everything(text(value)) is everything


def test_variables_are_neither_wildcards_nor_text() -> None:
    value = text("a/${aws:username}/${*}")
    assert marks_of(value) == ("a", "/", PolicyVariable("aws:username"), "/", "*")
    # The old grammar knows no variables.
    assert "$" in marks_of(value, variables=False)


@pytest.mark.parametrize(
    ("element", "coverage"),
    [
        (("arn:aws:dynamodb:eu-west-1:111122223333:table/tickets",), Coverage.NAMED),
        (("arn:", Pseudo("AWS::Partition"), ":dynamodb:", REGION, ":", ACCOUNT, ":table/tickets"), Coverage.NAMED),
        (("arn:aws:dynamodb:*:*:table/tick*",), Coverage.PATTERN),
        (("arn:aws:dynamodb:*:*:table/ticket?",), Coverage.PATTERN),
        (("arn:aws:dynamodb:*:*:table/shows",), Coverage.NO),
        (("arn:aws:dynamodb:*:*:table/tickets/index/*",), Coverage.NO),
        (("arn:aws:s3:::tickets",), Coverage.NO),
        (("*",), Coverage.PATTERN),
        (("arn:aws:dynamodb:*:*:table/tickets",), Coverage.NAMED),
        (("arn:aws:dynamodb:*:*:table/", Hole(Missing("w", "h", "k"))), Coverage.UNKNOWN),
        (("arn:aws:dynamodb:*:*:table/a", Hole(Missing("w", "h", "k"))), Coverage.NO),
    ],
)
def test_match(element: tuple[Part, ...], coverage: Coverage) -> None:
    arn = text("arn:", Pseudo("AWS::Partition"), ":dynamodb:", REGION, ":", ACCOUNT, ":table/tickets")
    assert match(text(*element), arn) is coverage


LETTERS = st.text("ab*?", max_size=6)


@given(LETTERS, st.text("ab", max_size=6))
def test_covers_agrees_with_shell_patterns_on_plain_text(pattern: str, name: str) -> None:
    expected = fnmatch.fnmatchcase(name, pattern) or (bool(pattern) and set(pattern) == {"*"})
    assert covers(text(pattern), text(name)) is bool(expected)


@given(LETTERS, LETTERS, st.text("ab", max_size=6))
def test_what_is_covered_by_a_covered_pattern_is_covered(wide: str, narrow: str, name: str) -> None:
    if covers(text(wide), text(narrow)) and covers(text(narrow), text(name)):
        assert covers(text(wide), text(name))
