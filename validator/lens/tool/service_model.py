"""Parameters of the Well-Architected Tool's API against botocore's own service model, without a call."""

import re
from collections.abc import Iterator
from functools import cache
from typing import Any


def parameter_problems(operation: str, parameters: dict[str, Any]) -> tuple[str, ...]:
    """What the service model does not allow in the parameters of an operation; empty when all is well.

    botocore itself holds names, types, required members and least lengths; greatest lengths, patterns and
    enumerations are in the model as well, and are the service's to refuse: they are held here.
    """
    from botocore.validate import ParamValidator

    shape = _service().operation_model(operation).input_shape
    report = ParamValidator().validate(parameters, shape)
    found = report.generate_report()
    return (*found.splitlines(), *_beyond(parameters, shape, ""))


@cache
def _service() -> Any:
    import botocore.session

    return botocore.session.get_session().get_service_model("wellarchitected")


def _beyond(value: Any, shape: Any, place: str) -> Iterator[str]:
    if shape.type_name == "structure" and isinstance(value, dict):
        for name, member in value.items():
            if name in shape.members:
                yield from _beyond(member, shape.members[name], f"{place}.{name}".lstrip("."))
    elif shape.type_name == "map" and isinstance(value, dict):
        for key, entry in value.items():
            yield from _beyond(key, shape.key, f"{place} key {key}")
            yield from _beyond(entry, shape.value, f"{place}.{key}")
    elif shape.type_name == "list" and isinstance(value, list):
        yield from _length(value, shape.metadata, place)
        for number, entry in enumerate(value):
            yield from _beyond(entry, shape.member, f"{place}[{number}]")
    elif isinstance(value, str):
        yield from _length(value, shape.metadata, place)
        yield from _text(value, shape.metadata, place)


def _length(value: str | list[Any], limits: dict[str, Any], place: str) -> Iterator[str]:
    most = limits.get("max")
    if most is not None and len(value) > most:
        yield f"{place} is longer than {most}"


def _text(value: str, limits: dict[str, Any], place: str) -> Iterator[str]:
    pattern, allowed = limits.get("pattern"), limits.get("enum")
    if pattern and not re.fullmatch(pattern, value):
        yield f"{place} does not match {pattern}"
    if allowed and value not in allowed:
        yield f"{place} is none of {', '.join(allowed)}"
