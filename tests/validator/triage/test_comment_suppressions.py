from datetime import date

import pytest

from tests.validator.triage.examples import finding, template
from validator.load.nodes import MapNode
from validator.model import Verdict
from validator.triage import apply_suppressions, collect_suppressions

MARK = '# tierlens: ignore[AUTH001] reason="public by design"'
TODAY = date(2026, 11, 23)
LINES = [
    "Resources:",
    "  Other:",
    "    Type: AWS::SNS::Topic",
    "  Api:",
    "    Type: AWS::ApiGateway::RestApi",
    "    Properties:",
    "      Name: a",
    "      Policy:",
    "        Statement: []",
    "  Last:",
    "    Type: AWS::SNS::Topic",
]


def above(line: int, *marks: str, indent: str = "    ") -> str:
    """The template with comments on lines of their own above a line (numbered as without them)."""
    return "\n".join([*LINES[: line - 1], *(indent + mark for mark in marks or (MARK,)), *LINES[line - 1 :]]) + "\n"


def behind(line: int, mark: str = MARK) -> str:
    """The template with a comment at the end of a line."""
    return "\n".join([*LINES[: line - 1], f"{LINES[line - 1]}  {mark}", *LINES[line:]]) + "\n"


def suppressed(text: str, *findings: tuple[str, int]) -> list[tuple[str, int]]:
    found = collect_suppressions(template(text))
    assert found.diagnostics == ()
    judged, _ = apply_suppressions([finding(*place) for place in findings], found, {"AUTH001"}, TODAY)
    return [(entry.resource, entry.span.line) for entry in judged if entry.verdict is Verdict.SUPPRESSED]


PLACES = [("Api", line) for line in range(4, 11)] + [("Other", 2), ("Other", 7), ("Last", 10), ("Last", 11)]


def test_behind_the_logical_id_it_covers_the_whole_resource():
    assert suppressed(behind(4), *PLACES) == [("Api", line) for line in range(4, 11)]


def test_above_the_logical_id_it_covers_the_whole_resource_but_not_the_one_before():
    assert suppressed(above(4), *PLACES) == [("Api", line) for line in range(4, 11)]


def test_behind_a_line_it_covers_that_line_of_that_resource():
    assert suppressed(behind(7), *PLACES) == [("Api", 7)]


def test_above_a_line_it_covers_that_line_of_that_resource():
    assert suppressed(above(7), *PLACES) == [("Api", 8)]


def test_comments_above_each_other_speak_of_the_same_line():
    assert suppressed(above(4, "# why:", MARK, "# and more"), ("Api", 12)) == [("Api", 12)]


def test_a_blank_line_parts_a_comment_from_the_resource_below():
    assert suppressed(above(4, MARK, ""), ("Api", 6), ("Other", 2)) == []


def test_behind_a_key_it_covers_the_value_below_but_nothing_else_there():
    text = behind(8)
    root = template(text).document.root
    assert isinstance(root, MapNode)
    node = root
    for key in ("Resources", "Api", "Properties", "Policy"):
        node = node.get(key)
        assert isinstance(node, MapNode)
    whole, inner = finding(span=node.span), finding(span=node.entries["Statement"].key_span)
    assert whole.span.line == inner.span.line == 9
    judged, _ = apply_suppressions([whole, inner], collect_suppressions(template(text)), {"AUTH001"}, TODAY)
    assert [entry.verdict for entry in judged] == [Verdict.SUPPRESSED, Verdict.FAIL]


def test_outside_of_a_resource_it_covers_nothing_and_is_reported():
    found = collect_suppressions(template(MARK + "\n" + "\n".join(LINES) + "\n"))
    judged, diagnostics = apply_suppressions([finding(line=2)], found, {"AUTH001"}, TODAY)
    assert judged[0].verdict is Verdict.FAIL
    assert [(remark.code, remark.hint) for remark in diagnostics] == [
        ("suppression-unused", "write it in or directly above a resource")
    ]


def test_several_rules_and_a_date():
    mark = "# tierlens: ignore[AUTH001, WAF001] until=2026-12-31 reason='it is so'"
    entries = collect_suppressions(template(behind(4, mark))).entries
    assert [(entry.rule, entry.reason, entry.until) for entry in entries] == [
        ("AUTH001", "it is so", date(2026, 12, 31)),
        ("WAF001", "it is so", date(2026, 12, 31)),
    ]
    assert [(entry.span.line, entry.span.column) for entry in entries] == [(4, 9), (4, 9)]


def test_a_loop_is_covered_by_the_key_in_its_body():
    text = f"""\
        Transform: AWS::LanguageExtensions
        Resources:
          Fn::ForEach::Apis:
            - Name
            - [One, Two]
            - Api${{Name}}:  {MARK}
                Type: AWS::ApiGateway::RestApi
          Other:
            Type: AWS::SNS::Topic
        """
    assert suppressed(text, ("ApiOne", 6), ("ApiTwo", 7), ("Other", 8)) == [("ApiOne", 6), ("ApiTwo", 7)]


@pytest.mark.parametrize(
    ("mark", "code", "message"),
    [
        (
            "# tierlens: ignore[AUTH001]",
            "suppression-without-reason",
            "the suppression of AUTH001 gives no reason and has no effect",
        ),
        (
            '# tierlens: ignore[AUTH001] reason=""',
            "suppression-without-reason",
            "the suppression of AUTH001 gives no reason and has no effect",
        ),
        (
            "# tierlens: ignore reason='r'",
            "suppression-invalid",
            "this tierlens comment cannot be read and has no effect",
        ),
        (
            "# tierlens: ignroe[AUTH001] reason='r'",
            "suppression-invalid",
            "this tierlens comment cannot be read and has no effect",
        ),
        (
            "# tierlens: ignore[] reason='r'",
            "suppression-invalid",
            "the suppression names no rule between its brackets",
        ),
        (
            "# tierlens: ignore[AUTH001] reason=it is so",
            "suppression-invalid",
            "the suppression cannot be read from 'is so' on",
        ),
        (
            "# tierlens: ignore[AUTH001] reason='r' until=tomorrow",
            "suppression-invalid",
            "until=tomorrow is no date",
        ),
        (
            "# tierlens: ignore[AUTH001] reasn='r'",
            "suppression-invalid",
            "unknown word 'reasn' in the suppression: did you mean 'reason'?",
        ),
    ],
)
def test_what_is_written_wrongly_has_no_effect_and_is_an_error(mark, code, message):
    found = collect_suppressions(template(behind(4, mark)))
    assert found.entries == ()
    assert [
        (remark.level.value, remark.code, remark.message, remark.span.line, remark.span.column)
        for remark in found.diagnostics
    ] == [("error", code, message, 4, 9)]


def test_other_comments_are_left_alone():
    found = collect_suppressions(template(behind(4, "# see the tierlens: manual, ignore[AUTH001]")))
    assert (found.entries, found.diagnostics) == ((), ())


def test_an_owner_answers_for_it():
    text = behind(4, '# tierlens: ignore[AUTH001] reason="public by design" owner="team-a" until=2026-12-31')
    judged, _ = apply_suppressions([finding("Api", 4)], collect_suppressions(template(text)), {"AUTH001"}, TODAY)
    (accepted,) = [one.suppression for one in judged]
    assert (accepted.reason, accepted.owner, accepted.until) == ("public by design", "team-a", date(2026, 12, 31))


EVENTS = """\
Resources:
  Shop:
    Type: AWS::SNS::Topic
    Properties:
      Events:
        Read:%s
          Type: Api
          Properties: {Method: get}%s
        Write:
          Type: Api
"""


def test_in_a_sam_event_it_covers_what_the_event_states_for_the_api():
    assert suppressed(EVENTS % ("", "  " + MARK), ("Api", 8), ("Api", 7), ("Api", 10)) == [("Api", 8)]


def test_behind_the_name_of_a_sam_event_it_covers_the_event_and_not_the_next():
    found = suppressed(EVENTS % ("  " + MARK, ""), ("Api", 5), ("Api", 6), ("Api", 8), ("Api", 9), ("Api", 10))
    assert found == [("Api", 6), ("Api", 8)]
