"""Review writers come through the entry points of ``tierlens.reviews``."""

import pytest

from tests.validator.registry.conftest import WRITER, Install
from validator.model import RulePackError, UsageError
from validator.registry import load_review_writers, review_writer_names

OURS = "[tierlens.reviews]\njson = own_writers:writer\n"


def test_only_what_is_asked_for_is_imported(install: Install) -> None:
    install("tierlens", OURS + "text = missing:writer\n", {"own_writers": WRITER.format(name="json")})
    install("acme", "[tierlens.reviews]\nwiki = acme_wiki:writer\n", {"acme_wiki": WRITER.format(name="wiki")})
    assert review_writer_names() == ("json", "text", "wiki")
    assert [writer.name for writer in load_review_writers(("wiki", "json")).values()] == ["wiki", "json"]


def test_an_unknown_format_is_answered_with_the_nearest(install: Install) -> None:
    install("tierlens", OURS, {"own_writers": WRITER.format(name="json")})
    with pytest.raises(UsageError, match="no review format is named 'jsn'") as error:
        load_review_writers(("jsn",))
    assert error.value.hint == "did you mean json? installed: json"


def test_two_writers_of_one_name_are_refused(install: Install) -> None:
    install("tierlens", OURS, {"own_writers": WRITER.format(name="json")})
    install("acme", "[tierlens.reviews]\njson = acme_json:writer\n", {})
    with pytest.raises(RulePackError, match="two review writers have one name"):
        review_writer_names()


def test_what_is_no_writer_is_refused(install: Install) -> None:
    install("tierlens", OURS, {"own_writers": "writer = object()\n"})
    with pytest.raises(RulePackError, match="cannot be used: it is no review writer"):
        load_review_writers(("json",))
