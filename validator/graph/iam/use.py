"""Signs that a function uses a store: environment, events, inline code, a resource that knows both."""

from dataclasses import dataclass
from typing import Final

from validator.graph.architecture import Architecture
from validator.graph.names import NAME_PROPERTIES
from validator.graph.resource import Resource
from validator.model import Evidence, Missing
from validator.resolve import Text

_IDENTITIES: Final = ("AWS::IAM::", "AWS::Lambda::Permission")


@dataclass(frozen=True, slots=True)
class Sign:
    """What shows the use; or, without a step, what is missing to know it. Neither: nothing uses the store."""

    step: Evidence | None = None
    missing: Missing | None = None


def sign_of_use(function: Resource, store: Resource, graph: Architecture) -> Sign:
    """The first sign that the function uses the store."""
    users = graph.referrers(store)
    if function in users:
        return Sign(function.states(f"refers to {store.name}"))
    for other in users:
        if not other.type.startswith(_IDENTITIES) and other in graph.referrers(function):
            return Sign(other.states(f"knows {function.name} and {store.name}"))
    name = store.prop(NAME_PROPERTIES[store.type]).literal
    for variable, value in function.prop("Environment", "Variables").entries():
        if value.missing is not None:
            return Sign(missing=value.missing)
        if name is not None and isinstance(value, Text) and name in str(value):
            return Sign(function.states(f"names {name} in variable {variable}", value.span))
    return _sign_in_code(function, name)


def _sign_in_code(function: Resource, name: str | None) -> Sign:
    code = function.prop("Code", "ZipFile").literal
    if code is None:
        what = f"the code of {function.name} is not read"
        return Sign(
            missing=Missing(what, "pass the store's name by an environment variable", f"code:{function.name}")
        )
    if name is not None and name in code:
        return Sign(function.states(f"names {name} in its code", function.property_span("Code", "ZipFile")))
    return Sign()
