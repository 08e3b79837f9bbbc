"""Definitions in local files: read below the root, with the file's own positions."""

from pathlib import Path

from validator.expand import Template, expand
from validator.load import load_document
from validator.load.nodes import MapNode, plain

OPENAPI = "openapi: 3.0.1\npaths:\n  /a:\n    get: {}\n"
TEMPLATE = """
Resources:
  Api: {Type: AWS::ApiGateway::RestApi, Properties: {BodyS3Location: api.yaml}}
  Http: {Type: AWS::ApiGatewayV2::Api, Properties: {BodyS3Location: ../outside.yaml}}
  Remote: {Type: AWS::ApiGateway::RestApi, Properties: {BodyS3Location: {Bucket: b, Key: k}}}
  Schema: {Type: AWS::AppSync::GraphQLSchema, Properties: {DefinitionS3Location: schema.graphql}}
  Both: {Type: AWS::AppSync::GraphQLSchema, Properties: {DefinitionS3Location: schema.graphql, Definition: own}}
"""


def template(folder: Path) -> Template:
    root = folder / "project"
    root.mkdir()
    (folder / "outside.yaml").write_text(OPENAPI)
    (root / "api.yaml").write_text(OPENAPI)
    (root / "schema.graphql").write_text("type Query { shows: [Show] }")
    return expand(
        load_document(TEMPLATE.encode(), "template.yaml"), root=root, file=root / "template.yaml", parameters={}
    )


def properties(found: Template, logical_id: str) -> object:
    node = found.resources[logical_id].body.get("Properties")
    assert node is not None
    return plain(node)


def test_local_definitions_take_the_place_of_their_location(tmp_path: Path) -> None:
    found = template(tmp_path)

    assert properties(found, "Api") == {"Body": {"openapi": "3.0.1", "paths": {"/a": {"get": {}}}}}
    assert properties(found, "Schema") == {"Definition": "type Query { shows: [Show] }"}
    assert [document.path for document in found.included] == ["api.yaml"]


def test_what_is_remote_outside_or_written_inline_stays(tmp_path: Path) -> None:
    found = template(tmp_path)

    assert properties(found, "Http") == {"BodyS3Location": "../outside.yaml"}
    assert properties(found, "Remote") == {"BodyS3Location": {"Bucket": "b", "Key": "k"}}
    assert properties(found, "Both") == {"DefinitionS3Location": "schema.graphql", "Definition": "own"}


def test_a_definition_keeps_the_places_of_its_file(tmp_path: Path) -> None:
    body = template(tmp_path).resources["Api"].body.get("Properties")
    assert isinstance(body, MapNode)
    definition = body.get("Body")
    assert isinstance(definition, MapNode)

    assert (definition.entries["paths"].key_span.path, definition.entries["paths"].key_span.line) == ("api.yaml", 2)
