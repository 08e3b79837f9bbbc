"""Definitions that stand in files beside the template until ``aws cloudformation package`` uploads them.

Follows the AWS CLI reference, *cloudformation package*: a local path may stand in ``BodyS3Location`` of an
API and in ``DefinitionS3Location`` of a GraphQL schema. The file's content takes the place that the property
would give it, with its own positions; what cannot be read stays the location that it is.
"""

from collections.abc import Mapping
from dataclasses import replace

from validator.expand.local_files import LocalFiles, Unreadable
from validator.expand.template import TemplateResource
from validator.load.nodes import MapEntry, MapNode, Node, ScalarNode

_LOCATIONS: Mapping[str, tuple[str, str]] = {
    "AWS::ApiGateway::RestApi": ("BodyS3Location", "Body"),
    "AWS::ApiGatewayV2::Api": ("BodyS3Location", "Body"),
    "AWS::AppSync::GraphQLSchema": ("DefinitionS3Location", "Definition"),
}
"""Resource type → the property that names a file, and the property that holds its content."""


def with_local_definitions(
    resources: Mapping[str, TemplateResource], files: LocalFiles
) -> dict[str, TemplateResource]:
    """The resources, with definitions in local files put in; raises nothing."""
    return {name: _with_definition(resource, files) for name, resource in resources.items()}


def _with_definition(resource: TemplateResource, files: LocalFiles) -> TemplateResource:
    names = _LOCATIONS.get(resource.type)
    properties = resource.body.entries.get("Properties")
    if names is None or properties is None or not isinstance(properties.value, MapNode):
        return resource
    location_name, content_name = names
    location = properties.value.entries.get(location_name)
    if location is None or content_name in properties.value.entries or not isinstance(location.value, ScalarNode):
        return resource
    try:
        content = _content(content_name, location.value, files)
    except Unreadable:
        return resource
    kept = {key: entry for key, entry in properties.value.entries.items() if key != location_name}
    merged = MapNode({**kept, content_name: MapEntry(location.key_span, content)}, properties.value.span)
    entry = replace(properties, value=merged)
    return replace(resource, body=replace(resource.body, entries={**resource.body.entries, "Properties": entry}))


def _content(name: str, location: ScalarNode, files: LocalFiles) -> Node:
    if name == "Body":
        return files.read(location.text).root
    text = files.read_text(location.text)
    return ScalarNode(text, text, location.span)
