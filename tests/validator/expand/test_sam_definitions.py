"""SAM: OpenAPI definitions in files, code locations, and what SAM refuses beside them."""

from pathlib import Path

import pytest

from tests.validator.expand.expanding import (
    SAM,
    entry_at,
    expanded,
    node_at,
    opaque_reason,
    plain_at,
    remarks,
)
from validator.load.nodes import MapNode

OPENAPI = """\
openapi: 3.0.1
paths:
  /tickets:
    get:
      security: [{key: []}]
"""
API = """\
Resources:
  Api:
    Type: AWS::Serverless::%s
    Properties:
      StageName: live
      DefinitionUri: %s
%s"""


@pytest.mark.parametrize("kind", ["Api", "HttpApi"])
def test_a_local_definition_becomes_the_body_with_its_own_places(tmp_path: Path, kind: str) -> None:
    (tmp_path / "api").mkdir()
    (tmp_path / "api" / "openapi.yaml").write_text(OPENAPI)
    template = expanded(SAM + API % (kind, "api/openapi.yaml", ""), root=tmp_path)

    properties = node_at(template, "Api", "Properties")
    assert isinstance(properties, MapNode)
    assert "BodyS3Location" not in properties.entries
    span = node_at(template, "Api", "Properties", "Body", "paths", "/tickets", "get", "security").span
    assert (span.path, span.line, span.column) == ("api/openapi.yaml", 5, 17)
    assert entry_at(template, "Api", "Properties", "Body").key_span.line == 7
    assert [document.path for document in template.included] == ["api/openapi.yaml"]
    assert template.diagnostics == ()


def test_events_add_nothing_to_a_definition_in_a_file(tmp_path: Path) -> None:
    (tmp_path / "openapi.yaml").write_text(OPENAPI)
    function = """\
  F:
    Type: AWS::Serverless::Function
    Properties:
      InlineCode: x
      Handler: a.b
      Runtime: python3.12
      Events: {Get: {Type: Api, Properties: {RestApiId: !Ref Api, Path: /other, Method: get}}}
"""
    template = expanded(SAM + API % ("Api", "openapi.yaml", function), root=tmp_path)

    assert plain_at(template, "Api", "Properties", "Body", "paths") == {
        "/tickets": {"get": {"security": [{"key": []}]}}
    }
    assert "FGetPermissionlive" in template.resources
    assert template.event_operations == {}


def test_auth_beside_a_definition_file_is_set_aside_and_reported(tmp_path: Path) -> None:
    (tmp_path / "openapi.yaml").write_text(OPENAPI)
    auth = "      Auth: {DefaultAuthorizer: AWS_IAM}\n"
    template = expanded(SAM + API % ("Api", "openapi.yaml", auth), root=tmp_path)

    assert plain_at(template, "Api", "Properties", "Body", "paths", "/tickets", "get") == {"security": [{"key": []}]}
    assert remarks(template) == [
        (
            "warning",
            "sam-set-aside",
            "SAM refuses Auth beside DefinitionUri; Api is checked as its definition says, without Auth",
            8,
            7,
        )
    ]


def test_auth_of_globals_beside_a_definition_file_is_set_aside_too(tmp_path: Path) -> None:
    (tmp_path / "openapi.yaml").write_text(OPENAPI)
    shared = "Globals: {Api: {Auth: {DefaultAuthorizer: AWS_IAM}, TracingEnabled: true}}\n"
    template = expanded(SAM + shared + API % ("Api", "openapi.yaml", ""), root=tmp_path)

    assert template.resources["Api"].refused == ""
    assert plain_at(template, "ApiliveStage", "Properties", "TracingEnabled") is True
    assert remarks(template)[0][1:4] == (
        "sam-set-aside",
        "SAM refuses Auth beside DefinitionUri; Api is checked as its definition says, without Auth",
        2,
    )


def test_a_definition_that_is_not_there_leaves_the_body_open(tmp_path: Path) -> None:
    template = expanded(SAM + API % ("Api", "gone.yaml", ""), root=tmp_path)

    assert opaque_reason(node_at(template, "Api", "Properties", "Body")) == "gone.yaml does not exist"
    assert remarks(template) == [
        (
            "warning",
            "include-unreadable",
            "the API definition of Api is not read, because gone.yaml does not exist",
            7,
            22,
        )
    ]


def test_uploaded_and_computed_definitions_pass_through() -> None:
    uploaded = expanded(SAM + API % ("Api", "s3://bucket/key", ""))
    computed = expanded(SAM + API % ("Api", "!Ref Where", ""))

    assert plain_at(uploaded, "Api", "Properties", "BodyS3Location") == {"Bucket": "bucket", "Key": "key"}
    assert plain_at(computed, "Api", "Properties", "BodyS3Location") == {"Ref": "Where"}


def test_an_included_definition_takes_part_in_auth(tmp_path: Path) -> None:
    """Embedded transforms run before the template's own: SAM sees what they gave."""
    (tmp_path / "openapi.yaml").write_text(
        "openapi: 3.0.1\npaths: {/a: {get: {x-amazon-apigateway-integration: {type: mock}}}}\n"
    )
    text = """\
Resources:
  Api:
    Type: AWS::Serverless::Api
    Properties:
      StageName: live
      Auth: {DefaultAuthorizer: AWS_IAM}
      DefinitionBody: {'Fn::Transform': {Name: AWS::Include, Parameters: {Location: %s}}}
"""
    read = expanded(SAM + text % "openapi.yaml", root=tmp_path)
    unread = expanded(SAM + text % "s3://bucket/key", root=tmp_path)

    assert plain_at(read, "Api", "Properties", "Body", "paths", "/a", "get", "security") == [{"AWS_IAM": []}]
    assert opaque_reason(node_at(unread, "Api", "Properties", "Body")) == "s3://bucket/key is not a local file"
    assert unread.resources["Api"].refused == ""


FUNCTION = """\
Resources:
  F:
    Type: AWS::Serverless::Function
    Properties:
      Handler: a.b
      Runtime: python3.12
      %s
"""


@pytest.mark.parametrize(
    ("written", "code"),
    [
        ("CodeUri: ./src", "./src"),
        ("CodeUri: !If [A, s3://a/b, ./src]", {"Fn::If": ["A", "s3://a/b", "./src"]}),
        ("CodeUri: !Sub 's3://${B}/k'", {"Fn::Sub": "s3://${B}/k"}),
        ("CodeUri: s3://bucket/key", {"S3Bucket": "bucket", "S3Key": "key"}),
        ("CodeUri: {Bucket: b, Key: !Ref K}", {"S3Bucket": "b", "S3Key": {"Ref": "K"}}),
        ("InlineCode: pass", {"ZipFile": "pass"}),
        ("Timeout: 3", None),
    ],
)
def test_code_locations(written: str, code: object) -> None:
    template = expanded(SAM + FUNCTION % written)

    assert plain_at(template, "F", "Properties", "Code") == code
    assert template.diagnostics == ()


def test_an_image_that_is_built_later() -> None:
    template = expanded(SAM + "Resources: {F: {Type: AWS::Serverless::Function, Properties: {PackageType: Image}}}\n")

    assert opaque_reason(node_at(template, "F", "Properties", "Code")) == "the image is built later"


def test_layers_and_state_machines_keep_local_paths() -> None:
    template = expanded(
        SAM
        + """\
Resources:
  Layer: {Type: AWS::Serverless::LayerVersion, Properties: {ContentUri: ./layer}}
  Flow: {Type: AWS::Serverless::StateMachine, Properties: {DefinitionUri: flow.json, Role: 'arn:x'}}
"""
    )

    (layer,) = (name for name in template.resources if name.startswith("Layer"))
    assert plain_at(template, layer, "Properties", "Content") == "./layer"
    assert plain_at(template, "Flow", "Properties", "DefinitionS3Location") == "flow.json"
    assert template.resources[layer].origin.logical_id == "Layer"


def test_an_operation_of_a_definition_file_is_not_ascribed_to_an_event(tmp_path: Path) -> None:
    (tmp_path / "openapi.yaml").write_text(OPENAPI)
    function = """\
  F:
    Type: AWS::Serverless::Function
    Properties:
      InlineCode: x
      Handler: a.b
      Runtime: python3.12
      Events: {Get: {Type: Api, Properties: {RestApiId: !Ref Api, Path: /tickets, Method: get}}}
"""
    template = expanded(SAM + API % ("Api", "openapi.yaml", function), root=tmp_path)

    assert template.event_operations == {}
    span = node_at(template, "Api", "Properties", "Body", "paths", "/tickets", "get").span
    assert span.path == "openapi.yaml"
