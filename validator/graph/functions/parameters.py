"""Which template parameters a property is built from, whatever the conditions."""

from collections.abc import Iterator

from validator.graph.references import mentioned
from validator.graph.resource import Resource
from validator.load.nodes import MapNode
from validator.model import ParameterDeclaration


def parameters_in(resource: Resource, *path: str) -> tuple[ParameterDeclaration, ...]:
    """The declared parameters that the property mentions in any branch; none where it is not written so."""
    return tuple(_parameters_in(resource, path))


def _parameters_in(resource: Resource, path: tuple[str, ...]) -> Iterator[ParameterDeclaration]:
    node = resource.body.get("Properties")
    for key in path:
        if not isinstance(node, MapNode):
            return
        node = node.get(key)
    if node is None:
        return
    for name in dict.fromkeys(mentioned(node)):
        declared = resource.scope.parameters.get(name)
        if declared is not None:
            yield declared


def parameter_holding(
    resource: Resource, given: tuple[ParameterDeclaration, ...], text: str
) -> ParameterDeclaration | None:
    """The parameter among those whose value the text is: its default, or what the run or a parent stack gives."""
    for parameter in given:
        passed = resource.scope.passed.get(parameter.name)
        value = passed.literal if passed is not None else resource.scope.environment.value(parameter)
        if value == text:
            return parameter
    return None


def is_default(resource: Resource, parameter: ParameterDeclaration, text: str) -> bool:
    """Whether the text is the parameter's default, which stands in the template, and not handed in."""
    handed_in = parameter.name in resource.scope.passed or parameter.name in resource.scope.environment.given
    return parameter.default == text and not handed_in
