"""A review comes back as it was; a text that is none is refused."""

import json
from dataclasses import fields, replace
from pathlib import Path

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from tests.packaging.checkout import ROOT
from validator.cache.codec import NotReadable, read, written
from validator.model import AssumptionUsed, Finding, Review, Settling
from validator.review import ReviewRequest, review


@pytest.fixture(scope="module")
def real() -> Review:
    """A review with findings of all sorts, scenarios, suppressions and pictures."""
    folder = ROOT / "reference_stacks" / "microservices"
    return review(ReviewRequest((str(folder),), ROOT, with_pictures=True))


def test_a_real_review_comes_back_as_it_was(real: Review) -> None:
    back = read(written(real))

    assert back == real
    assert written(back) == written(real)
    assert [one.fingerprint for one in back.findings] == [one.fingerprint for one in real.findings]
    assert len(real.findings) > 100
    assert real.pictures


@settings(max_examples=30, suppress_health_check=[HealthCheck.too_slow])
@given(st.from_type(Finding), st.from_type(Settling), st.from_type(AssumptionUsed))
def test_any_review_comes_back_as_it_was(finding: Finding, settling: Settling, assumption: AssumptionUsed) -> None:
    made = Review(
        "1", (), (finding,), (), {}, {}, Path("/p"), settling=(settling,), assumptions=(assumption,), fixed=(finding,)
    )

    assert read(written(made)) == made


def test_a_lone_surrogate_survives(real: Review) -> None:
    made = replace(real, sources={"a\ud800": "\udfff"}, findings=(replace(real.findings[0], message="\ud800"),))

    assert read(written(made)) == made


@pytest.mark.parametrize("text", [b"", b"null", b"{}", b"[]", b"[1]", b"\xff", b"[" * 100_000])
def test_what_is_no_review_is_refused(text: bytes) -> None:
    with pytest.raises(NotReadable):
        read(text)


@pytest.mark.parametrize("place", range(len(fields(Review))))
def test_a_field_of_another_type_is_refused(real: Review, place: int) -> None:
    data = json.loads(written(real))
    data[place] = 1.5

    with pytest.raises(NotReadable):
        read(json.dumps(data).encode())
