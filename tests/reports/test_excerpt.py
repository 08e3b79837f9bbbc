import pytest
from hypothesis import given
from hypothesis import strategies as st

from reports.text.excerpt import Excerpt, SourceLines
from reports.text.plain import width_of
from validator.model import Span


def excerpt(source: str, span: Span, width: int = 80) -> Excerpt | None:
    return SourceLines({"t.yaml": source}).excerpt(span, width)


def at(line: int, column: int, end_column: int, end_line: int | None = None) -> Span:
    return Span("t.yaml", line, column, end_line or line, end_column)


@pytest.mark.parametrize(
    ("line", "span", "expected"),
    [
        pytest.param("Key: value", at(1, 6, 11), Excerpt(1, "Key: value", 5, 5), id="plain"),
        pytest.param("Key: value", at(1, 1, 4), Excerpt(1, "Key: value", 0, 3), id="first column"),
        pytest.param("Key:", at(1, 5, 5), Excerpt(1, "Key:", 4, 1), id="empty span after the end"),
        pytest.param("Key: value", at(1, 1, 3, end_line=4), Excerpt(1, "Key: value", 0, 10), id="several lines"),
        pytest.param("a\tb", at(1, 3, 4), Excerpt(1, "a   b", 4, 1), id="tab goes to its stop"),
        pytest.param("\tb", at(1, 1, 2), Excerpt(1, "    b", 0, 4), id="the tab itself"),
        pytest.param("予約: x", at(1, 5, 6), Excerpt(1, "予約: x", 6, 1), id="wide before"),
        pytest.param("x: 予約", at(1, 4, 6), Excerpt(1, "x: 予約", 3, 4), id="wide marked"),
        pytest.param("e\u0301: x", at(1, 5, 6), Excerpt(1, "e\u0301: x", 3, 1), id="combining accent"),
        pytest.param("a\x1bb", at(1, 3, 4), Excerpt(1, "a\\x1bb", 5, 1), id="escape made visible"),
        pytest.param("\ufeffKey: v", at(1, 6, 7), Excerpt(1, "Key: v", 5, 1), id="byte order mark"),
    ],
)
def test_caret_stands_under_the_span(line: str, span: Span, expected: Excerpt) -> None:
    assert excerpt(line, span) == expected


def test_a_caret_after_a_line_of_full_width_stays_on_the_page() -> None:
    line = "k" * 40
    fitting, after = excerpt(line, at(1, 40, 41), width=40), excerpt(line, at(1, 41, 41), width=40)
    assert fitting == Excerpt(1, line, 39, 1)
    assert after == Excerpt(1, "..." + "k" * 12, 15, 1)


@pytest.mark.parametrize("line_break", ["\n", "\r\n", "\r", "\x85", "\u2028"])
def test_lines_are_those_of_yaml(line_break: str) -> None:
    assert excerpt(f"a: 1{line_break}b: 2", at(2, 4, 5)) == Excerpt(2, "b: 2", 3, 1)


def test_form_feed_ends_no_line() -> None:
    assert excerpt("a: 1\x0cb: 2", at(1, 6, 7)) == Excerpt(1, "a: 1\\x0cb: 2", 8, 1)


@pytest.mark.parametrize("line", [2, 3, 40])
def test_no_excerpt_where_there_is_no_text(line: int) -> None:
    assert excerpt("a: 1\n\n   ", at(line, 1, 2)) is None


def test_no_excerpt_of_a_file_that_is_not_in_the_review() -> None:
    assert SourceLines({}).excerpt(at(1, 1, 2), 80) is None


def test_long_line_is_cut_behind_a_caret_near_the_start() -> None:
    assert excerpt("Key: " + "v" * 100, at(1, 1, 4), 20) == Excerpt(1, "Key: " + "v" * 12 + "...", 0, 3)


def test_long_line_is_cut_on_both_sides_of_a_caret_in_the_middle() -> None:
    line = "a" * 50 + "KEY" + "b" * 50
    assert excerpt(line, at(1, 51, 54), 30) == Excerpt(1, "..." + "a" * 12 + "KEY" + "b" * 9 + "...", 15, 3)


def test_long_line_is_cut_before_a_caret_at_the_end() -> None:
    line = "a" * 50 + "KEY"
    assert excerpt(line, at(1, 51, 54), 30) == Excerpt(1, "..." + "a" * 12 + "KEY", 15, 3)


def test_carets_end_where_a_long_line_is_cut() -> None:
    assert excerpt("v" * 100, at(1, 1, 101), 20) == Excerpt(1, "v" * 17 + "...", 0, 17)


@given(
    line=st.text(st.characters(exclude_characters="\n\r\x85\u2028\u2029"), max_size=300),
    start=st.integers(1, 320),
    length=st.integers(0, 50),
    width=st.integers(30, 120),
)
def test_code_and_carets_fit_into_the_width(line: str, start: int, length: int, width: int) -> None:
    shown = excerpt(line, at(1, start, start + length), width)
    if shown is None:
        assert not line.removeprefix("\ufeff").strip()
        return
    assert all(character.isprintable() or character.isspace() for character in shown.code)
    assert width_of(shown.code) <= width
    assert shown.length >= 1
    assert shown.offset + shown.length <= width + 1  # an empty span may stand behind the last column
