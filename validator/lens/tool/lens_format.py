"""What the importer of the Well-Architected Tool asks of a custom lens, as a check.

Follows the *Lens format specification* of the User Guide, and the narrower limits of the API's shapes where the two
differ: what passes here fits both.
"""

import json
import re
from collections import Counter
from collections.abc import Iterable, Iterator, Mapping
from typing import Any

LARGEST = 500_000
"""Characters of the whole text."""

_ID = re.compile(r"[A-Za-z0-9_]{3,128}")
_CHOICE_ID_LENGTH = 64
_TOKEN = re.compile(r"\s*(&&|\|\||!|\(|\)|[A-Za-z0-9_]+)")
_RISKS = ("NO_RISK", "MEDIUM_RISK", "HIGH_RISK")
_RESOURCE_KINDS = ("HELPFUL_RESOURCE", "IMPROVEMENT_PLAN")
_FIELDS = {
    "lens": {"schemaVersion", "name", "description", "pillars"},
    "pillar": {"id", "name", "questions"},
    "question": {"id", "title", "description", "helpfulResource", "choices", "riskRules"},
    "choice": {"id", "title", "helpfulResource", "improvementPlan", "additionalResources"},
}


def lens_problems(document: Mapping[str, Any]) -> tuple[str, ...]:
    """What the importer would refuse, each with the place of it; empty when it accepts the lens."""
    return tuple(_lens(document))


def condition_problems(text: str, choices: Iterable[str]) -> tuple[str, ...]:
    """What is wrong with the condition of a risk rule over these choice ids; empty when nothing is."""
    if text.strip() == "default":
        return ()
    tokens, rest = _tokens(text)
    if rest:
        return (f"{rest!r} is no part of a condition",)
    known = set(choices)
    unknown = tuple(f"{t} is no choice of the question" for t in tokens if t[0].isalnum() and t not in known)
    return unknown + _Condition(tokens).problems()


def _lens(document: Mapping[str, Any]) -> Iterator[str]:
    if len(json.dumps(document, ensure_ascii=False).encode()) > LARGEST:
        yield f"the lens is larger than {LARGEST:,} bytes"
    yield from _unknown(document, "lens", "lens")
    if document.get("schemaVersion") != "2021-11-01":
        yield "schemaVersion has to be 2021-11-01"
    yield from _text(document, "name", 128, "lens")
    yield from _text(document, "description", 2048, "lens")
    pillars = document.get("pillars", [])
    yield from _count(pillars, 1, 10, "pillars of the lens")
    yield from _twice((pillar.get("id") for pillar in pillars), "pillar")
    questions = [question for pillar in pillars for question in pillar.get("questions", [])]
    yield from _twice((question.get("id") for question in questions), "question")
    for pillar in pillars:
        yield from _pillar(pillar)


def _pillar(pillar: Mapping[str, Any]) -> Iterator[str]:
    place = f"pillar {pillar.get('id')}"
    yield from _unknown(pillar, "pillar", place)
    yield from _id(pillar, place)
    yield from _text(pillar, "name", 128, place)
    questions = pillar.get("questions", [])
    yield from _count(questions, 1, 20, f"questions of {place}")
    for question in questions:
        yield from _question(question)


def _question(question: Mapping[str, Any]) -> Iterator[str]:
    place = f"question {question.get('id')}"
    yield from _unknown(question, "question", place)
    yield from _id(question, place)
    yield from _text(question, "title", 128, place)
    yield from _text(question, "description", 2048, place)
    yield from _resource(question.get("helpfulResource"), f"helpfulResource of {place}")
    choices = question.get("choices", [])
    yield from _count(choices, 1, 15, f"choices of {place}")
    yield from _twice((choice.get("id") for choice in choices), f"choice of {place}:")
    for choice in choices:
        yield from _choice(choice, place)
    yield from _risk_rules(question.get("riskRules", []), [choice.get("id", "") for choice in choices], place)


def _choice(choice: Mapping[str, Any], question: str) -> Iterator[str]:
    place = f"choice {choice.get('id')} of {question}"
    yield from _unknown(choice, "choice", place)
    yield from _id(choice, place)
    name = str(choice.get("id", ""))
    if len(name) > _CHOICE_ID_LENGTH:
        yield f"the id of {place} is longer than {_CHOICE_ID_LENGTH} characters"
    yield from _text(choice, "title", 128, place)
    yield from _resource(choice.get("helpfulResource"), f"helpfulResource of {place}")
    yield from _resource(choice.get("improvementPlan"), f"improvementPlan of {place}")
    if name.endswith("_no") and "improvementPlan" in choice:
        yield f"{place} is 'None of these': it has no improvementPlan"
    if not name.endswith("_no") and not choice.get("improvementPlan"):
        yield f"{place} has no improvementPlan"
    for more in choice.get("additionalResources", []):
        if more.get("type") not in _RESOURCE_KINDS:
            yield f"additionalResources of {place} have the type {more.get('type')!r}"
        yield from _count(more.get("content", []), 1, 5, f"additionalResources of {place}")
        for content in more.get("content", []):
            yield from _resource(content, f"additionalResources of {place}")


def _resource(resource: Mapping[str, Any] | None, place: str) -> Iterator[str]:
    if resource is None:
        return
    text, url = resource.get("displayText", ""), resource.get("url", "")
    if not text:
        yield f"{place} has no displayText"
    if len(text) > 1024:
        yield f"the displayText of {place} is longer than 1024 characters"
    if url and not url.startswith(("https://", "http://")):
        yield f"the url of {place} does not begin with https:// or http://"
    for name in resource.keys() - {"displayText", "url"}:
        yield f"{place} has the unknown field {name}"


def _risk_rules(rules: list[Mapping[str, Any]], choices: list[str], place: str) -> Iterator[str]:
    yield from _count(rules, 1, 3, f"riskRules of {place}")
    for risk, count in Counter(rule.get("risk") for rule in rules).items():
        if risk not in _RISKS:
            yield f"a risk rule of {place} has the risk {risk!r}"
        elif count > 1:
            yield f"{place} has {count} rules for {risk}"
    conditions = [str(rule.get("condition", "")) for rule in rules]
    if conditions.count("default") != 1 or conditions[-1:] != ["default"]:
        yield f"the last risk rule of {place}, and no other, has to be the default"
    for text in conditions:
        for problem in condition_problems(text, choices):
            yield f"a condition of {place}: {problem}"


def _tokens(text: str) -> tuple[list[str], str]:
    tokens: list[str] = []
    at = 0
    while match := _TOKEN.match(text, at):
        tokens.append(match[1])
        at = match.end()
    return tokens, text[at:].strip()


class _Condition:
    """A reader of conditions: choices with ``!``, ``&&``, ``||`` and parentheses."""

    def __init__(self, tokens: list[str]) -> None:
        self._tokens = tokens
        self._at = 0
        self._found: list[str] = []

    def problems(self) -> tuple[str, ...]:
        """What is wrong; the first break of the grammar ends it."""
        if not self._chain():
            here = self._tokens[self._at] if self._at < len(self._tokens) else "its end"
            self._found.append(f"a choice is missing before {here}")
        elif self._at < len(self._tokens):
            self._found.append(f"{self._tokens[self._at]} stands where an operator should")
        return tuple(self._found)

    def _chain(self) -> bool:
        operators: set[str] = set()
        if not self._term():
            return False
        while self._next() in ("&&", "||"):
            operators.add(self._take())
            if not self._term():
                return False
        if len(operators) > 1:
            # Which of the two binds tighter is documented nowhere.
            self._found.append("&& and || are mixed without parentheses")
        return True

    def _term(self) -> bool:
        token = self._next()
        if token == "!":
            self._take()
            return self._term()
        if token == "(":
            self._take()
            if not self._chain() or self._next() != ")":
                return False
            self._take()
            return True
        if token and token[0].isalnum():
            self._take()
            return True
        return False

    def _next(self) -> str:
        return self._tokens[self._at] if self._at < len(self._tokens) else ""

    def _take(self) -> str:
        self._at += 1
        return self._tokens[self._at - 1]


def _unknown(entry: Mapping[str, Any], kind: str, place: str) -> Iterator[str]:
    for name in sorted(entry.keys() - _FIELDS[kind]):
        yield f"{place} has the unknown field {name}"


def _id(entry: Mapping[str, Any], place: str) -> Iterator[str]:
    if not _ID.fullmatch(str(entry.get("id", ""))):
        yield f"the id of {place} is not 3 to 128 of A-Z, a-z, 0-9 and _"


def _text(entry: Mapping[str, Any], field: str, longest: int, place: str) -> Iterator[str]:
    text = entry.get(field)
    if not isinstance(text, str) or not text:
        yield f"the {field} of {place} is missing"
    elif len(text) > longest:
        yield f"the {field} of {place} is longer than {longest} characters"


def _count(entries: list[Any], least: int, most: int, what: str) -> Iterator[str]:
    if not least <= len(entries) <= most:
        yield f"there are {len(entries)} {what}; {least} to {most} are allowed"


def _twice(names: Iterable[object], kind: str) -> Iterator[str]:
    for name, count in Counter(names).items():
        if count > 1:
            yield f"the id of {kind} {name} is used {count} times"
