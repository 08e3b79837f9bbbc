"""Condition blocks, and what they narrow: who may come (IAM User Guide, *Condition operators*, *Global keys*).

The tables follow the S3 User Guide's *The meaning of "public"*: a grant to everyone is public unless a listed
key is compared, in a positive operator, with a fixed value.
"""

import ipaddress
import re
from dataclasses import dataclass
from enum import StrEnum
from itertools import takewhile
from typing import Final

from validator.graph.iam.arns import Mark, Wildcard, marks_of, segments, shown
from validator.model import Missing, Span
from validator.resolve import DynamicReference, Hole, ResourceRef, Text, Unknown, Value


@dataclass(frozen=True, slots=True)
class ConditionTest:
    """One key of one operator. ``key`` is in lower case; ``values`` are alternatives."""

    operator: str
    """Without quantifier and ``IfExists``: ``StringEquals``."""
    quantifier: str
    """``ForAllValues``, ``ForAnyValue`` or empty."""
    if_exists: bool
    key: str
    values: tuple[Value, ...]
    span: Span

    @property
    def negated(self) -> bool:
        """Whether a missing key makes it true (``StringNotEquals``, ``NotIpAddress``)."""
        return "Not" in self.operator

    @property
    def takes_wildcards(self) -> bool:
        """Whether ``*`` and ``?`` in a value stand for other text."""
        return "Like" in self.operator or self.operator.startswith("Arn")

    def __str__(self) -> str:
        shown = ", ".join(str(value) if isinstance(value, Text) else "?" for value in self.values)
        return f"{self.key} {shown}"


def tests_of(block: Value) -> tuple[ConditionTest, ...]:
    """The tests of a ``Condition`` element; all of them have to hold."""
    if isinstance(block, Unknown):
        return (ConditionTest("Unknown", "", False, "", (block,), block.span),)
    return tuple(_test(operator, key, values) for operator, keys in block.entries() for key, values in keys.entries())


def _test(operator: str, key: str, values: Value) -> ConditionTest:
    quantifier, _, rest = operator.rpartition(":")
    if_exists = rest.endswith("IfExists")
    return ConditionTest(
        rest.removesuffix("IfExists"), quantifier, if_exists, key.lower(), values.items(), values.span
    )


class Effect(StrEnum):
    """What a condition does to a grant to everyone."""

    OPEN = "open"
    NARROWED = "narrowed"
    DEAD = "dead"
    """It can never hold: nobody is admitted."""
    UNKNOWN = "unknown"


@dataclass(frozen=True, slots=True)
class Narrowing:
    """The effect of a test, and by what: ``by`` is shown, ``span`` is the test's place."""

    effect: Effect
    by: str = ""
    span: Span | None = None
    missing: Missing | None = None
    organization: bool = False
    """Only an organisation is asked for, not an account or a party."""


OPEN: Final = Narrowing(Effect.OPEN)

_ORGANIZATION_KEYS: Final = frozenset(("aws:principalorgid", "aws:principalorgpaths"))
_FIXED_KEYS: Final = _ORGANIZATION_KEYS | frozenset(
    (
        "aws:principalaccount",
        "kms:calleraccount",
        "aws:userid",
        "aws:sourceaccount",
        "aws:sourceowner",
        "aws:sourceorgid",
        "aws:sourceorgpaths",
        "aws:sourcevpc",
        "aws:sourcevpce",
        "aws:vpceaccount",
        "aws:vpceorgid",
        "s3:dataaccesspointaccount",
        "s3:x-amz-server-side-encryption-aws-kms-key-id",
        "lambda:eventsourcetoken",
        "vpc-lattice-svcs:sourcevpc",
        "vpc-lattice-svcs:sourcevpcowneraccount",
    )
)
_ARN_KEYS: Final = frozenset(("aws:principalarn", "aws:sourcearn", "aws:sourcevpcarn", "s3:dataaccesspointarn"))
_PATH_KEYS: Final = frozenset(("aws:principalorgpaths", "aws:sourceorgpaths"))
_SERVICE_KEYS: Final = frozenset(("aws:principalservicename", "aws:principalisawsservice"))
_MOUNT_TARGET: Final = "elasticfilesystem:accessedviamounttarget"
_POSITIVE: Final = frozenset(
    ("StringEquals", "StringEqualsIgnoreCase", "StringLike", "ArnEquals", "ArnLike", "IpAddress", "Bool")
)
_OPPOSITE: Final = {
    "StringNotEquals": "StringEquals",
    "StringNotEqualsIgnoreCase": "StringEqualsIgnoreCase",
    "StringNotLike": "StringLike",
    "ArnNotEquals": "ArnEquals",
    "ArnNotLike": "ArnLike",
    "NotIpAddress": "IpAddress",
}
_VARIABLE = re.compile(r"\$\{[^*?$][^}]*\}")


def narrowing(tests: tuple[ConditionTest, ...]) -> Narrowing:
    """What the tests of an ``Allow`` leave of everyone: one that narrows is enough, since all must hold.

    An account or a party says more than an organisation, so it is the one that is named.
    """
    found = sorted((_narrowed_by(test) for test in tests), key=lambda one: one.organization)
    for effect in (Effect.DEAD, Effect.NARROWED, Effect.UNKNOWN):
        for one in found:
            if one.effect is effect:
                return one
    return OPEN


def complement(tests: tuple[ConditionTest, ...]) -> Narrowing:
    """What a ``Deny`` with these tests leaves to an ``Allow`` for everyone: one of the tests must fail.

    Each way to fail must narrow; an unconditional deny leaves nobody.
    """
    if not tests:
        return Narrowing(Effect.DEAD, "an unconditional Deny")
    left = [_narrowed_by(opposite) if (opposite := _opposite(test)) is not None else OPEN for test in tests]
    for effect in (Effect.OPEN, Effect.UNKNOWN, Effect.NARROWED):
        for one in left:
            if one.effect is effect:
                return one
    return left[0]


def _opposite(test: ConditionTest) -> ConditionTest | None:
    """The test that must hold for the negated one to fail; None when its failing says nothing of who comes."""
    operator = _OPPOSITE.get(test.operator)
    values = test.values
    if operator is None and test.operator == "Bool" and len(values) == 1:
        truth = values[0].boolean()
        if truth is not None and (test.if_exists or truth is False):
            operator, values = "Bool", (Text(("false" if truth else "true",), values[0].span),)
    if operator is None or test.quantifier == "ForAnyValue":
        return None
    return ConditionTest(operator, "", False, test.key, values, test.span)


def _narrowed_by(test: ConditionTest) -> Narrowing:
    if test.operator == "Unknown":
        return Narrowing(Effect.UNKNOWN, missing=test.values[0].missing, span=test.span)
    if test.if_exists or test.quantifier == "ForAllValues" or test.operator not in _POSITIVE or not test.values:
        return OPEN
    if test.key == "aws:sourceip":
        return _by_address(test)
    if test.key in _SERVICE_KEYS:
        return _by_service(test)
    if test.key == _MOUNT_TARGET:
        holds = test.values[0].boolean()
        return Narrowing(Effect.NARROWED, "a mount target", test.span) if holds else OPEN
    if test.key not in _FIXED_KEYS and test.key not in _ARN_KEYS:
        return OPEN
    effects = [_fixed(test, value) for value in test.values]
    for one in effects:
        if one.effect is not Effect.NARROWED:
            return one
    return effects[0]


def _by_service(test: ConditionTest) -> Narrowing:
    if test.key == "aws:principalisawsservice" and not test.values[0].boolean():
        return OPEN
    return Narrowing(Effect.NARROWED, f"{test} (any customer's resources of that service)", test.span)


def _fixed(test: ConditionTest, value: Value) -> Narrowing:
    if not isinstance(value, Text):
        if test.takes_wildcards:
            return Narrowing(Effect.UNKNOWN, missing=value.missing, span=test.span)
        return Narrowing(Effect.NARROWED, str(test), test.span, organization=test.key in _ORGANIZATION_KEYS)
    if _VARIABLE.search("".join(part for part in value.parts if isinstance(part, str))):
        return OPEN
    text = str(value)
    if test.key == "aws:userid" and re.fullmatch(r"A(ROA|IDA)\w+:\*", text):
        what = f"whether S3 counts {text} as a fixed value is not documented"
        return Narrowing(Effect.UNKNOWN, missing=Missing(what, "compare aws:PrincipalArn", f"userid:{text}"))
    if test.takes_wildcards:
        deciding = _deciding_marks(test.key, value)
        if any(isinstance(mark, Hole | DynamicReference) for mark in deciding):
            return Narrowing(Effect.UNKNOWN, missing=value.missing, span=test.span)
        if any(isinstance(mark, Wildcard) for mark in deciding):
            return OPEN
    return Narrowing(Effect.NARROWED, str(test), test.span, organization=test.key in _ORGANIZATION_KEYS)


def _deciding_marks(key: str, value: Text) -> tuple[Mark, ...]:
    """The marks that must be fixed: of an ARN its account (for a bucket its name), of a path its organisation."""
    marks = marks_of(value)
    if key in _PATH_KEYS:
        # ``o-a1b2c3d4e5/*``: the organisation is fixed, the units below it need not be.
        return tuple(takewhile(lambda mark: mark != "/", marks))
    if key not in _ARN_KEYS:
        return marks
    parts = segments(marks)
    if len(parts) == 1 and marks and isinstance(marks[0], ResourceRef):
        # The ARN of a resource of the run; what follows it lies inside.
        return marks[:1]
    if len(parts) < 6:
        return marks
    account = parts[4]
    if shown(parts[2]) == "s3" and all(isinstance(mark, Wildcard) for mark in account):
        return tuple(takewhile(lambda mark: mark != "/", parts[5]))
    return account or marks


def _by_address(test: ConditionTest) -> Narrowing:
    networks = []
    for value in test.values:
        if value.literal is None:
            return Narrowing(Effect.UNKNOWN, missing=_address_missing(value), span=test.span)
        try:
            networks.append(ipaddress.ip_network(value.literal, strict=False))
        except ValueError:
            return OPEN
    limits = {4: 8, 6: 32}
    if any(network.prefixlen < limits[network.version] for network in networks):
        return OPEN
    if all(network.is_private for network in networks):
        by = f"{test}: private addresses, which never match"
        return Narrowing(Effect.DEAD, by, test.span)
    return Narrowing(Effect.NARROWED, str(test), test.span)


def _address_missing(value: Value) -> Missing:
    what = f"the address range {value} is not known here"
    return value.missing or Missing(what, "write the range", f"address:{value.span}")
