"""AWS::Include and other macros: merged in, or an open place."""

from pathlib import Path

import pytest

from tests.validator.expand.expanding import expanded, node_at, opaque_reason, plain_at, remarks
from validator.load.nodes import MapNode, plain

TOPIC = """\
Resources:
  Topic:
    Type: AWS::SNS::Topic
    Properties:
      DisplayName: written
      Fn::Transform: {Name: AWS::Include, Parameters: {Location: %s}}
"""


def test_a_local_include_is_merged_with_the_places_of_its_file(tmp_path: Path) -> None:
    (tmp_path / "part.yaml").write_text("TopicName: included\nDisplayName: other\n")
    template = expanded(TOPIC % "./part.yaml", root=tmp_path)

    properties = node_at(template, "Topic", "Properties")
    assert isinstance(properties, MapNode)
    assert plain(properties) == {"DisplayName": "written", "TopicName": "included"}
    assert [(key, entry.duplicated) for key, entry in properties.entries.items()] == [
        ("DisplayName", True),
        ("TopicName", False),
    ]
    span = properties.entries["TopicName"].value.span
    assert (span.path, span.line, span.column) == ("part.yaml", 1, 12)
    assert [document.path for document in template.included] == ["part.yaml"]
    assert template.diagnostics == ()


@pytest.mark.parametrize(
    ("location", "reason"),
    [
        ("s3://bucket/part.yaml", "s3://bucket/part.yaml is not a local file"),
        ("absent.yaml", "absent.yaml does not exist"),
        ("../outside.yaml", "../outside.yaml lies outside the project's root"),
        ("/etc/hostname", "/etc/hostname lies outside the project's root"),
        ("list.yaml", "list.yaml cannot be parsed (list.yaml is not a template: it is not a map of sections)"),
        ("!Ref Where", "its location is not a plain text"),
    ],
)
def test_an_unreadable_include_leaves_the_map_open(tmp_path: Path, location: str, reason: str) -> None:
    project = tmp_path / "project"
    project.mkdir()
    (tmp_path / "outside.yaml").write_text("TopicName: secret\n")
    (project / "list.yaml").write_text("- a\n")
    template = expanded(TOPIC % location, root=project)

    place = node_at(template, "Topic", "Properties", "Fn::Transform")
    assert opaque_reason(place) == reason
    assert remarks(template)[0][:3] == (
        "warning",
        "include-unreadable",
        f"the include is not read, because {reason}",
    )


def test_a_link_out_of_the_root_is_not_followed(tmp_path: Path) -> None:
    project = tmp_path / "project"
    project.mkdir()
    (tmp_path / "secret.yaml").write_text("TopicName: secret\n")
    (project / "part.yaml").symlink_to(tmp_path / "secret.yaml")
    template = expanded(TOPIC % "part.yaml", root=project)

    assert opaque_reason(node_at(template, "Topic", "Properties", "Fn::Transform")) == (
        "part.yaml lies outside the project's root"
    )


def test_an_include_as_a_value_and_at_the_top(tmp_path: Path) -> None:
    (tmp_path / "value.yaml").write_text("a: 1\n")
    (tmp_path / "top.yaml").write_text("Resources:\n  More: {Type: AWS::SQS::Queue}\n")
    template = expanded(
        """\
        Transform: {Name: AWS::Include, Parameters: {Location: top.yaml}}
        Resources:
          Topic:
            Type: AWS::SNS::Topic
            Metadata:
              Fn::Transform: {Name: AWS::Include, Parameters: {Location: value.yaml}}
        """,
        root=tmp_path,
    )

    assert list(template.resources) == ["Topic", "More"]
    assert plain_at(template, "Topic", "Metadata") == {"a": 1}


def test_an_include_inside_an_included_file_stays_open(tmp_path: Path) -> None:
    (tmp_path / "part.yaml").write_text(
        "Inner:\n  Fn::Transform: {Name: AWS::Include, Parameters: {Location: part.yaml}}\n"
    )
    template = expanded(TOPIC % "part.yaml", root=tmp_path)

    assert opaque_reason(node_at(template, "Topic", "Properties", "Inner", "Fn::Transform")) == (
        "a macro inside an included file is not carried out"
    )


def test_a_deep_include_is_refused(tmp_path: Path) -> None:
    (tmp_path / "part.yaml").write_text("a: " + "[" * 80 + "]" * 80)
    template = expanded(TOPIC % "part.yaml", root=tmp_path)

    assert opaque_reason(node_at(template, "Topic", "Properties", "Fn::Transform")) == (
        "part.yaml is nested deeper than 60 levels"
    )


def test_template_level_macros_make_everything_uncertain() -> None:
    template = expanded("Transform: [Count]\nResources:\n  Topic: {Type: AWS::SNS::Topic}\n")

    assert template.uncertain == ("the macro Count may change anything in the template",)
    assert remarks(template) == [
        (
            "warning",
            "macro",
            "the macro Count may change anything in the template; it is not carried out",
            1,
            13,
        )
    ]


def test_known_aws_transforms_are_no_macros() -> None:
    template = expanded("Transform: AWS::SecretsManager-2020-07-23\nResources:\n  Topic: {Type: AWS::SNS::Topic}\n")

    assert (template.uncertain, template.diagnostics) == ((), ())


def test_embedded_macros_replace_a_value_or_open_a_map() -> None:
    template = expanded(
        """\
        Resources:
          Fn::Transform: {Name: MoreResources}
          Made: {'Fn::Transform': {Name: Maker}}
          Topic:
            Type: AWS::SNS::Topic
            Properties:
              TopicName: {'Fn::Transform': [{Name: Upper, Parameters: {}}]}
              Tags: [{Key: a, 'Fn::Transform': {Name: Value}}]
        """
    )

    assert opaque_reason(node_at(template, "Topic", "Properties", "TopicName")) == (
        "the macro Upper is not carried out"
    )
    assert plain_at(template, "Topic", "Properties", "Tags") == [{"Key": "a", "Fn::Transform": None}]
    assert template.uncertain == (
        "resource Made is not known, because the macro Maker is not carried out",
        "the section Resources may have more entries, because the macro MoreResources is not carried out",
    )


def test_the_deepest_template_with_the_deepest_include_exhausts_nothing(tmp_path: Path) -> None:
    (tmp_path / "part.yaml").write_text("a: " + "[" * 58 + "]" * 58)
    include = "{'Fn::Transform': {Name: AWS::Include, Parameters: {Location: part.yaml}}}"
    variables = "[" * 180 + include + "]" * 180
    properties = f"{{InlineCode: x, Handler: a, Runtime: python3.12, Environment: {{Variables: {{A: {variables}}}}}}}"
    template = expanded(
        f"Resources: {{F: {{Type: AWS::Serverless::Function, Properties: {properties}}}}}\n", root=tmp_path
    )

    assert [document.path for document in template.included] == ["part.yaml"]
    assert next(iter(template.resources)) == "F"
