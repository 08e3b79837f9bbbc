"""Environment variables that hold a secret, or the address of one.

A name tells by its last word; a value tells by the published forms of access keys and tokens. What is only an address
(an ARN, a URL, a path, a reference to a secret) is no secret.
"""

import re
from collections.abc import Iterator
from dataclasses import dataclass
from enum import Enum

from validator.graph.architecture import Architecture
from validator.graph.functions.parameters import is_default, parameter_holding, parameters_in
from validator.graph.resource import Resource
from validator.model import Missing, ParameterDeclaration, Span
from validator.resolve import DynamicReference, Text, Unknown, Value

_SURE = re.compile(r"(?:^|_)(?:PASSWORD|PASSWD|PASSPHRASE|PRIVATE_?KEY|SECRET_?ACCESS_?KEY|CLIENT_?SECRET|PWD|PASS)$")
_LIKELY = re.compile(r"(?:^|_)(?:SECRET|TOKEN|API_?KEY|APP_?KEY|ACCESS_?KEY|SECRET_?KEY|CREDENTIALS?|AUTH_?KEY)$")
_ADDRESS = re.compile(
    r"(?:SECRET|TOKEN|PASSWORD|API_?KEY|CREDENTIALS?|KEY)S?_?(?:ARN|NAME|ID|PATH|PARAM(?:ETER)?|SECRET|URI)(?:_NAME|_ARN)?$"
)
_VALUES = (
    ("an AWS access key", re.compile(r"\b(?:AKIA|ASIA)[0-9A-Z]{16}\b")),
    ("a private key", re.compile(r"-----BEGIN (?:[A-Z]+ )*PRIVATE KEY-----")),
    ("a GitHub token", re.compile(r"\b(?:gh[pousr]_[0-9A-Za-z]{36}|github_pat_[0-9A-Za-z_]{60,})\b")),
    ("a Slack token", re.compile(r"\bxox[abposr]-[0-9A-Za-z-]{10,}")),
    ("a Stripe key", re.compile(r"\b[sr]k_live_[0-9A-Za-z]{16,}\b")),
    ("a password in a URL", re.compile(r"\b[a-z][a-z0-9+.-]*://[^/\s:@]+:[^/\s:@$]{3,}@")),
)
_EXAMPLE_KEY = "EXAMPLE"
_PLACE = re.compile(r"^(?:arn:|https?://|s3://|/|\./)|^ssm:")
_WORDS = re.compile(r"^[A-Za-z]+(?:[-_./][A-Za-z0-9]+)+$")
_STAND_IN = re.compile(r"dummy|fake|example|placeholder|^<.*>$", re.IGNORECASE)
_SWITCH = re.compile(r"^(?:true|false|yes|no|on|off|none|null|enabled|disabled|[0-9]*)$", re.IGNORECASE)


class Exposure(Enum):
    """Where a secret can be read."""

    TEMPLATE = "in the template"
    SHOWN = "in the console"
    HIDDEN = "in the function's configuration"
    ADDRESS = "where it is kept"
    UNDECIDED = "not decided"


@dataclass(frozen=True, slots=True)
class SecretVariable:
    """One variable that holds a secret or tells where one is kept."""

    name: str
    exposure: Exposure
    because: str
    span: Span
    missing: Missing | None = None


def secret_variables(graph: Architecture, function: Resource) -> tuple[SecretVariable, ...]:
    """The variables of a function that hold a secret, or its address."""
    return tuple(_variables(graph, function))


def _variables(graph: Architecture, function: Resource) -> Iterator[SecretVariable]:
    for name, value in function.prop("Environment", "Variables").entries():
        found = _by_value(name, value) or _by_reference(graph, name, value) or _by_name(function, name, value)
        if found is not None:
            yield found


def _by_value(name: str, value: Value) -> SecretVariable | None:
    text = str(value) if isinstance(value, Text) else ""
    for kind, form in _VALUES:
        match = form.search(text)
        if match is not None and not match.group().endswith(_EXAMPLE_KEY):
            return SecretVariable(name, Exposure.TEMPLATE, f"holds {kind}", value.span)
    return None


def _by_reference(graph: Architecture, name: str, value: Value) -> SecretVariable | None:
    """What a reference to a secret, to an access key or a dynamic reference gives, whatever the variable's name."""
    if not isinstance(value, Text):
        return None
    for part in value.parts:
        if isinstance(part, DynamicReference) and part.service in ("secretsmanager", "ssm-secure"):
            because = (
                "is filled from its store when the stack is deployed; the function's configuration shows the value"
            )
            return SecretVariable(name, Exposure.ADDRESS, because, value.span)
    reference = value.reference
    resource = graph.resource_of(reference) if reference is not None else None
    if resource is None or reference is None:
        return None
    if resource.type == "AWS::IAM::AccessKey" and reference.attribute == "SecretAccessKey":
        return SecretVariable(name, Exposure.TEMPLATE, f"holds the secret of access key {resource.name}", value.span)
    kept = resource.type in ("AWS::SecretsManager::Secret", "AWS::SecretsManager::SecretTargetAttachment")
    if kept or reference.attribute.endswith("SecretArn"):
        return SecretVariable(name, Exposure.ADDRESS, f"names a secret ({resource.name})", value.span)
    return None


def _by_name(function: Resource, name: str, value: Value) -> SecretVariable | None:
    upper = re.sub(r"(?<=[a-z0-9])(?=[A-Z])", "_", name).upper().replace("-", "_")
    sure, likely = _SURE.search(upper), _LIKELY.search(upper)
    if _ADDRESS.search(upper) or not (sure or likely):
        return None
    given = parameters_in(function, "Environment", "Variables", name)
    if isinstance(value, Unknown):
        return _of_parameter(name, given, value, sure=bool(sure)) if given else None
    text = value.literal
    if text is None or _SWITCH.match(text) or _PLACE.match(text) or _STAND_IN.search(text):
        return None
    holding = parameter_holding(function, given, text)
    if holding is not None and not is_default(function, holding, text):
        return _handed_in(name, (holding,), value)
    if holding is not None:
        return _of_default(name, (holding,), value)
    if not sure and _WORDS.match(text):
        cause = Missing(
            f"whether {name} is a secret or the name of one is not written",
            f"name the variable {name}_NAME if it is a name",
            f"variable:{function.name}:{name}",
        )
        because = "holds a word that may be a secret or the name of one"
        return SecretVariable(name, Exposure.UNDECIDED, because, value.span, cause)
    return SecretVariable(name, Exposure.TEMPLATE, "holds a secret as it is written in the template", value.span)


def _of_default(name: str, given: tuple[ParameterDeclaration, ...], value: Value) -> SecretVariable:
    names = " and ".join(parameter.name for parameter in given)
    exposure = Exposure.HIDDEN if all(parameter.no_echo for parameter in given) else Exposure.SHOWN
    return SecretVariable(
        name, exposure, f"is filled from parameter {names}, whose default stands in the template", value.span
    )


def _of_parameter(
    name: str, given: tuple[ParameterDeclaration, ...], value: Unknown, *, sure: bool
) -> SecretVariable | None:
    if any(parameter.type.startswith("AWS::SSM::Parameter") for parameter in given):
        because = "is filled from the parameter store, whose plain String values everyone who reads them sees"
        return SecretVariable(name, Exposure.UNDECIDED, because, value.span, value.cause)
    if not sure and not all(parameter.no_echo for parameter in given):
        names = " and ".join(parameter.name for parameter in given)
        because = f"is filled from parameter {names}, which may be a secret or the name of one"
        return SecretVariable(name, Exposure.UNDECIDED, because, value.span, value.cause)
    return _handed_in(name, given, value)


def _handed_in(name: str, given: tuple[ParameterDeclaration, ...], value: Value) -> SecretVariable:
    names = " and ".join(parameter.name for parameter in given)
    if all(parameter.no_echo for parameter in given):
        because = f"is filled from parameter {names}; the function's configuration shows the value"
        return SecretVariable(name, Exposure.HIDDEN, because, value.span)
    because = f"is filled from parameter {names}, which is shown in the console: it has no NoEcho"
    return SecretVariable(name, Exposure.SHOWN, because, value.span)
