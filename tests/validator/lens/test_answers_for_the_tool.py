"""update_answer calls: only what is decided, merged with what people selected, as the service model takes it."""

from copy import deepcopy
from typing import Any

import boto3
import pytest
from botocore.stub import ANY, Stubber

from tests.validator.lens.runs import answer, finding, reviewed
from validator.lens import AnswerValue, LensReview, load_lens
from validator.lens.tool.matching import match_titles
from validator.lens.tool.push import push
from validator.lens.tool.service_model import parameter_problems
from validator.lens.tool.updates import updates_of
from validator.model import UsageError, Verdict

WORKLOAD = "0123456789abcdef0123456789abcdef"
YES, NO, OUT = AnswerValue.YES, AnswerValue.NO, AnswerValue.NOT_APPLICABLE


def tool(**changes: dict[str, Any]) -> list[dict[str, Any]]:
    """What ListAnswers gives for a workload that nobody answered, changed by question."""
    return [
        {
            "QuestionId": question.official_id,
            "QuestionTitle": question.official_title,
            "Choices": [
                *({"ChoiceId": p.official_id, "Title": p.official_title} for p in question.practices),
                {"ChoiceId": question.none_choice, "Title": "None of these"},
            ],
            "SelectedChoices": [],
            "IsApplicable": True,
            "Risk": "UNANSWERED",
        }
        | changes.get(question.id, {})
        for question in load_lens().questions
    ]


@pytest.fixture
def review() -> LensReview:
    return reviewed(
        finding("AUTH001", "SEC1.a1"),
        finding("WAF001", "SEC1.a3", Verdict.FAIL),
        finding("IAM001", "SEC2.a3", Verdict.UNKNOWN),
        answers=(answer("SEC3.a3", OUT), answer("REL1", OUT)),
    )


def by_question(calls: tuple[dict[str, Any], ...]) -> dict[str, dict[str, Any]]:
    return {call["QuestionId"]: call for call in calls}


def test_only_what_is_decided_is_sent(review: LensReview) -> None:
    calls = by_question(updates_of(review, WORKLOAD, tool()).calls)
    assert list(calls) == ["sec_q1", "sec_q3", "rel_q1"]
    assert calls["sec_q1"] == {
        "WorkloadId": WORKLOAD,
        "LensAlias": "serverless",
        "QuestionId": "sec_q1",
        "SelectedChoices": ["sec_sec_q1_a1"],
        "ChoiceUpdates": {
            "sec_sec_q1_a3": {"Status": "UNSELECTED", "Reason": "NONE", "Notes": "tierlens: 1 failure of WAF001"},
            "sec_sec_q1_a1": {"Status": "SELECTED", "Reason": "NONE", "Notes": "tierlens: 1 proof by AUTH001"},
        },
        "IsApplicable": True,
    }
    assert "SelectedChoices" not in calls["sec_q3"], "an empty list would be sent"
    assert calls["sec_q3"]["ChoiceUpdates"]["sec_sec_q3_a3"]["Status"] == "NOT_APPLICABLE"
    assert calls["rel_q1"] == {
        "WorkloadId": WORKLOAD,
        "LensAlias": "serverless",
        "QuestionId": "rel_q1",
        "IsApplicable": False,
        "Reason": "OUT_OF_SCOPE",
    }


def test_selections_of_people_are_kept(review: LensReview) -> None:
    current = tool(
        SEC1={"SelectedChoices": ["sec_sec_q1_a2", "sec_sec_q1_a3"]}, REL1={"SelectedChoices": ["rel_rel_q1_a1"]}
    )
    updates = updates_of(review, WORKLOAD, current)
    calls = by_question(updates.calls)
    assert calls["sec_q1"]["SelectedChoices"] == ["sec_sec_q1_a2", "sec_sec_q1_a3", "sec_sec_q1_a1"]
    assert list(calls["sec_q1"]["ChoiceUpdates"]) == ["sec_sec_q1_a1"]
    assert "rel_q1" not in calls
    assert updates.notes == (
        "SEC1.a3: selected in the tool, not-shown by this review: left alone",
        "REL1: does not apply by this review, but choices are selected: left alone",
    )


@pytest.mark.parametrize(
    ("change", "note"),
    [
        ({"SelectedChoices": ["sec_sec_q1_no"]}, "SEC1: somebody selected 'None of these': left alone"),
        ({"IsApplicable": False}, "SEC1: somebody marked it as not applicable: left alone"),
    ],
)
def test_decisions_of_people_on_a_question_are_left_alone(
    review: LensReview, change: dict[str, Any], note: str
) -> None:
    updates = updates_of(review, WORKLOAD, tool(SEC1=change))
    assert "sec_q1" not in by_question(updates.calls)
    assert updates.notes == (note,)


def test_what_the_tool_has_already_is_not_sent_again(review: LensReview) -> None:
    done = tool(
        SEC1={
            "SelectedChoices": ["sec_sec_q1_a1"],
            "ChoiceAnswerSummaries": [
                {"ChoiceId": "sec_sec_q1_a1", "Status": "SELECTED"},
                {"ChoiceId": "sec_sec_q1_a3", "Status": "UNSELECTED"},
            ],
        },
        SEC3={"ChoiceAnswerSummaries": [{"ChoiceId": "sec_sec_q3_a3", "Status": "NOT_APPLICABLE"}]},
        REL1={"IsApplicable": False},
    )
    assert updates_of(review, WORKLOAD, done).calls == ()


def test_none_of_these_and_empty_selections_are_never_sent() -> None:
    practices = load_lens().practices
    for said in (YES, NO, OUT):
        review = reviewed(answers=tuple(answer(name, said) for name in practices))
        for call in updates_of(review, WORKLOAD, tool()).calls:
            assert not [choice for choice in call.get("SelectedChoices", []) if choice.endswith("_no")]
            assert call.get("SelectedChoices") != []
            assert parameter_problems("UpdateAnswer", call) == ()


def test_titles_win_over_ids(review: LensReview) -> None:
    current = tool()
    sec1 = next(entry for entry in current if entry["QuestionId"] == "sec_q1")
    sec1["QuestionId"] = "sec_q9"
    sec1["QuestionTitle"] = "How do you control access to your Serverless API ?".replace(" ?", "")
    first, second = sec1["Choices"][0], sec1["Choices"][1]
    first["ChoiceId"], second["ChoiceId"] = second["ChoiceId"], first["ChoiceId"]
    (call,) = [c for c in updates_of(review, WORKLOAD, current).calls if c["QuestionId"] == "sec_q9"]
    assert call["SelectedChoices"] == ["sec_sec_q1_a3"], "the id that the tool has for that title"


def test_a_title_that_was_worded_anew_is_matched_by_its_id_and_told(review: LensReview) -> None:
    current = tool(SEC1={"QuestionTitle": "How do you control the access to your serverless APIs?"})
    matched = match_titles(load_lens(), current)
    assert matched.question_ids["SEC1"] == "sec_q1"
    assert matched.notes == (
        "SEC1: matched by its id; the tool's title is 'How do you control the access to your serverless APIs?'",
    )


def test_another_lens_with_the_same_ids_stops_everything(review: LensReview) -> None:
    current = tool(SEC1={"QuestionTitle": "Who patches your tenants' databases?"})
    with pytest.raises(UsageError, match="has no match for SEC1: nothing was changed"):
        updates_of(review, WORKLOAD, current)
    with pytest.raises(UsageError, match="has no match for OPS1, OPS2"):
        updates_of(review, WORKLOAD, [])


@pytest.mark.parametrize(
    ("change", "problem"),
    [
        ({"WorkloadId": "xyz"}, "WorkloadId"),
        ({"WorkloadId": "G" * 32}, "WorkloadId does not match"),
        ({"Notes": "x" * 2085}, "Notes is longer than 2084"),
        ({"Reason": "BORED"}, "Reason is none of OUT_OF_SCOPE"),
        (
            {"ChoiceUpdates": {"c": {"Status": "SELECTED", "Notes": "x" * 251}}},
            "ChoiceUpdates.c.Notes is longer than 250",
        ),
        ({"ChoiceUpdates": {"c": {"Status": "MAYBE"}}}, "ChoiceUpdates.c.Status is none of"),
        ({"ChoiceUpdates": {"c": {}}}, 'Missing required parameter in ChoiceUpdates.c: "Status"'),
        ({"SelectedChoices": ["x" * 65]}, "SelectedChoices[0] is longer than 64"),
        ({"IsApplicable": "no"}, "Invalid type for parameter IsApplicable"),
        ({"Question": "x"}, 'Unknown parameter in input: "Question"'),
    ],
)
def test_the_service_model_refuses(change: dict[str, Any], problem: str) -> None:
    good = {"WorkloadId": WORKLOAD, "LensAlias": "serverless", "QuestionId": "sec_q1"}
    assert parameter_problems("UpdateAnswer", good) == ()
    assert any(problem in found for found in parameter_problems("UpdateAnswer", good | change))


@pytest.fixture
def client() -> Any:
    return boto3.client(
        "wellarchitected", region_name="eu-west-1", aws_access_key_id="testing", aws_secret_access_key="testing"
    )


def test_a_push_reads_all_pages_then_updates_then_makes_a_milestone(client: Any, review: LensReview) -> None:
    current = tool()
    listing = {"WorkloadId": WORKLOAD, "LensAlias": "serverless", "MaxResults": 50}
    with Stubber(client) as stub:
        stub.add_response("list_answers", {"AnswerSummaries": current[:4], "NextToken": "more"}, listing)
        stub.add_response("list_answers", {"AnswerSummaries": current[4:]}, listing | {"NextToken": "more"})
        for call, risk in zip(
            updates_of(review, WORKLOAD, current).calls, ("HIGH", "HIGH", "NOT_APPLICABLE"), strict=True
        ):
            stub.add_response("update_answer", {"Answer": {"Risk": risk}}, deepcopy(call))
        expected = {"WorkloadId": WORKLOAD, "MilestoneName": "November", "ClientRequestToken": ANY}
        stub.add_response("create_milestone", {"MilestoneNumber": 7}, expected)
        pushed = push(client, review, WORKLOAD, "November")
        stub.assert_no_pending_responses()
    assert pushed.risks == {"sec_q1": "HIGH", "sec_q3": "HIGH", "rel_q1": "NOT_APPLICABLE"}
    assert pushed.milestone == 7


def test_a_push_to_another_lens_changes_nothing(client: Any, review: LensReview) -> None:
    with Stubber(client) as stub:
        stub.add_response("list_answers", {"AnswerSummaries": tool()[:3]}, None)
        with pytest.raises(UsageError, match="nothing was changed"):
            push(client, review, WORKLOAD)
        stub.assert_no_pending_responses()
