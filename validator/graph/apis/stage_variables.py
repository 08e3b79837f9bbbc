"""Stage variables: which of them integrations call by, and what a stage sets them to.

Follows the API Gateway Developer Guide, *Using stage variables*: ``${stageVariables.name}`` in an integration's URI
or credentials is replaced by the value of the stage that is called.
"""

import re
from collections.abc import Iterator
from dataclasses import dataclass

from validator.graph.apis import http, rest
from validator.graph.apis.arns import literal_of, split_parts
from validator.graph.apis.integration import FUNCTION_TYPES
from validator.graph.apis.lookup import naming
from validator.graph.architecture import Architecture
from validator.graph.resource import Resource
from validator.model import Span
from validator.resolve import Part, Text, Value
from validator.resolve.values import text_of

_VARIABLE = re.compile(r"\$\{stageVariables\.([A-Za-z0-9_]+)\}")
_QUALIFIER = 7
_INTEGRATION = "x-amazon-apigateway-integration"
_VERBS = ("get", "put", "post", "delete", "patch", "head", "options", "x-amazon-apigateway-any-method")


@dataclass(frozen=True, slots=True)
class VariableUse:
    """One integration that calls by a stage variable."""

    source: Resource
    name: str
    variable: str
    uri: Text
    has_credentials: bool

    @property
    def span(self) -> Span:
        """Where the variable is used."""
        return self.uri.span


def variable_uses(graph: Architecture, api: Resource) -> tuple[VariableUse, ...]:
    """The stage variables that the integrations of an API of the run call by."""
    return graph.memo("variable-uses", api, lambda: tuple(_uses(graph, api)))


def _uses(graph: Architecture, api: Resource) -> Iterator[VariableUse]:
    for path, item in api.prop("Body").get("paths").entries():
        for verb in _VERBS:
            integration = item.get(verb, _INTEGRATION)
            label = f"{'ANY' if verb.startswith('x-') else verb.upper()} {path}"
            yield from _in(api, label, integration.get("uri"), integration.get("credentials"))
    if api.type == rest.REST_API:
        for method in naming(graph, api, ("RestApiId",), rest.METHOD):
            label = rest.method_operation(graph, method).name
            yield from _in(
                method, label, method.prop("Integration", "Uri"), method.prop("Integration", "Credentials")
            )
    else:
        for resource in naming(graph, api, ("ApiId",), http.INTEGRATION):
            uri, credentials = resource.prop("IntegrationUri"), resource.prop("CredentialsArn")
            yield from _in(resource, "the integration", uri, credentials)


def _in(source: Resource, name: str, uri: Value, credentials: Value) -> Iterator[VariableUse]:
    if not isinstance(uri, Text):
        return
    for variable in dict.fromkeys(_VARIABLE.findall(str(uri))):
        yield VariableUse(source, name, variable, uri, not credentials.is_absent)


def called_function(graph: Architecture, use: VariableUse, value: Value) -> tuple[Resource, str] | None:
    """The function of the run that the use calls with that value of its variable, and the qualifier."""
    if not isinstance(value, Text) or value.missing is not None:
        return None
    parts = [new for part in use.uri.parts for new in _substituted(part, use.variable, value)]
    function = _function_part(parts, use.uri.span)
    if function is None:
        return None
    found = graph.target(function, *FUNCTION_TYPES)
    if not isinstance(found, Resource):
        return None
    return found, _qualifier(function)


def _substituted(part: Part, variable: str, value: Text) -> Iterator[Part]:
    if not isinstance(part, str):
        yield part
        return
    pieces = part.split(f"${{stageVariables.{variable}}}")
    for number, piece in enumerate(pieces):
        if number:
            yield from value.parts
        yield piece


def _function_part(parts: list[Part], span: Span) -> Text | None:
    """What stands between ``functions/`` and ``/invocations`` in the URI."""
    found: list[Part] = []
    inside = False
    for part in parts:
        text = part if isinstance(part, str) else ""
        if not inside and "functions/" in text:
            inside, text = True, text.partition("functions/")[2]
            part = text
        if inside and "/invocations" in text:
            return text_of([*found, text.partition("/invocations")[0]], span)
        if inside:
            found.append(part)
    return None


def _qualifier(function: Text) -> str:
    """The alias or version behind the function's name: the eighth field of its ARN, or what follows a reference."""
    fields = split_parts(function.parts, ":")
    place = _QUALIFIER if literal_of(fields[0]) == "arn" else 1
    return "".join(map(str, fields[place])) if len(fields) > place else ""
