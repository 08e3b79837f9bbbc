"""SAM: what the translator refuses is kept with the reason, and everything else is translated."""

import socket
import subprocess
import sys

import pytest

from tests.validator.expand.expanding import SAM, expanded, node_at, plain_at, remarks
from validator.expand.sam import refusals
from validator.expand.sam.translator import Refusal, TranslationRefused, translate
from validator.load.nodes import plain

GOOD = """\
  Good:
    Type: AWS::Serverless::Function
    Properties: {InlineCode: x, Handler: a.b, Runtime: python3.12}
"""


def test_a_refused_resource_stays_with_its_type_and_reason() -> None:
    template = expanded(
        SAM
        + """\
Resources:
  Bad:
    Type: AWS::Serverless::Function
    Properties: {InlineCode: x, Handler: a.b, Runtime: python3.12, FunctionUrlConfig: {Cors: {}}}
"""
        + GOOD
    )

    reason = (
        "AuthType is required to configure function property `FunctionUrlConfig`. "
        "Please provide either AWS_IAM or NONE."
    )
    assert [(name, r.type, r.refused) for name, r in template.resources.items()] == [
        ("Bad", "AWS::Serverless::Function", reason),
        ("Good", "AWS::Lambda::Function", ""),
        ("GoodRole", "AWS::IAM::Role", ""),
    ]
    assert plain(template.resources["Bad"].body) == plain(template.sam_resources["Bad"].body)
    assert remarks(template) == [("error", "sam-refused", f"SAM refuses Bad: {reason}", 3, 3)]


def test_functions_of_a_refused_api_are_still_translated() -> None:
    template = expanded(
        SAM
        + """\
Resources:
  Api:
    Type: AWS::Serverless::Api
    Properties:
      StageName: live
      Auth: {DefaultAuthorizer: Nobody, Authorizers: {A: {UserPoolArn: x}}}
  F:
    Type: AWS::Serverless::Function
    Properties:
      InlineCode: x
      Handler: a.b
      Runtime: python3.12
      Events: {Get: {Type: Api, Properties: {RestApiId: !Ref Api, Path: /a, Method: get}}}
"""
    )

    assert template.resources["Api"].refused.startswith("Unable to set DefaultAuthorizer")
    assert template.resources["F"].refused == ""
    assert template.event_operations == {}


def test_a_refused_implicit_api_does_not_take_its_functions_along() -> None:
    template = expanded(
        SAM
        + """\
Globals: {Api: {Auth: {DefaultAuthorizer: Nobody, Authorizers: {A: {UserPoolArn: x}}}}}
Resources:
  F:
    Type: AWS::Serverless::Function
    Properties:
      InlineCode: x
      Handler: a.b
      Runtime: python3.12
      Events: {Get: {Type: Api, Properties: {Path: /a, Method: get}}}
"""
    )

    api = template.resources["ServerlessRestApi"]
    assert (api.type, api.origin.logical_id, api.origin.span.line) == ("AWS::Serverless::Api", "F", 4)
    assert api.refused.startswith("Unable to set DefaultAuthorizer")
    assert template.resources["F"].type == "AWS::Lambda::Function"
    assert template.event_operations == {}


def test_unsupported_globals_are_errors_at_their_key() -> None:
    template = expanded(SAM + "Globals:\n  Function: {Role: x, Timeout: 5}\n  Table: {}\nResources:\n" + GOOD)

    assert plain_at(template, "Good", "Properties", "Timeout") == 5
    assert remarks(template) == [
        (
            "error",
            "sam-refused",
            "Globals.Function.Role is not supported by SAM, which refuses the template; it is left out here",
            3,
            14,
        ),
        (
            "error",
            "sam-refused",
            "Globals.Table is not supported by SAM, which refuses the template; it is left out here",
            4,
            3,
        ),
    ]


def test_a_failure_that_names_nothing_is_tracked_down(monkeypatch: pytest.MonkeyPatch) -> None:
    def failing(document: dict[str, object], values: dict[str, object], region: str | None) -> dict[str, object]:
        resources = document["Resources"]
        assert isinstance(resources, dict)
        if resources["Bad"]["Type"] == "AWS::Serverless::SimpleTable":
            raise TranslationRefused([Refusal((), "it broke")])
        return translate(document, values, region)

    monkeypatch.setattr(refusals, "translate", failing)
    template = expanded(SAM + "Resources:\n" + GOOD + "  Bad: {Type: AWS::Serverless::SimpleTable}\n")

    assert {name: resource.refused for name, resource in template.resources.items()} == {
        "Bad": "it broke",
        "Good": "",
        "GoodRole": "",
    }


def test_when_nothing_helps_every_sam_resource_is_refused(monkeypatch: pytest.MonkeyPatch) -> None:
    def failing(*_: object) -> dict[str, object]:
        raise TranslationRefused([Refusal((), "it broke")])

    monkeypatch.setattr(refusals, "translate", failing)
    template = expanded(SAM + "Resources:\n  Topic: {Type: AWS::SNS::Topic}\n" + GOOD)

    assert {name: resource.refused for name, resource in template.resources.items()} == {
        "Topic": "",
        "Good": "it broke",
    }


def test_an_unforeseen_error_of_the_translator_is_a_refusal() -> None:
    with pytest.raises(TranslationRefused) as caught:
        translate(
            {"Resources": {"A": {"Type": "AWS::Serverless::Function", "Metadata": 1, "Properties": None}}}, {}, None
        )

    assert caught.value.refusals


def test_null_properties_are_none_at_all() -> None:
    template = expanded(SAM + "Resources:\n  T:\n    Type: AWS::Serverless::SimpleTable\n    Properties:\n")

    assert template.resources["T"].type == "AWS::DynamoDB::Table"


def test_an_event_of_an_api_outside_the_template_is_left_out_and_reported() -> None:
    template = expanded(
        SAM
        + """\
Resources:
  F:
    Type: AWS::Serverless::Function
    Properties:
      InlineCode: x
      Handler: a.b
      Runtime: python3.12
      Events:
        Get: {Type: Api, Properties: {RestApiId: !ImportValue Api, Path: /a, Method: get}}
        Own: {Type: Api, Properties: {RestApiId: !Ref Plain, Path: /a, Method: get}}
  Plain: {Type: AWS::ApiGateway::RestApi}
"""
    )

    assert [name for name in template.resources if "Permission" in name] == ["FOwnPermissionStage"]
    assert remarks(template) == [
        (
            "warning",
            "sam-set-aside",
            "event Get of F names an API outside the template, which SAM refuses; the event is left out",
            10,
            9,
        )
    ]
    assert template.event_operations == {}


def test_a_computed_path_is_shown_as_text() -> None:
    template = expanded(
        SAM
        + """\
Parameters: {Base: {Type: String, Default: /x}}
Resources:
  F:
    Type: AWS::Serverless::Function
    Properties:
      InlineCode: x
      Handler: a.b
      Runtime: python3.12
      Events: {Get: {Type: HttpApi, Properties: {Path: !Sub '/${Base}/a', Method: get}}}
"""
    )

    assert list(template.event_operations) == [("ServerlessHttpApi", "/${Base}/a", "get")]
    assert template.resources["F"].refused == ""


def test_open_parts_that_the_translator_loses_make_the_template_uncertain() -> None:
    template = expanded(
        SAM
        + """\
Resources:
  T:
    Type: AWS::Serverless::SimpleTable
    Unknown: !Strange x
"""
        + GOOD
    )

    assert len(template.uncertain) == 1
    assert template.uncertain[0].startswith("part of T is not known, because ")


def test_open_parts_that_are_passed_on_stay_at_their_place() -> None:
    template = expanded(
        SAM
        + """\
Resources:
  F:
    Type: AWS::Serverless::Function
    Properties:
      InlineCode: x
      Handler: a.b
      Runtime: python3.12
      VpcConfig: {SubnetIds: !Strange x}
"""
    )

    written = node_at(template, "F", "Properties", "VpcConfig", "SubnetIds")
    assert (written.span.line, template.uncertain) == (9, ())


def test_no_socket_is_used_even_for_applications_of_the_repository(monkeypatch: pytest.MonkeyPatch) -> None:
    def refuse(*_: object, **__: object) -> None:
        raise AssertionError("a socket was used")

    monkeypatch.setattr(socket.socket, "connect", refuse)
    monkeypatch.setattr(socket, "getaddrinfo", refuse)
    template = expanded(
        SAM
        + """\
Resources:
  Shared:
    Type: AWS::Serverless::Application
    Properties:
      Location:
        ApplicationId: arn:aws:serverlessrepo:us-east-1:123456789012:applications/a
        SemanticVersion: 1.0.0
"""
        + GOOD
    )

    assert template.resources["Shared"].type == "AWS::CloudFormation::Stack"
    assert template.diagnostics == ()


def test_plain_templates_do_not_import_the_translator() -> None:
    script = (
        "import sys; from pathlib import Path; from validator.load import load_document\n"
        "from validator.expand import expand\n"
        "text = b'Transform: AWS::Serverless-2016-10-31\\nResources: {T: {Type: AWS::SNS::Topic}}'\n"
        "expand(load_document(text, 't'), root=Path(), file=Path('t'), parameters={})\n"
        "print(sorted({'samtranslator', 'boto3', 'jsonschema'} & set(sys.modules)))"
    )
    done = subprocess.run([sys.executable, "-c", script], capture_output=True, text=True, check=True)

    assert done.stdout == "[]\n"
