"""The lens as a custom lens that the Well-Architected Tool imports.

Format: Well-Architected Tool User Guide, *Lens format specification*. It holds no data of a workload or a person.
"""

from collections.abc import Iterable, Iterator
from typing import Any

from validator.lens.catalogue import Lens, Pillar, Practice, Question, Sign
from validator.lens.texts import Texts

SCHEMA_VERSION = "2021-11-01"
GUIDE = "https://docs.aws.amazon.com/wellarchitected/latest/serverless-applications-lens/welcome.html"
_DISPLAY_TEXT = 1024
"""The specification allows 2,048 characters, what is read back by the API has room for 1,024."""


def custom_lens(lens: Lens, texts: Texts) -> dict[str, Any]:
    """The lens as the object to import, in the language of ``texts``."""
    return {
        "schemaVersion": SCHEMA_VERSION,
        "name": texts("custom_lens.name"),
        "description": texts("custom_lens.description"),
        "pillars": [_pillar(pillar, texts) for pillar in lens.pillars],
    }


def condition(choices: Iterable[str]) -> str:
    """All of these choices are selected, in the language of risk rules."""
    return " && ".join(choices)


def _pillar(pillar: Pillar, texts: Texts) -> dict[str, Any]:
    questions = [_question(question, texts) for question in pillar.questions]
    return {"id": pillar.id, "name": texts(f"pillar.{pillar.id}.name"), "questions": questions}


def _question(question: Question, texts: Texts) -> dict[str, Any]:
    none = {"id": f"{question.id}_no", "title": texts("custom_lens.none")}
    return {
        "id": question.id,
        "title": texts(f"question.{question.id}.title"),
        "description": texts(f"question.{question.id}.why"),
        "choices": [*(_choice(practice, texts) for practice in question.practices), none],
        "riskRules": list(_risk_rules(question)),
    }


def _risk_rules(question: Question) -> Iterator[dict[str, str]]:
    """Least risky first, the default last: the first condition that is true wins."""
    every = [choice_id(practice) for practice in question.practices]
    required = [choice_id(practice) for practice in question.practices if practice.is_required]
    yield {"condition": condition(every), "risk": "NO_RISK"}
    if required != every:
        yield {"condition": condition(required), "risk": "MEDIUM_RISK"}
    yield {"condition": "default", "risk": "HIGH_RISK"}


def choice_id(practice: Practice) -> str:
    """The id of a practice as a choice: ``SEC1_a2``."""
    return practice.id.replace(".", "_")


def _choice(practice: Practice, texts: Texts) -> dict[str, Any]:
    title = texts(f"practice.{practice.id}.title")
    ask = texts(f"practice.{practice.id}.ask") if practice.ask else title
    choice: dict[str, Any] = {
        "id": choice_id(practice),
        "title": title,
        "helpfulResource": {"displayText": _fitting(ask), "url": GUIDE},
        "improvementPlan": {"displayText": _fitting(_plan(practice, texts))},
    }
    return choice


def _plan(practice: Practice, texts: Texts) -> str:
    if not practice.supports:
        return texts("custom_lens.plan_without_signs", title=texts(f"practice.{practice.id}.title"))
    return texts("custom_lens.plan", signs="; ".join(_sign(sign) for sign in practice.supports))


def _sign(sign: Sign) -> str:
    return f"{sign.resource}: {sign.path}"


def _fitting(text: str) -> str:
    return text if len(text) <= _DISPLAY_TEXT else f"{text[: _DISPLAY_TEXT - 1]}…"
