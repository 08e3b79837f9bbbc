"""The drawing: what is on it, that nothing overlaps, and that no name of a template breaks it."""

import re
from itertools import pairwise
from xml.etree import ElementTree

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from reports.picture import ENGLISH, FRENCH, PICTURE_CSS, listing, sheet, svg
from reports.picture.columns import columns_of
from reports.picture.drawing import place
from reports.picture.folding import READABLE, fold
from reports.picture.gutters import points_of
from reports.picture.marks import marks_of
from reports.picture.placement import Placed, Rectangle
from reports.picture.sizes import NAME_SIZE, PADDING, WIDTH, face_of
from reports.picture.text import cut_to, escaped, ranges, short_type, width_of, wrapped
from validator.model import (
    BoxKind,
    Category,
    Evidence,
    Finding,
    Lane,
    Picture,
    PictureBox,
    PictureEdge,
    PictureNode,
    Protection,
    ProtectionKind,
    Severity,
    Span,
    Verdict,
)

SVG = "{http://www.w3.org/2000/svg}"
HOSTILE = [
    "</script><script>alert(1)</script>",
    '"><img src=x>',
    "a\u202eb",
    "\x1b[31m",
    "x" * 3000,
    "a|b",
    "\ud800",
    "'&<",
]


def at(line: int, path: str = "t.yaml") -> Span:
    return Span(path, line, 3, line, 9)


def node(name: str, lane: Lane, resource_type: str = "AWS::Lambda::Function", **more: object) -> PictureNode:
    return PictureNode(f"t\x1f{name}", name, resource_type, lane, at(1), template="t.yaml", **more)  # type: ignore[arg-type]


def edge(source: str, target: str, relation: str = "invokes", line: int = 1) -> PictureEdge:
    ends = (f"t\x1f{name}" if not name.startswith("place:") else name for name in (source, target))
    return PictureEdge(*ends, relation, "", at(line))


def fails(
    resource: str, *steps: str, resource_type: str = "", verdict: Verdict = Verdict.FAIL, **more: str
) -> Finding:
    return Finding(
        rule="TIER001",
        category=Category.TIER_SEPARATION,
        verdict=verdict,
        severity=Severity.HIGH,
        resource=resource,
        resource_type=resource_type,
        message=f"{resource} is open",
        why="",
        fix="",
        span=at(1),
        template=more.get("template", "t.yaml"),
        stack=more.get("stack", ""),
        evidence=tuple(Evidence(step, "leads on", at(90 + number)) for number, step in enumerate(steps)),
    )


INTERNET = PictureNode("place:the Internet", "the Internet", "", Lane.INTERNET, None)
SMALL = Picture(
    "Shop",
    (
        PictureBox("t\x1fNet", BoxKind.VPC, "Net"),
        PictureBox("t\x1fIn", BoxKind.SUBNET, "In", "t\x1fNet", public=False),
        PictureBox("t\x1fOut", BoxKind.SUBNET, "Out", "t\x1fNet", public=True),
    ),
    (
        INTERNET,
        node(
            "Api",
            Lane.LOGIC,
            "AWS::ApiGateway::RestApi",
            protections=(Protection(ProtectionKind.WAF, "WAF Acl", {"IsProd": True}),),
        ),
        node("Function", Lane.LOGIC, boxes=("t\x1fIn",)),
        node("Role", Lane.SUPPORT, "AWS::IAM::Role", owners=("t\x1fFunction",)),
        node("Database", Lane.DATA, "AWS::RDS::DBInstance", boxes=("t\x1fIn",)),
    ),
    (edge("place:the Internet", "Api"), edge("Api", "Function"), edge("Function", "Database", "talks to")),
)


def large(functions: int) -> Picture:
    nodes = [INTERNET, node("Api", Lane.LOGIC, "AWS::ApiGateway::RestApi")]
    edges = [edge("place:the Internet", "Api")]
    for number in range(functions):
        nodes += [
            node(f"Do{number}", Lane.LOGIC),
            node(f"Do{number}Role", Lane.SUPPORT, "AWS::IAM::Role", owners=(f"t\x1fDo{number}",)),
            node(f"Table{number % 7}", Lane.DATA, "AWS::DynamoDB::Table"),
        ]
        edges += [edge("Api", f"Do{number}"), edge(f"Do{number}", f"Table{number % 7}", "may use")]
    return Picture("Large", (), tuple({one.id: one for one in nodes}.values()), tuple(edges))


def placed(picture: Picture, findings: list[Finding]) -> Placed:
    marks = marks_of(picture, findings)
    folded = fold(picture, marks)
    faces = {card.number: face_of(card, ENGLISH) for card in (*folded.cards, *folded.support)}
    return place(picture, folded, faces, marks)


def groups(text: str, kind: str) -> list[ElementTree.Element]:
    """The groups of a kind; the samples of the legend have no title."""
    found = (one for one in ElementTree.fromstring(text).iter(f"{SVG}g") if kind in one.get("class", "").split())
    return [one for one in found if one.find(f"{SVG}title") is not None]


def names(text: str, kind: str = "tlp-node") -> dict[str, str]:
    """By name, the numbers of the findings."""
    return {one.get("data-names", ""): one.get("data-findings", "") for one in groups(text, kind)}


def test_a_fragment_has_no_style_script_or_link_of_its_own() -> None:
    text = svg(SMALL, [fails("Database")])
    assert not re.search(r"<style|<script|<a |style=|href|onclick|http(?!://www\.w3\.org/2000/svg)", text)
    assert all(f"{{{'}'}" not in rule for rule in PICTURE_CSS.splitlines())
    assert f"<style>{PICTURE_CSS}</style>" in sheet([SMALL])


def test_the_path_of_a_finding_is_red_and_numbered() -> None:
    findings = [
        fails("Api", verdict=Verdict.PASS),
        fails("Database", "the Internet", "Api", "Function", "Database", "Out"),
        fails("Role", resource_type="AWS::IAM::Role"),
    ]
    text = svg(SMALL, findings)
    assert names(text) == {"the Internet": "2", "Api": "2", "Function": "2 3", "Database": "2"}
    assert [one.get("data-findings") for one in groups(text, "tlp-broken")] == ["2", "2", "2"]
    assert [one.get("data-findings") for one in groups(text, "tlp-public")] == ["2"]
    assert [one.get("data-findings") for one in groups(text, "tlp-private")] == [None]


def test_a_finding_without_a_path_marks_its_resource_alone() -> None:
    text = svg(SMALL, [fails("Database")])
    assert names(text) == {"the Internet": "", "Api": "", "Function": "", "Database": "1"}
    assert groups(text, "tlp-broken") == []


def test_a_finding_of_another_template_or_stack_marks_nothing() -> None:
    assert set(names(svg(SMALL, [fails("Database", template="other.yaml")])).values()) == {""}
    two = Picture("Two", (), tuple(PictureNode(f"{s}\x1fT", "T", "x", Lane.DATA, at(1), stack=s) for s in "ab"), ())
    found = [one.get("data-findings") for one in groups(svg(two, [fails("T", stack="b")]), "tlp-node")]
    assert found == [None, "1"]


def test_guards_and_their_conditions_are_on_the_card() -> None:
    text = "".join(ElementTree.fromstring(svg(SMALL)).itertext())
    assert "WAF Acl when IsProd=true" in text
    assert "guarded by WAF Acl when IsProd=true" in text


def test_cards_can_be_reached_and_read_out() -> None:
    cards = groups(svg(SMALL, [fails("Database")]), "tlp-node")
    assert [(one.get("tabindex"), one.get("role")) for one in cards] == [("0", "img")] * 4
    assert cards[3].get("aria-label") == "Database, RDS DBInstance, t.yaml:1:3; finding 1"
    assert "1. TIER001 Database: Database is open" in listing(SMALL, [fails("Database")])


@pytest.mark.parametrize("functions", [3, 20, 100, 400])
def test_no_cards_overlap_and_frames_hold_their_own(functions: int) -> None:
    for picture in (SMALL, large(functions)):
        found = placed(picture, [])
        cards = list(found.cards.values())
        assert not any(one.overlaps(other) for turn, one in enumerate(cards) for other in cards[:turn])
        assert all(card.x >= 0 and card.right <= found.width and card.bottom <= found.height for card in cards)


def test_cards_in_subnets_stand_inside_of_the_frames() -> None:
    found = placed(SMALL, [])
    lanes = dict(found.lanes)
    cards = {fold(SMALL, marks_of(SMALL, [])).cards[number].first.name: card for number, card in found.cards.items()}
    frames = {frame.boxes[0].name: frame.place for frame in found.frames}

    def holds(outer: Rectangle, inner: Rectangle) -> bool:
        return (
            outer.x <= inner.x and outer.y <= inner.y and inner.right <= outer.right and inner.bottom <= outer.bottom
        )

    assert holds(frames["Net"], frames["In"])
    assert holds(frames["Net"], frames["Out"])
    assert holds(frames["In"], cards["Function"])
    assert not holds(frames["Net"], cards["Api"])
    assert holds(lanes[Lane.LOGIC], cards["Api"])
    assert holds(lanes[Lane.DATA], cards["Database"])
    assert holds(lanes[Lane.INTERNET], cards["the Internet"])


@pytest.mark.parametrize("functions", [3, 60])
def test_no_line_runs_through_a_card(functions: int) -> None:
    picture = large(functions)
    marks = marks_of(picture, [])
    folded = fold(picture, marks)
    found = placed(picture, [])
    for line, points in zip(folded.lines, points_of(folded.lines, found), strict=True):
        for (x1, y1), (x2, y2) in pairwise(points):
            stretch = Rectangle(min(x1, x2), min(y1, y2), abs(x1 - x2), abs(y1 - y2))
            through = [card for card, place in found.cards.items() if place.overlaps(stretch, -0.5)]
            assert not set(through) - {line.source, line.target}, (line, points)


def test_many_functions_alike_become_one_stack_that_lists_them() -> None:
    text = svg(large(40))
    found = names(text)
    assert len(found) <= READABLE
    assert any(name.split("|")[0] == "Do0" and len(name.split("|")) > 4 for name in found)
    assert sorted(one for name in found for one in name.split("|") if one.startswith("Do")) == sorted(
        f"Do{number}" for number in range(40)
    )


def test_few_functions_are_drawn_one_by_one() -> None:
    assert all("|" not in name for name in names(svg(large(5))))


def test_a_marked_function_is_not_hidden_among_sound_ones() -> None:
    text = svg(large(40), [fails("Do7", "Do7", "Table0")])
    assert names(text)["Do7"] == "1"
    assert [one.get("data-findings") for one in groups(text, "tlp-broken")] == ["1"]


def test_every_number_is_told_even_where_a_card_has_no_room() -> None:
    text = svg(SMALL, [one for _ in range(60) for one in (fails("Database"), fails("Api"))])
    assert names(text)["Database"].split() == [str(number) for number in range(1, 121, 2)]
    (card,) = (one for one in groups(text, "tlp-node") if one.get("data-names") == "Database")
    shown = "".join(card.find(f"{SVG}g").itertext())  # type: ignore[union-attr]
    assert shown.startswith("1, 3, 5")
    assert re.search(r"\+\d+$", shown)


def test_three_hundred_resources_are_a_small_file() -> None:
    assert len(svg(large(145), standalone=True)) < 400_000


def test_the_same_picture_is_the_same_text() -> None:
    assert svg(large(60), [fails("Do7")]) == svg(large(60), [fails("Do7")])


def test_the_words_come_in_french() -> None:
    text = "".join(ElementTree.fromstring(svg(SMALL, texts=FRENCH)).itertext())
    assert "Niveau données" in text
    assert "sous-réseaux" in text or "sous-réseau privé" in text
    assert "Data tier" not in text
    assert "Api appelle Function" in text


@pytest.mark.parametrize("name", HOSTILE)
def test_hostile_names_leave_the_file_whole(name: str) -> None:
    nodes = (node(name, Lane.LOGIC), node("Other", Lane.DATA, name))
    box = PictureBox("t\x1fbox", BoxKind.VPC, name)
    picture = Picture(name, (box,), nodes, (PictureEdge(nodes[0].id, nodes[1].id, name, name, at(1, name)),))
    for text in (svg(picture, [fails(name)]), sheet([picture, picture], [fails(name)])):
        root = ElementTree.fromstring(text.encode())
        assert {one.tag.removeprefix(SVG) for one in root.iter()} <= {
            *("svg", "title", "desc", "defs", "marker", "path", "rect", "g", "text", "style"),
        }
        assert not re.search("[\u202a-\u202e\u2066-\u2069\x00-\x08\x0b-\x1f]", text)
        shown = [one.text or "" for one in root.iter(f"{SVG}text")]
        assert max(map(len, shown)) < 200


@given(st.text(max_size=80), st.floats(8, 16), st.floats(30, 300))
@settings(max_examples=60)
def test_texts_never_need_more_than_their_room(text: str, size: float, room: float) -> None:
    assert width_of(cut_to(text, size, room), size) <= room
    assert all(width_of(line, size) <= room for line in wrapped(text, size, room))
    ElementTree.fromstring(f"<t a='{escaped(text)}'>{escaped(text)}</t>")


def test_text_helpers() -> None:
    assert ranges((1, 2, 3, 7, 9, 10)) == "1–3, 7, 9–10"
    assert short_type("AWS::DynamoDB::Table") == "DynamoDB Table"
    assert short_type("Custom::Thing") == "Thing"
    assert wrapped("VeryLongOperationNameFunction", NAME_SIZE, WIDTH - 2 * PADDING) == [
        "VeryLongOperationName",
        "Function",
    ]


def test_calls_go_from_left_to_right_and_circles_end() -> None:
    nodes = tuple(node(name, Lane.LOGIC) for name in "abc")
    picture = Picture("c", (), nodes, (edge("a", "b"), edge("b", "c"), edge("c", "a")))
    folded = fold(picture, marks_of(picture, []))
    assert [[card.first.name for card in column] for _, column in columns_of(folded.cards, folded.lines)] == [
        ["a"],
        ["b"],
        ["c"],
    ]


def test_nothing_to_draw_is_said() -> None:
    assert "There is nothing to draw." in svg(Picture("empty", (), (), ()))
