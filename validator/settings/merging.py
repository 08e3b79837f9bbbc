"""Parameter values of several sources, checked against what templates declare.

Follows the CloudFormation User Guide, *Parameters*: the constraints hold for each item of a list, and for
``AWS::SSM::Parameter::Value<T>`` only the name of the SSM parameter is checked.
"""

import re
from collections.abc import Collection, Iterable, Iterator, Mapping, Sequence
from types import MappingProxyType

from validator.model import (
    Diagnostic,
    DiagnosticLevel,
    ParameterDeclaration,
    SettingsError,
    Span,
    UsageError,
)
from validator.settings.given import GivenParameters
from validator.settings.patterns import matches
from validator.settings.suggest import did_you_mean

VALUE_LIMIT = 4096
"""The longest value CloudFormation takes, in bytes."""

_NUMBER = re.compile(r"[+-]?(\d+\.?\d*|\.\d+)([eE][+-]?\d+)?")
_SSM_VALUE = "AWS::SSM::Parameter::Value<"


def merge_parameters(declared: Mapping[str, ParameterDeclaration], *layers: GivenParameters) -> GivenParameters:
    """The values one template gets: of the layers, weakest first, each beats the ones before it.

    Names the template does not declare are left out; see `check_names`. An ``unknown`` of a stronger layer
    hides the value of a weaker one.

    Raises:
        SettingsError: one error that lists every value a declaration does not admit.
    """
    values: dict[str, str] = {}
    unknown: set[str] = set()
    spans: dict[str, Span] = {}
    origins: dict[str, GivenParameters] = {}
    for layer in layers:
        for name in layer.names & declared.keys():
            values.pop(name, None)
            unknown.discard(name)
            origins[name] = layer
            if name in layer.unknown:
                unknown.add(name)
            else:
                values[name] = layer.values[name]
            spans.pop(name, None)
            if name in layer.spans:
                spans[name] = layer.spans[name]
    _refuse_values(declared, values, origins)
    return GivenParameters(
        source=", ".join(dict.fromkeys(layer.source for layer in layers if layer.names & declared.keys())),
        values=MappingProxyType(values),
        unknown=frozenset(unknown),
        spans=MappingProxyType(spans),
    )


def check_names(given: Iterable[GivenParameters], declared_by_template: Mapping[str, Collection[str]]) -> None:
    """Refuses names that no template of the run declares: one file may serve several templates.

    ``declared_by_template`` maps a template's path to the names of its parameters. It is meant for
    ``--parameter`` and for files named on the command line; for settings, which outlive a run, there is
    `undeclared_names`.

    Raises:
        UsageError: one error that lists every such name with the nearest that is declared.
    """
    problems = list(_undeclared(given, declared_by_template))
    if problems:
        raise UsageError(
            "\n".join(message for _, message in problems),
            span=problems[0][0],
            hint="give parameters that a template of the run declares",
        )


def undeclared_names(
    given: Iterable[GivenParameters], declared_by_template: Mapping[str, Collection[str]]
) -> tuple[Diagnostic, ...]:
    """A notice for each name that no template of the run declares; takes what `check_names` takes."""
    return tuple(
        Diagnostic(DiagnosticLevel.NOTICE, "parameter-undeclared", message, span)
        for span, message in _undeclared(given, declared_by_template)
    )


def _undeclared(
    given: Iterable[GivenParameters], declared_by_template: Mapping[str, Collection[str]]
) -> Iterator[tuple[Span | None, str]]:
    known = {name for names in declared_by_template.values() for name in names}
    for layer in given:
        for name in sorted(layer.names - known):
            span = layer.spans.get(name)
            near = did_you_mean(name, known)
            yield (
                span,
                f"{span or layer.source}: no template of the run declares a parameter '{name}'"
                f"{': ' + near if near else ''}",
            )


def _refuse_values(
    declared: Mapping[str, ParameterDeclaration],
    values: Mapping[str, str],
    origins: Mapping[str, GivenParameters],
) -> None:
    problems: list[tuple[Span, str]] = []
    for name in sorted(values):
        reason = refusal(declared[name], values[name])
        if reason:
            place = origins[name].spans.get(name)
            problems.append(
                (
                    place or declared[name].span,
                    f"{place or origins[name].source}: parameter '{name}' {reason} "
                    f"(declared at {declared[name].span})",
                )
            )
    if problems:
        raise SettingsError(
            "\n".join(message for _, message in problems),
            span=problems[0][0],
            hint="give a value that the template admits",
        )


def refusal(declaration: ParameterDeclaration, value: str) -> str:
    """Why CloudFormation would not take the value, as a phrase after the parameter's name; empty if it would.

    The value is shown, unless the parameter is declared with ``NoEcho``. A pattern that Python cannot read as
    Java does is not checked.
    """
    if len(value.encode("utf-8", "surrogatepass")) > VALUE_LIMIT:
        return f"has a value of more than {VALUE_LIMIT:,} bytes"
    for item in _items(declaration, value):
        reason = _item_refusal(declaration, item)
        if reason:
            shown = "a value (hidden, NoEcho)" if declaration.no_echo else f"the value '{item}'"
            return f"has {shown}, which {reason}"
    return ""


def _items(declaration: ParameterDeclaration, value: str) -> Sequence[str]:
    is_list = declaration.type == "CommaDelimitedList" or declaration.type.startswith("List<")
    return [item.strip() for item in value.split(",")] if is_list and value else [value]


def _item_refusal(declaration: ParameterDeclaration, item: str) -> str:
    is_number = declaration.type in ("Number", "List<Number>")
    if is_number and not _NUMBER.fullmatch(item):
        return "is no number"
    allowed = declaration.allowed_values
    if allowed is not None and item not in allowed and not (is_number and _equals_one(item, allowed)):
        return "is not allowed" + ("" if declaration.no_echo else f": allowed are {', '.join(allowed)}")
    pattern = declaration.allowed_pattern
    if pattern is not None and matches(pattern, item) is False:
        return f"does not match the pattern {pattern}"
    if declaration.type.startswith(_SSM_VALUE):
        return ""
    if is_number:
        return _outside(float(item), declaration.min_value, declaration.max_value, "is")
    if declaration.type == "String":
        return _outside(len(item), declaration.min_length, declaration.max_length, "has a length")
    return ""


def _equals_one(item: str, allowed: Iterable[str]) -> bool:
    return any(_NUMBER.fullmatch(other) and float(other) == float(item) for other in allowed)


def _outside(number: float, least: float | None, most: float | None, verb: str) -> str:
    if least is not None and number < least:
        return f"{verb} below {least:g}"
    if most is not None and number > most:
        return f"{verb} above {most:g}"
    return ""
