"""From values to keys: equal values have equal keys, different ones different keys."""

import hashlib
from collections.abc import Iterator, Mapping, Set
from dataclasses import fields, is_dataclass
from datetime import date
from enum import Enum
from pathlib import PurePath

_DEEPEST = 100


class Unkeyable(Exception):
    """A value without a text of its own (a function, a parsed document): what depends on it is not kept."""


def key_of(*values: object) -> str:
    """The key of values: texts, numbers, dates, paths, enumerations, collections and dataclasses of these.

    A dataclass counts with its type and all of its fields, so that a field that is added later counts as well.
    Raises Unkeyable for anything else.
    """
    text = "".join(piece for value in values for piece in _pieces(value, _DEEPEST))
    return hashlib.sha256(text.encode("utf-8", "surrogatepass")).hexdigest()


def _pieces(value: object, levels: int) -> Iterator[str]:
    if levels <= 0:
        raise Unkeyable("nested too deeply")
    match value:
        case Enum():
            yield from _tagged(type(value).__qualname__, value.name)
        case None | bool() | int() | float():
            yield from _tagged(type(value).__name__, repr(value))
        case str():
            yield from _tagged("str", value)
        case bytes():
            yield from _tagged("bytes", value.hex())
        case PurePath():
            yield from _tagged("path", str(value))
        case date():
            yield from _tagged(type(value).__name__, value.isoformat())
        case Mapping():
            # Their order counts: it may show in what is reported.
            yield from _collection("map", [item for pair in value.items() for item in pair], levels)
        case tuple() | list():
            yield from _collection("list", list(value), levels)
        case Set():
            texts = sorted("".join(_pieces(item, levels - 1)) for item in value)
            yield from _tagged("set", "".join(texts))
        case _ if is_dataclass(value) and not isinstance(value, type):
            items = [(one.name, getattr(value, one.name)) for one in fields(value)]
            yield from _collection(type(value).__qualname__, items, levels)
        case _:
            raise Unkeyable(type(value).__qualname__)


def _collection(name: str, items: list[object] | list[tuple[str, object]], levels: int) -> Iterator[str]:
    yield f"{name}({len(items)}:"
    for item in items:
        yield from _pieces(item, levels - 1)
    yield ")"


def _tagged(name: str, text: str) -> Iterator[str]:
    # With its length, no text can pass for the end of one value and the beginning of the next.
    yield f"{name}{len(text)}:{text};"
