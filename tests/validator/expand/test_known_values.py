"""Values that are known before anything is resolved."""

import pytest

from validator.expand.known_values import KnownValues, Undecided
from validator.load import load_document
from validator.load.nodes import MapNode, Node

TEMPLATE = """\
Parameters:
  Given: {Type: String}
  Default: {Type: Number, Default: 7}
  Listed: {Type: CommaDelimitedList, Default: [a, b]}
  None: {Type: String}
  Stored: {Type: 'AWS::SSM::Parameter::Value<String>', Default: /name}
Mappings:
  M: {eu-west-1: {one: x, many: [y, z], text: 'p, q'}}
Values:
  literal: [a, !Ref Default]
  given: !Ref Given
  listed: !Ref Listed
  none: !Ref None
  stored: !Ref Stored
  unknown: !Ref Nobody
  mapped: !FindInMap [M, !Ref AWS::Region, many]
  text: !FindInMap [M, eu-west-1, text]
  fallback: !FindInMap [M, x, y, {DefaultValue: [d]}]
  missing: !FindInMap [M, x, y]
  short: !FindInMap [M, x]
  computed: [!Sub '${Given}']
"""


def looked_up(name: str, region: str | None = "eu-west-1") -> tuple[str, ...]:
    root = load_document(TEMPLATE.encode(), "template.yaml").root
    assert isinstance(root, MapNode)
    values = root.get("Values")
    assert isinstance(values, MapNode)
    node: Node | None = values.get(name)
    assert node is not None
    return KnownValues(root, {"Given": " g , h"}, region).list_of(node)


@pytest.mark.parametrize(
    ("name", "members"),
    [
        ("literal", ("a", "7")),
        ("given", ("g", "h")),
        ("listed", ("a", "b")),
        ("mapped", ("y", "z")),
        ("text", ("p", "q")),
        ("fallback", ("d",)),
    ],
)
def test_lists_that_are_known(name: str, members: tuple[str, ...]) -> None:
    assert looked_up(name) == members


@pytest.mark.parametrize(
    ("name", "reason"),
    [
        ("none", "parameter None has no value"),
        ("stored", "the value of parameter Stored is kept in SSM"),
        ("unknown", "Nobody is no parameter of the template"),
        ("missing", "no mapping has M.x.y"),
        ("short", "Fn::FindInMap needs a mapping and two keys"),
        ("computed", "an item is built by a function that is not known before deployment"),
    ],
)
def test_lists_that_are_not_known(name: str, reason: str) -> None:
    with pytest.raises(Undecided) as caught:
        looked_up(name)

    assert str(caught.value) == reason


def test_a_mapping_by_region_needs_the_region() -> None:
    with pytest.raises(Undecided) as caught:
        looked_up("mapped", region=None)

    assert (str(caught.value), caught.value.how) == ("the region is not known", "give --region")
