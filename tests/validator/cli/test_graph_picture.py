"""``graph --format svg``: the picture alone, and with the failures marked."""

from xml.etree import ElementTree

from tests.validator.cli.conftest import Project, Tierlens

FUNCTION = """\
Resources:
  Function:
    Type: AWS::Lambda::Function
    Properties: {Role: !GetAtt Role.Arn, Environment: {Variables: {TABLE: !Ref Table}}}
  Role:
    Type: AWS::IAM::Role
    Properties:
      Policies:
        - PolicyName: p
          PolicyDocument: {Statement: [{Effect: Allow, Action: "dynamodb:*", Resource: !GetAtt Table.Arn}]}
  Table: {Type: AWS::DynamoDB::Table}
"""


def marks(text: str) -> dict[str, str]:
    nodes = (one for one in ElementTree.fromstring(text.encode()).iter() if "data-names" in one.attrib)
    return {one.attrib["data-names"]: one.get("data-findings", "") for one in nodes}


def test_the_picture_of_a_template(project: Project, tierlens: Tierlens) -> None:
    project(**{"t.yaml": FUNCTION})
    done = tierlens("graph", "--format", "svg", "t.yaml")
    assert (done.status, done.err) == (0, "")
    assert marks(done.out) == {"Function": "", "Table": ""}


def test_the_failures_are_marked_on_request(project: Project, tierlens: Tierlens) -> None:
    project(**{"t.yaml": FUNCTION})
    done = tierlens("graph", "--format", "svg", "--findings", "-o", "picture.svg", "t.yaml")
    assert (done.status, done.out, done.err) == (0, "", "")
    text = (project() / "picture.svg").read_text()
    assert marks(text)["Function"]
    assert "IAM001" in text


def test_two_templates_are_two_pictures(project: Project, tierlens: Tierlens) -> None:
    project(**{"a.yaml": FUNCTION, "b.yaml": FUNCTION})
    root = ElementTree.fromstring(tierlens("graph", "--format", "svg", ".").out.encode())
    titles = [one.findtext("{http://www.w3.org/2000/svg}title") for one in root if one.tag.endswith("svg")]
    assert titles == ["Architecture of a.yaml", "Architecture of b.yaml"]


def test_a_template_that_cannot_be_read_is_no_picture(project: Project, tierlens: Tierlens) -> None:
    project(**{"a.yaml": FUNCTION, "b.yaml": "Resources: [\n"})
    for extra in ((), ("--findings",)):
        done = tierlens("graph", "--format", "svg", *extra, "a.yaml", "b.yaml")
        assert (done.status, done.out) == (2, "")
        assert "b.yaml" in done.err


def test_findings_are_for_pictures_only(project: Project, tierlens: Tierlens) -> None:
    project(**{"t.yaml": FUNCTION})
    done = tierlens("graph", "--findings", "t.yaml")
    assert (done.status, done.err) == (
        2,
        "error: --findings cannot be shown as mermaid\n  hint: add --format svg\n",
    )
