"""GraphQL schemas, read as far as authorization goes: root types, their fields, their directives.

Follows the GraphQL specification, *Type System*, for the notation, and the AppSync Developer Guide,
*Configuring authorization and authentication*, for the directives.
"""

import re
from collections.abc import Iterator
from dataclasses import dataclass

_IGNORED = re.compile(r'"""(?:[^"\\]|\\.|"(?!""))*"""|"(?:[^"\\\n]|\\.)*"|#[^\n]*')
_TOKEN = re.compile(r"[A-Za-z_][A-Za-z0-9_]*|[@{}()\[\]:!=|&]|[^\s]")
_ROOTS = {"query": "Query", "mutation": "Mutation", "subscription": "Subscription"}

AUTHORIZING = frozenset(("aws_api_key", "aws_iam", "aws_cognito_user_pools", "aws_oidc", "aws_lambda"))
"""The directives that name a mode. ``@aws_auth`` works only where Cognito is the only mode: no key there."""


@dataclass(frozen=True, slots=True)
class Field:
    """A field of a root type, with the authorization directives that hold for it (its own, else its type's)."""

    root: str
    """``Query``, ``Mutation`` or ``Subscription``, whatever the type is called."""
    name: str
    directives: frozenset[str]


def root_fields(schema: str) -> tuple[Field, ...]:
    """The fields of the schema's root types, extensions included."""
    tokens = _TOKEN.findall(_IGNORED.sub(" ", schema))
    names = _root_names(tokens)
    return tuple(
        Field(names[type_name], field, directives)
        for type_name, fields in _types(tokens)
        if type_name in names
        for field, directives in fields
    )


def _root_names(tokens: list[str]) -> dict[str, str]:
    """The types that ``schema { query: … }`` names; their usual names where it says nothing."""
    for position, token in enumerate(tokens):
        if token == "schema" and tokens[position - 1 : position] != ["type"]:
            start = position
            while start < len(tokens) and tokens[start] != "{":
                start += 1
            block = tokens[start + 1 : _closing(tokens, start)]
            found = {
                block[i + 2]: _ROOTS[block[i]]
                for i in range(len(block) - 2)
                if block[i] in _ROOTS and block[i + 1] == ":"
            }
            if found:
                return found
    return {name: name for name in _ROOTS.values()}


def _closing(tokens: list[str], opening: int) -> int:
    """The position of the bracket that closes the one at ``opening``; the end when none does."""
    pairs = {"{": "}", "(": ")"}
    depth = 0
    for position in range(opening, len(tokens)):
        if tokens[position] == tokens[opening]:
            depth += 1
        elif tokens[position] == pairs[tokens[opening]]:
            depth -= 1
            if depth == 0:
                return position
    return len(tokens)


def _types(tokens: list[str]) -> Iterator[tuple[str, list[tuple[str, frozenset[str]]]]]:
    position = 0
    while position < len(tokens):
        if tokens[position] == "type" and position + 1 < len(tokens) and tokens[position - 1 : position] != [":"]:
            name, of_type, position = tokens[position + 1], *_directives(tokens, position + 2)
            if position < len(tokens) and tokens[position] == "{":
                end = _closing(tokens, position)
                yield name, list(_fields(tokens[position + 1 : end], of_type))
                position = end
        position += 1


def _directives(tokens: list[str], position: int) -> tuple[frozenset[str], int]:
    """Directives from here to the next opening brace or definition, and where that is."""
    found: set[str] = set()
    while position < len(tokens) and tokens[position] not in (
        "{",
        "type",
        "extend",
        "input",
        "enum",
        "union",
        "scalar",
    ):
        if tokens[position] == "@" and position + 1 < len(tokens):
            found.add(tokens[position + 1])
            position += 1
        elif tokens[position] == "(":
            position = _closing(tokens, position)
        position += 1
    return frozenset(found) & AUTHORIZING, position


def _fields(tokens: list[str], of_type: frozenset[str]) -> Iterator[tuple[str, frozenset[str]]]:
    position = 0
    name = ""
    own: set[str] = set()
    while position < len(tokens):
        token = tokens[position]
        if token == "(":
            position = _closing(tokens, position)
        elif token == "@" and position + 1 < len(tokens):
            own.add(tokens[position + 1])
            position += 1
        elif _starts_field(tokens, position):
            if name:
                yield name, frozenset(own) & AUTHORIZING or of_type
            name, own = token, set()
        position += 1
    if name:
        yield name, frozenset(own) & AUTHORIZING or of_type


def _starts_field(tokens: list[str], position: int) -> bool:
    """A name is a field's when a colon follows it, or its arguments and then a colon."""
    if not re.match(r"[A-Za-z_]", tokens[position]) or position + 1 >= len(tokens):
        return False
    following = position + 1
    if tokens[following] == "(":
        following = _closing(tokens, following) + 1
    return following < len(tokens) and tokens[following] == ":"
