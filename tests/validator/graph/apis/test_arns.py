"""ARNs are split at their first five colons, and references stay whole."""

import pytest
from hypothesis import given
from hypothesis import strategies as st

from validator.graph.apis.arns import arn_of, literal_of, split_parts
from validator.model import Span
from validator.resolve import Part, Pseudo, ResourceRef, Text

SPAN = Span("t", 1, 1, 1, 2)
API = ResourceRef("s", "Api")
REGION = Pseudo("AWS::Region")


def _text(*parts: Part) -> Text:
    return Text(parts, SPAN)


def test_fields_and_segments() -> None:
    arn = arn_of(_text("arn:aws:apigateway:", REGION, "::/restapis/", API, "/stages/prod"))
    assert arn is not None
    assert (arn.service_name, arn.region, arn.account) == ("apigateway", (REGION,), ())
    assert arn.segments() == ((), ("restapis",), (API,), ("stages",), ("prod",))


def test_later_colons_belong_to_the_resource() -> None:
    arn = arn_of(_text("arn:aws:lambda:eu-west-1:1:function:f:live"))
    assert arn is not None
    assert arn.resource == ("function:f:live",)


@pytest.mark.parametrize("text", ["", "prod", "arn:aws:s3", "urn:a:b:c:d:e"])
def test_other_texts_are_none(text) -> None:
    assert arn_of(_text(text)) is None


PARTS = st.lists(st.one_of(st.text("ab/:", min_size=1), st.just(API), st.just(REGION)))


@given(PARTS, st.sampled_from("/:"))
def test_joining_the_pieces_gives_the_parts_back(parts, delimiter) -> None:
    pieces = split_parts(tuple(parts), delimiter)
    shown = delimiter.join("".join(map(str, piece)) for piece in pieces)
    assert shown == "".join(map(str, parts))
    assert all(delimiter not in part for piece in pieces for part in piece if isinstance(part, str))


@given(PARTS, st.integers(0, 3))
def test_at_most_so_many_splits(parts, most) -> None:
    assert len(split_parts(tuple(parts), ":", most)) <= most + 1


def test_literal_needs_every_part_written_out() -> None:
    assert literal_of(("a", "b")) == "ab"
    assert literal_of(()) == ""
    assert literal_of(("a", API)) is None


def test_placeholders_that_nothing_substituted_stay_whole() -> None:
    arn = arn_of(_text("arn:aws:apigateway:${AWS::Region}:states:action/StartExecution"))
    assert arn is not None
    assert (arn.region, arn.account) == (("${AWS::Region}",), ("states",))
