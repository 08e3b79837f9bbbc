"""Where the text of a property that is a secret by its definition comes from."""

import json
import re
from dataclasses import dataclass
from enum import Enum

from validator.graph.functions.parameters import is_default, parameters_in
from validator.graph.resource import Resource
from validator.model import Missing, ParameterDeclaration
from validator.resolve import DynamicReference, Text, Value

_SECRET = re.compile(r"pass|pwd|secret|token|key|cred", re.IGNORECASE)
_PLAIN = re.compile(r"user|login|mail|host|port|engine|name|region", re.IGNORECASE)
_STAND_IN = re.compile(
    r"^(?:<.*>|\{\}|(?:replace|change|fill)[-_ ]?(?:me|in|it)\b.*|placeholder|todo|dummy|tbd)?$", re.I
)


class Kept(Enum):
    """Who can read the secret."""

    SAFELY = "only who may read the store"
    IN_TEMPLATE = "who reads the template"
    AS_DEFAULT = "who reads the template, unless a value is handed in"
    SHOWN = "who sees the stack in the console"
    UNDECIDED = "not decided"


@dataclass(frozen=True, slots=True)
class SecretText:
    """How a secret gets into the property; ``because`` follows the property's name."""

    kept: Kept
    because: str
    parameter: str = ""
    missing: Missing | None = None


def secret_text(resource: Resource, path: tuple[str, ...], value: Value) -> SecretText:
    """How the property at the path comes by its secret."""
    given = _telling(parameters_in(resource, *path))
    used = [parameter for parameter in given if _is_used(resource, parameter, value)]
    if used:
        return _of_parameters(resource, used)
    if value.literal is not None:
        return _written(value.literal)
    if isinstance(value, Text) and any(isinstance(part, DynamicReference) for part in value.parts):
        return SecretText(Kept.SAFELY, "is read from where it is kept when the stack is deployed")
    if value.missing is not None:
        return SecretText(Kept.UNDECIDED, "comes from a place that is not known", missing=value.missing)
    return SecretText(Kept.SAFELY, "is made when the stack is deployed")


def _telling(given: tuple[ParameterDeclaration, ...]) -> list[ParameterDeclaration]:
    """The parameters that carry the secret: those named so, else all; a user's name beside a password is none."""
    named = [parameter for parameter in given if parameter.no_echo or _SECRET.search(parameter.name)]
    return named or [one for one in given if not _PLAIN.search(one.name)] or list(given)


def _is_used(resource: Resource, parameter: ParameterDeclaration, value: Value) -> bool:
    """Whether the value of the scenario holds the parameter's: the property may mention it in another branch."""
    passed = resource.scope.passed.get(parameter.name)
    text = passed.literal if passed is not None else resource.scope.environment.value(parameter)
    # Inside of a dynamic reference a parameter names the secret's place and is none itself.
    written = (
        [part for part in value.parts if not isinstance(part, DynamicReference)] if isinstance(value, Text) else []
    )
    if text is None:
        is_read = isinstance(value, Text) and len(written) < len(value.parts)
        return any(not isinstance(part, str) for part in written) if is_read else value.literal is None
    return bool(text) and any(text in part for part in written if isinstance(part, str))


def _of_parameters(resource: Resource, used: list[ParameterDeclaration]) -> SecretText:
    for parameter in used:
        if parameter.default and is_default(resource, parameter, parameter.default):
            because = f"is filled from parameter {parameter.name}, whose default stands in the template"
            return SecretText(Kept.AS_DEFAULT, because, parameter.name)
    shown = [one for one in used if not one.no_echo and not one.type.startswith("AWS::SSM::Parameter")]
    if shown:
        because = f"is filled from parameter {shown[0].name}, which the console shows"
        return SecretText(Kept.SHOWN, because, shown[0].name)
    return SecretText(Kept.SAFELY, "is handed in and not shown")


def _written(text: str) -> SecretText:
    if _STAND_IN.match(text.strip()):
        return SecretText(Kept.SAFELY, "holds a stand-in, to be replaced outside the template")
    try:
        parsed: object = json.loads(text)
    except (ValueError, RecursionError):
        parsed = None
    if isinstance(parsed, dict) and not any(_SECRET.search(str(key)) and one for key, one in parsed.items()):
        return SecretText(Kept.UNDECIDED, "is written in the template, under names that tell of no secret")
    return SecretText(Kept.IN_TEMPLATE, "is written in the template")
