"""Earlier reviews, read from the JSON that ``tierlens review -o review.json`` writes."""

import json
from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from datetime import date
from typing import Any

from validator.lens.review import PastFinding, QuestionState, Risk, RiskRange, Standing
from validator.model import UsageError

KIND = "tierlens-review"
SCHEMA_VERSION = 1


@dataclass(frozen=True, slots=True)
class PastQuestion:
    """One question of an earlier review."""

    state: QuestionState
    risk: RiskRange
    practices: Mapping[str, Standing]


@dataclass(frozen=True, slots=True)
class PastReview:
    """What of an earlier review is compared."""

    date: date
    version: str
    questions: Mapping[str, PastQuestion]
    findings: tuple[PastFinding, ...]


def parse_past_review(text: str, shown: str) -> PastReview:
    """The review in a JSON text; ``shown`` is the file as people know it.

    Raises UsageError when the text is no JSON, no lens review, one of a later version, or is damaged.
    """
    try:
        data: Any = json.loads(text)
    except (ValueError, RecursionError) as error:
        raise _unusable(shown, f"it is not JSON: {error}") from error
    if not isinstance(data, dict) or data.get("kind") != KIND:
        raise _unusable(shown, "it is no review of tierlens")
    if data.get("schema_version") != SCHEMA_VERSION:
        found = data.get("schema_version")
        raise _unusable(shown, f"its schema_version is {found!r}, this tierlens reads {SCHEMA_VERSION}")
    try:
        return PastReview(
            date=date.fromisoformat(data["date"]),
            version=_text(data["tool"]["version"]),
            questions=dict(_questions(data)),
            findings=tuple(_finding(entry) for entry in data["report"]["findings"]),
        )
    except KeyError as error:
        raise _unusable(shown, f"it is damaged: {error.args[0]!r} is missing") from error
    except (ValueError, TypeError, AttributeError) as error:
        raise _unusable(shown, f"it is damaged: {error}") from error


def _questions(data: Mapping[str, Any]) -> Iterator[tuple[str, PastQuestion]]:
    for pillar in data["pillars"]:
        for entry in pillar["questions"]:
            standings = {_text(practice["id"]): Standing(practice["standing"]) for practice in entry["practices"]}
            risk = RiskRange(Risk(entry["best"]), Risk(entry["worst"]))
            yield _text(entry["id"]), PastQuestion(QuestionState(entry["state"]), risk, standings)


def _finding(entry: Mapping[str, Any]) -> PastFinding:
    location = entry["location"]
    return PastFinding(
        fingerprint=_text(entry["fingerprint"]),
        rule=_text(entry["rule"]),
        source=_text(entry["source"]),
        verdict=_text(entry["status"]),
        severity=_text(entry["severity"]),
        resource=_text(entry["resource"]),
        target=_text(entry["target"]),
        message=_text(entry["message"]),
        template=_text(entry["template"]),
        stack=_text(entry["stack"]),
        environments=tuple(_text(name) for name in entry["environments"]),
        path=_text(location["path"]),
        line=_number(location["line"]),
    )


def _text(value: object) -> str:
    if not isinstance(value, str):
        raise TypeError(f"{value!r} is no text")
    return value


def _number(value: object) -> int:
    if not isinstance(value, int) or isinstance(value, bool):
        raise TypeError(f"{value!r} is no whole number")
    return value


def _unusable(shown: str, why: str) -> UsageError:
    return UsageError(
        f"{shown} cannot be compared with: {why}",
        hint="name a file that tierlens review PATH… -o review.json wrote",
    )
