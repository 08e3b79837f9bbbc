"""The types of plain scalars: YAML 1.1 as CloudFormation reads it, with the text that it compares."""

import re
from collections.abc import Callable
from dataclasses import dataclass
from functools import lru_cache

from yaml.nodes import ScalarNode as YamlScalar
from yaml.resolver import Resolver

from validator.load.nodes import Plain

STANDARD_TAG = "tag:yaml.org,2002:"

_resolve: Callable[[type[YamlScalar], str, tuple[bool, bool]], str] = Resolver().resolve
_BOOLEANS = {"yes": True, "on": True, "true": True, "no": False, "off": False, "false": False}
_LONGEST_NUMBER = 1_000
_JSON_NUMBER = re.compile(r"-?(?:0|[1-9][0-9]*)(\.[0-9]+)?([eE][-+]?[0-9]+)?")
_OCTAL_LIKE = re.compile(r"0[0-9]+")
_TRAILING_ZERO = re.compile(r"[0-9]+\.[0-9]*[1-9]0+")


@dataclass(frozen=True, slots=True)
class TypedScalar:
    """A plain scalar as it is read. ``remark`` says what surprises about it, mostly nothing."""

    value: Plain
    text: str
    remark: str = ""


@lru_cache(maxsize=8192)
def typed(written: str, *, json: bool = False) -> TypedScalar:
    """The typed value and the canonical text of a plain (unquoted) scalar.

    Dates stay text, as CloudFormation's comparisons want them; with ``json`` a number is first read as
    ECMA-404 has it (``1e3``), which YAML 1.1 takes for text.
    """
    if json and len(written) <= _LONGEST_NUMBER:
        number = _JSON_NUMBER.fullmatch(written)
        if number is not None:
            if number.group(1) or number.group(2):
                return TypedScalar(float(written), written)
            return TypedScalar(int(written), str(int(written)))
    return typed_as(_resolve(YamlScalar, written, (True, False)), written)


def typed_as(tag: str, written: str) -> TypedScalar:
    """A scalar read as one of YAML's standard types; it stays text when it cannot be read so."""
    if tag == STANDARD_TAG + "null":
        return TypedScalar(None, "")
    if tag == STANDARD_TAG + "bool" and written.lower() in _BOOLEANS:
        truth = _BOOLEANS[written.lower()]
        return TypedScalar(truth, "true" if truth else "false")
    if len(written) <= _LONGEST_NUMBER:
        try:
            if tag == STANDARD_TAG + "int":
                return _integer(written)
            if tag == STANDARD_TAG + "float":
                return _floating(written)
        except ValueError:
            return TypedScalar(written, written)
    if tag == STANDARD_TAG + "str" and _OCTAL_LIKE.fullmatch(written):
        return TypedScalar(
            written,
            written,
            f"{written} is text here (it has an 8 or a 9), but CloudFormation is known to make a number of it",
        )
    return TypedScalar(written, written)


def _integer(written: str) -> TypedScalar:
    digits = written.replace("_", "").lower()
    sign = -1 if digits.startswith("-") else 1
    digits = digits.lstrip("+-")
    remark = ""
    if digits.startswith("0b"):
        magnitude = int(digits[2:], 2)
    elif digits.startswith("0x"):
        magnitude = int(digits[2:], 16)
    elif ":" in digits:
        magnitude = int(_base_sixty(digits))
        remark = f"{written} is the number {sign * magnitude} in YAML 1.1 (base 60)"
    elif len(digits) > 1 and digits.startswith("0"):
        magnitude = int(digits, 8)
        remark = f"{written} is the octal number {sign * magnitude} in YAML 1.1"
    else:
        magnitude = int(digits)
    return TypedScalar(sign * magnitude, str(sign * magnitude), remark)


def _floating(written: str) -> TypedScalar:
    digits = written.replace("_", "").lower()
    if ":" in digits:
        sign = -1.0 if digits.startswith("-") else 1.0
        value = sign * _base_sixty(digits.lstrip("+-"))
        return TypedScalar(value, written, f"{written} is the number {value:g} in YAML 1.1 (base 60)")
    value = float(digits.replace(".inf", "inf").replace(".nan", "nan"))
    remark = ""
    if _TRAILING_ZERO.fullmatch(written):
        remark = f"{written} is the number {value:g} in YAML 1.1: its last zero is lost where it is a version"
    return TypedScalar(value, written, remark)


def _base_sixty(digits: str) -> float:
    total = 0.0
    for part in digits.split(":"):
        total = total * 60 + float(part)
    return total
