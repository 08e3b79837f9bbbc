"""The AWS Well-Architected Serverless Applications Lens as values: pillars, questions, best practices.

The data is ``data/serverless-lens.yaml``: the lens as the AWS Well-Architected Tool asks it, with the ids that its
API takes. Wording is ours; ids and ``official_title`` are AWS's.
"""

from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from enum import StrEnum
from functools import cache
from importlib.resources import files
from typing import Any


class Rating(StrEnum):
    """AWS's label for a choice of this lens."""

    REQUIRED = "required"
    GOOD = "good"
    BEST = "best"


class Decidable(StrEnum):
    """What a set of templates can say of a practice."""

    TEMPLATE = "template"
    """Its observable core is configuration: templates alone can show it, or that it is missing."""
    PARTIAL = "partial"
    """Templates contradict or support it; a person confirms the rest."""
    INTERVIEW = "interview"
    """Templates give hints at most; a person answers."""


@dataclass(frozen=True, slots=True)
class Sign:
    """What in a template supports or contradicts a practice."""

    resource: str
    path: str
    shows: str


@dataclass(frozen=True, slots=True)
class Practice:
    """One best practice: a choice of the official question."""

    id: str
    """``SEC1.a1``."""
    slug: str
    official_id: str
    """The choice's id in the Well-Architected Tool: ``sec_sec_q1_a1``."""
    official_title: str
    title: str
    rating: Rating
    decidable: Decidable
    ask: str
    """What to put to a person where templates stop; empty when templates decide all."""
    applicable_when: str
    supports: tuple[Sign, ...]
    contradicts: tuple[Sign, ...]

    @property
    def question(self) -> str:
        """The id of its question: ``SEC1``."""
        return self.id.partition(".")[0]

    @property
    def is_required(self) -> bool:
        """Whether its absence alone makes the question a high risk."""
        return self.rating is Rating.REQUIRED


@dataclass(frozen=True, slots=True)
class Question:
    """One question of the lens with its practices, in the order in which the Well-Architected Tool lists them."""

    id: str
    """``SEC1``."""
    official_id: str
    """``sec_q1``."""
    none_choice: str
    """The id of the official choice *None of these*."""
    official_title: str
    title: str
    why: str
    applicable_when: str
    practices: tuple[Practice, ...]


@dataclass(frozen=True, slots=True)
class Pillar:
    """One pillar of the Well-Architected Framework."""

    id: str
    """As the Well-Architected Tool names it: ``operationalExcellence``."""
    short: str
    name: str
    questions: tuple[Question, ...]


@dataclass(frozen=True, slots=True)
class Lens:
    """The whole lens."""

    alias: str
    name: str
    pillars: tuple[Pillar, ...]

    @property
    def questions(self) -> Iterator[Question]:
        """All questions, in order."""
        return (question for pillar in self.pillars for question in pillar.questions)

    @property
    def practices(self) -> Mapping[str, Practice]:
        """All practices by id, in order."""
        return {practice.id: practice for question in self.questions for practice in question.practices}


@cache
def load_lens() -> Lens:
    """The lens that comes with tierlens; read once a process."""
    # Here, since rule metadata and report writers import this module without needing the data.
    import yaml

    text = files("validator.lens").joinpath("data", "serverless-lens.yaml").read_text(encoding="utf-8")
    loader = getattr(yaml, "CSafeLoader", yaml.SafeLoader)
    data = yaml.load(text, Loader=loader)
    return Lens(data["lens"]["alias"], data["lens"]["name"], tuple(_pillar(entry) for entry in data["pillars"]))


def _pillar(entry: Mapping[str, Any]) -> Pillar:
    questions = tuple(_question(question) for question in entry["questions"])
    return Pillar(entry["id"], entry["short"], entry["name"], questions)


def _question(entry: Mapping[str, Any]) -> Question:
    return Question(
        id=entry["id"],
        official_id=entry["official_ids"]["question"],
        none_choice=entry["official_ids"]["none_choice"],
        official_title=entry["official_title"],
        title=entry["title"],
        why=entry["why"],
        applicable_when=entry.get("applicable_when", ""),
        practices=tuple(_practice(practice) for practice in entry["best_practices"]),
    )


def _practice(entry: Mapping[str, Any]) -> Practice:
    return Practice(
        id=entry["id"],
        slug=entry["slug"],
        official_id=entry["official_id"],
        official_title=entry["official_title"],
        title=entry["title"],
        rating=Rating(entry["rating"]),
        decidable=Decidable(entry["decidable"]),
        ask=entry["ask"] or "",
        applicable_when=entry.get("applicable_when", ""),
        supports=tuple(Sign(**sign) for sign in entry["evidence"]["supports"]),
        contradicts=tuple(Sign(**sign) for sign in entry["evidence"]["contradicts"]),
    )
