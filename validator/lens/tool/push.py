"""Sending answers to the Well-Architected Tool: read, match, merge, write.

This is the one part of tierlens that talks to a network, and only when a person asks for it by name.
"""

from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from typing import Any, Protocol

from validator.lens.review import LensReview
from validator.lens.tool.service_model import parameter_problems
from validator.lens.tool.updates import ALIAS, Updates, updates_of
from validator.model import UsageError

PAGE = 50


class Client(Protocol):
    """What is needed of boto3's client ``wellarchitected``."""

    def list_answers(self, **parameters: Any) -> Mapping[str, Any]: ...  # noqa: D102 - boto3's own
    def update_answer(self, **parameters: Any) -> Mapping[str, Any]: ...  # noqa: D102 - boto3's own
    def create_milestone(self, **parameters: Any) -> Mapping[str, Any]: ...  # noqa: D102 - boto3's own


@dataclass(frozen=True, slots=True)
class Pushed:
    """What was sent."""

    updates: Updates
    risks: Mapping[str, str]
    """The tool's own risk of each question that was updated, by the tool's question id."""
    milestone: int | None = None


def push(client: Client, lens_review: LensReview, workload_id: str, milestone: str = "") -> Pushed:
    """Update the answers of a workload that the review decides, and make a milestone when it is named.

    Raises UsageError, before the first change, when the tool's lens does not match ours or when a parameter is
    not what the service takes; errors of the client pass through.
    """
    updates = updates_of(lens_review, workload_id, tuple(list_answers(client, workload_id)))
    refuse_wrong(updates)
    last = {
        "WorkloadId": workload_id,
        "MilestoneName": milestone,
        "ClientRequestToken": _token(lens_review, milestone),
    }
    if milestone:
        _refuse("CreateMilestone", last)
    risks: dict[str, str] = {}
    for call in updates.calls:
        answer = client.update_answer(**call).get("Answer", {})
        risks[call["QuestionId"]] = answer.get("Risk", "")
    if not milestone:
        return Pushed(updates, risks)
    number = client.create_milestone(**last).get("MilestoneNumber")
    return Pushed(updates, risks, number)


def list_answers(client: Client, workload_id: str) -> Iterator[Mapping[str, Any]]:
    """All answers of the workload in the Serverless Lens, page after page."""
    more: dict[str, str] = {}
    while True:
        page = client.list_answers(WorkloadId=workload_id, LensAlias=ALIAS, MaxResults=PAGE, **more)
        yield from page.get("AnswerSummaries", [])
        token = page.get("NextToken")
        if not token:
            return
        more = {"NextToken": token}


def refuse_wrong(updates: Updates) -> None:
    """Raise UsageError for a call that the service model does not allow."""
    for call in updates.calls:
        # The workload may be named when the call is made.
        _refuse("UpdateAnswer", {"WorkloadId": "0" * 32} | call)


def _refuse(operation: str, parameters: dict[str, Any]) -> None:
    problems = parameter_problems(operation, parameters)
    if problems:
        raise UsageError(f"{operation} does not take these parameters: {'; '.join(problems)}")


def _token(lens_review: LensReview, milestone: str) -> str:
    """The same for one milestone of one day: a repeated call makes no second one."""
    import hashlib

    text = f"{lens_review.title}\x1f{lens_review.date.isoformat()}\x1f{milestone}"
    return hashlib.sha256(text.encode(errors="surrogatepass")).hexdigest()
