"""SAM: a workflow in a file beside the template."""

from pathlib import Path

from tests.validator.expand.expanding import SAM, expanded, node_at
from validator.load.nodes import MapNode

FLOW = """\
{"StartAt": "Pay",
 "States": {"Pay": {"Type": "Task", "Resource": "${Pay}", "End": true}}}
"""
MACHINE = """\
Resources:
  Orders:
    Type: AWS::Serverless::StateMachine
    Properties:
      Role: arn:aws:iam::111122223333:role/r
      DefinitionUri: %s
      DefinitionSubstitutions: {Pay: arn:aws:lambda:eu-west-1:111122223333:function:pay}
"""


def test_a_local_workflow_becomes_the_definition_with_its_own_places(tmp_path: Path) -> None:
    (tmp_path / "orders.asl.json").write_text(FLOW)
    template = expanded(SAM + MACHINE % "orders.asl.json", root=tmp_path)

    properties = node_at(template, "Orders", "Properties")
    assert isinstance(properties, MapNode)
    assert "DefinitionS3Location" not in properties.entries
    span = node_at(template, "Orders", "Properties", "Definition", "States", "Pay", "Type").span
    assert (span.path, span.line, span.column) == ("orders.asl.json", 2, 29)
    assert [document.path for document in template.included] == ["orders.asl.json"]


def test_a_workflow_that_cannot_be_read_stays_a_place(tmp_path: Path) -> None:
    (tmp_path / "project").mkdir()
    (tmp_path / "orders.asl.json").write_text(FLOW)
    for location in ("missing.asl.json", "../orders.asl.json", "s3://builds/orders.asl.json"):
        template = expanded(SAM + MACHINE % location, root=tmp_path / "project")
        properties = node_at(template, "Orders", "Properties")
        assert isinstance(properties, MapNode)
        assert ("Definition" in properties.entries, "DefinitionS3Location" in properties.entries) == (False, True)
