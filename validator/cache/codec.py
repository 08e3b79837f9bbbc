"""A review as text and back: plain JSON by the fields of the dataclasses, never anything that could run code.

An object is the list of its fields' values in their order. Which fields there are is not written: an entry's key
covers the code, so what reads it is what wrote it. Still, whatever does not fit is refused and never guessed.
"""

import json
import types
from collections.abc import Callable, Mapping
from dataclasses import fields, is_dataclass
from datetime import date
from enum import Enum
from functools import cache
from pathlib import Path
from types import MappingProxyType
from typing import Any, Union, cast, get_args, get_origin, get_type_hints

from validator.model import Review

Decoder = Callable[[Any], Any]


class NotReadable(Exception):
    """The text is no review."""


def written(review: Review) -> bytes:
    """The review as ASCII text. Raises TypeError for a value that its model does not foresee."""
    return json.dumps(_plain(review), separators=(",", ":"), ensure_ascii=True, allow_nan=False).encode("ascii")


def read(text: bytes) -> Review:
    """The review that ``written`` was given. Raises NotReadable for any other text."""
    try:
        review = _decoder(Review)(json.loads(text))
    except (ValueError, TypeError, KeyError, IndexError, RecursionError, AttributeError) as error:
        raise NotReadable(f"{type(error).__name__}: {error}") from error
    if not isinstance(review, Review):
        raise NotReadable("it holds something else")
    return review


def _plain(value: object) -> object:
    kind: Any = type(value)
    if kind is str or kind is int or kind is bool or value is None:
        return value
    if isinstance(value, Enum):
        return value.value
    if isinstance(value, tuple):
        return [_plain(item) for item in value]
    if isinstance(value, Mapping):
        return [[_plain(key), _plain(item)] for key, item in value.items()]
    if isinstance(value, Path):
        return str(value)
    if kind is date:
        return cast(date, value).isoformat()
    if is_dataclass(value):
        return [_plain(getattr(value, name)) for name in _field_names(kind)]
    raise TypeError(f"a review does not hold a {kind.__qualname__}")


@cache
def _field_names(kind: type) -> tuple[str, ...]:
    return tuple(one.name for one in fields(kind))


@cache
def _decoder(hint: Any) -> Decoder:
    """What turns plain data into a value of the annotated type, and refuses data of another form."""
    origin = get_origin(hint)
    if origin in (Union, types.UnionType):
        return _optional(hint)
    if origin is tuple:
        return _tuple(get_args(hint)[0])
    if origin is Mapping or origin is dict:
        return _mapping(*get_args(hint))
    if hint in (str, int, bool):
        return _exact(hint)
    if hint is date:
        return date.fromisoformat
    if hint is Path:
        return lambda data: Path(_exact(str)(data))
    if isinstance(hint, type) and issubclass(hint, Enum):
        return {member.value: member for member in hint}.__getitem__
    if is_dataclass(hint):
        return _dataclass(hint)
    raise TypeError(f"a review is not expected to hold {hint}")


def _exact(kind: type) -> Decoder:
    def decode(data: Any) -> Any:
        if type(data) is not kind:
            raise TypeError(f"{kind.__name__} expected")
        return data

    return decode


def _optional(hint: Any) -> Decoder:
    (inner,) = (argument for argument in get_args(hint) if argument is not type(None))
    decode = _decoder(inner)
    return lambda data: None if data is None else decode(data)


def _tuple(item: Any) -> Decoder:
    decode = _decoder(item)

    def of_list(data: Any) -> Any:
        if type(data) is not list:
            raise TypeError("a list expected")
        return tuple([decode(one) for one in data]) if data else ()

    return of_list


def _mapping(key: Any, item: Any) -> Decoder:
    key_of, item_of = _decoder(key), _decoder(item)
    empty: Mapping[Any, Any] = MappingProxyType({})

    def of_pairs(data: Any) -> Any:
        return MappingProxyType({key_of(one): item_of(other) for one, other in data}) if data else empty

    return of_pairs


def _dataclass(kind: Any) -> Decoder:
    hints = get_type_hints(kind)
    decoders = [_decoder(hints[name]) for name in _field_names(kind)]

    def of_list(data: Any) -> Any:
        if type(data) is not list or len(data) != len(decoders):
            raise TypeError(f"{kind.__name__} expected")
        return kind(*[decode(one) for decode, one in zip(decoders, data, strict=True)])

    return of_list
