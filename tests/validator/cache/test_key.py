"""Equal values have equal keys, different values different ones."""

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import date
from pathlib import Path
from types import MappingProxyType

import pytest
from hypothesis import given
from hypothesis import strategies as st

from validator.cache import Unkeyable, key_of
from validator.model import Severity

plain = st.recursive(
    st.none() | st.booleans() | st.integers() | st.text(max_size=5),
    lambda inner: st.lists(inner, max_size=3) | st.dictionaries(st.text(max_size=3), inner, max_size=3),
    max_leaves=6,
)


@dataclass(frozen=True)
class Table:
    name: str
    size: int = 0


@given(plain, plain)
def test_keys_are_equal_exactly_when_values_are(one: object, other: object) -> None:
    assert (key_of(one) == key_of(other)) == (repr(one) == repr(other))


@pytest.mark.parametrize(
    ("one", "other"),
    [
        (("ab", "c"), ("a", "bc")),
        ("1", 1),
        (1, True),
        (Path("a"), "a"),
        (None, "None"),
        (Severity.LOW, "low"),
        (date(2026, 1, 2), "2026-01-02"),
        (("a", "b"), ("b", "a")),
        ({"a": 1, "b": 2}, {"b": 2, "a": 1}),
        (Table("a"), Table("a", 1)),
        ((("a",), "b"), (("a", "b"),)),
        ("\ud800", "\ud801"),
    ],
)
def test_near_values_have_different_keys(one: object, other: object) -> None:
    assert key_of(one) != key_of(other)


def test_the_sort_of_a_collection_does_not_count() -> None:
    proxy: Mapping[str, int] = MappingProxyType({"a": 1})

    assert key_of(proxy, ["x"], frozenset(("p", "q"))) == key_of({"a": 1}, ("x",), frozenset(("q", "p")))


@pytest.mark.parametrize("value", [print, object(), Table])
def test_what_has_no_text_of_its_own_has_no_key(value: object) -> None:
    with pytest.raises(Unkeyable):
        key_of([value])
