"""Stages of REST APIs: of ``AWS::ApiGateway::Stage``, and those that a deployment makes by ``StageName``."""

from collections.abc import Iterator
from dataclasses import dataclass

from validator.graph.apis.lookup import naming
from validator.graph.apis.rest import DEPLOYMENT, STAGE, rest_api_of
from validator.graph.architecture import Architecture
from validator.graph.resource import Resource
from validator.resolve import Part, Text, Value


@dataclass(frozen=True, slots=True)
class Stage:
    """One callable stage. ``api`` is None when the run does not hold it."""

    resource: Resource
    api: Resource | None
    name: Value

    @property
    def label(self) -> str:
        """How people name it: ``stage prod``; an undecided name is shown by its reference."""
        if isinstance(self.name, Text):
            return f"stage {self.name}"
        key = self.name.missing.key if self.name.missing is not None else "its name"
        return f"stage ${{{key.rpartition(':')[2]}}}"

    @property
    def name_parts(self) -> tuple[Part, ...]:
        """The name's parts; empty when it is no text."""
        return self.name.parts if isinstance(self.name, Text) else ()


def stage_of(graph: Architecture, resource: Resource) -> Stage | None:
    """The stage that the resource makes; None for a deployment that makes none."""
    name = resource.prop("StageName")
    if name.is_absent and resource.type == DEPLOYMENT:
        return None
    return Stage(resource, rest_api_of(graph, resource), name)


def stages_of(graph: Architecture, api: Resource) -> tuple[Stage, ...]:
    """All stages of a REST API of the run."""
    return graph.memo("rest-stages", api, lambda: tuple(_stages(graph, api)))


def _stages(graph: Architecture, api: Resource) -> Iterator[Stage]:
    for resource in naming(graph, api, ("RestApiId",), STAGE, DEPLOYMENT):
        stage = stage_of(graph, resource)
        if stage is not None and stage.api == api:
            yield stage
