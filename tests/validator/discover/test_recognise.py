import codecs
import json

import pytest

from validator.discover.recognise import MAXIMUM_SNIFFED_BYTES, is_packaged, why_no_template
from validator.load import MAXIMUM_SOURCE_BYTES

TEMPLATE = "Resources:\n  A:\n    Type: AWS::S3::Bucket\n"
DATA = {"Resources": {"A": {"Type": "AWS::S3::Bucket"}}}


def test_discovery_and_loading_have_one_bound():
    assert MAXIMUM_SNIFFED_BYTES == MAXIMUM_SOURCE_BYTES


@pytest.mark.parametrize(
    "text",
    [
        TEMPLATE,
        TEMPLATE.replace("\n", "\r\n"),
        "\ufeff" + TEMPLATE,
        "# note\n---\n" + TEMPLATE,
        "\n".join("  " + line for line in TEMPLATE.splitlines()),
        TEMPLATE.replace("Resources", "'Resources'").replace("Type", '"Type"'),
        'Resources: {A: {Type: "AWS::S3::Bucket"}}',
        "Resources:\n  A:\n    Type:\n      AWS::S3::Bucket\n",
        "Resources:\n  A:\n    Type: Custom::Thing\n",
        "Resources:\n  Fn::Transform: {Name: AWS::Include}\n",
        "Transform: M\nResources: !Transform {Name: M}\n",
        TEMPLATE + "  B: [not: closed\n",
        json.dumps(DATA),
        json.dumps(DATA, indent=2),
        "{Resources: {A: {Type: AWS::S3::Bucket}}}",
        '{"Resources": {"A": {"Type": "AWS::S3::Bucket",}}}',
        '{"Resources": {"A": {"Type": "AWS::S3::Bucket"}}',
        "Description: |\n  openapi: 3\n" + TEMPLATE,
    ],
)
def test_templates_are_recognised(text):
    assert why_no_template(text.encode()) == ""


@pytest.mark.parametrize("encoding", ["utf-16-le", "utf-16-be"])
def test_a_template_in_a_wrong_encoding_is_left_to_the_loader(encoding):
    mark = codecs.BOM_UTF16_LE if encoding == "utf-16-le" else codecs.BOM_UTF16_BE
    assert why_no_template(mark + TEMPLATE.encode(encoding)) == ""


@pytest.mark.parametrize(
    ("text", "reason"),
    [
        ("", "it has no section Resources"),
        ("[]", "it has no section Resources"),
        ("[1]", "it has no section Resources"),
        ('"Resources"', "it has no section Resources"),
        ("name: ci\non: push\n", "it has no section Resources"),
        ("a:\n  Resources:\n    B:\n      Type: AWS::S3::Bucket\n", "it has no section Resources"),
        ("Description: |\n  Resources:\n   Type: AWS::X::Y\n", "it has no section Resources"),
        ('{"stack": {"Resources": {"A": {"Type": "AWS::S3::Bucket"}}}}', "it has no section Resources"),
        ("resources:\n  - Type: AWS::X::Y\n", "it has no section Resources"),
        ("Resources:\n\nOutputs:\n", "its Resources have no resource type"),
        ('{"Resources": ["A"]}', "its Resources have no resource type"),
        ("Transform: AWS::Serverless-2016-10-31\n", "it has a Transform but no Resources"),
        ("openapi: 3.0.1\npaths: {}\n", "it is an OpenAPI definition"),
        ('{"swagger": "2.0"}', "it is an OpenAPI definition"),
        ('[{"ParameterKey": "A", "ParameterValue": "b"}]', "it is a parameter file"),
        ('{"Parameters": {"A": "b"}}', "it is a parameter file"),
        (
            "service: shop\nprovider:\n  name: aws\nresources:\n  Resources:\n    A: {Type: AWS::S3::Bucket}\n",
            "it is a source of the Serverless Framework: run `serverless package` and check its output",
        ),
        ("[" * 100_000, "it has no section Resources"),
    ],
)
def test_what_is_no_template_has_a_reason(text, reason):
    assert why_no_template(text.encode()) == reason


def test_packaged_code_is_seen():
    assert is_packaged(b"CodeUri: s3://bucket/0123")
    assert not is_packaged(b"CodeUri: src/")
