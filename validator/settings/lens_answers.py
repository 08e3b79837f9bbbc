"""The answers file of a lens review: what people know, each value with its place.

    answers:
      SEC1.a2:
        answer: yes            # yes, no or not applicable
        by: Ada Lovelace
        when: 2026-11-20
        note: The authorizer checks the owner of each ticket.

A key is a practice, or a question that does not apply as a whole. An entry whose ``answer`` is empty is a question
that nobody answered yet.
"""

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import date
from pathlib import Path

import yaml

from validator.lens import Answer, AnswerValue, load_lens
from validator.lens.form import ExistingForm, Written
from validator.model import SettingsError, Span, UsageError
from validator.settings.files import read_text
from validator.settings.suggest import did_you_mean
from validator.settings.value_nodes import compose, entries, span_of

FIELDS = ("answer", "by", "when", "note")
_WORDS = {
    "yes": AnswerValue.YES,
    "y": AnswerValue.YES,
    "true": AnswerValue.YES,
    "on": AnswerValue.YES,
    "no": AnswerValue.NO,
    "n": AnswerValue.NO,
    "false": AnswerValue.NO,
    "off": AnswerValue.NO,
    "not applicable": AnswerValue.NOT_APPLICABLE,
    "not-applicable": AnswerValue.NOT_APPLICABLE,
    "n/a": AnswerValue.NOT_APPLICABLE,
}
_EMPTY = ("", "~", "null", "Null", "NULL")
_LONGEST_NOTE = 2000


@dataclass(frozen=True, slots=True)
class AnswerEntry:
    """One entry of the file; ``answer`` is None while it is not filled in."""

    subject: str
    key: Span
    answer: Answer | None
    has_text: bool
    """Whether any of its fields is filled in."""


@dataclass(frozen=True, slots=True)
class AnswersFile:
    """A whole answers file."""

    text: str
    entries: tuple[AnswerEntry, ...]
    in_blocks: bool
    """Whether the answers are written in YAML's block style, so that entries can be added."""

    @property
    def answers(self) -> tuple[Answer, ...]:
        """What was answered."""
        return tuple(entry.answer for entry in self.entries if entry.answer is not None)


def read_answers(path: Path, shown: str, today: date) -> AnswersFile:
    """Read an answers file.

    Raises SettingsError, with the place, for a file that cannot be read, for a practice or field that does not
    exist, for an answer that is none of yes, no and not applicable, and for a date that is none or lies ahead.
    """
    text = read_text(path, shown)
    if not _says_anything(text):
        return AnswersFile(text, (), in_blocks=True)
    root = _map(compose(text, shown), shown, "the file has to be a map with the key 'answers'")
    top = entries(root, shown)
    for name, (span, _) in top.items():
        if name != "answers":
            raise SettingsError(
                f"{span}: unknown key '{name}'", span=span, hint=did_you_mean(name, ("answers",)) or "write 'answers'"
            )
    if "answers" not in top or _is_empty(top["answers"][1]):
        return AnswersFile(text, (), in_blocks=True)
    answers = _map(top["answers"][1], shown, "'answers' has to be a map from practices to answers")
    found = tuple(_entry(name, span, node, shown, today) for name, (span, node) in entries(answers, shown).items())
    return AnswersFile(text, found, in_blocks=not answers.flow_style and not root.flow_style)


def _says_anything(text: str) -> bool:
    return any(line.strip() and not line.lstrip().startswith("#") for line in text.splitlines())


def _entry(name: str, key: Span, node: yaml.Node, shown: str, today: date) -> AnswerEntry:
    lens = load_lens()
    questions = [question.id for question in lens.questions]
    if name not in lens.practices and name not in questions:
        known = (*lens.practices, *questions)
        hint = did_you_mean(name, known) or "practices are named as in SEC1.a2, questions as in SEC1"
        raise SettingsError(f"{key}: the lens has no practice '{name}'", span=key, hint=hint)
    if _is_empty(node):
        return AnswerEntry(name, key, None, has_text=False)
    fields = entries(_map(node, shown, f"the answer to {name} has to be a map: answer, by, when, note"), shown)
    for field, (span, _) in fields.items():
        if field not in FIELDS:
            hint = did_you_mean(field, FIELDS) or f"fields are {', '.join(FIELDS)}"
            raise SettingsError(f"{span}: unknown field '{field}' in the answer to {name}", span=span, hint=hint)
    texts = {field: _scalar(value, shown, field) for field, (_, value) in fields.items()}
    answer = _answer(name, key, texts, {field: span_of(value, shown) for field, (_, value) in fields.items()}, today)
    if answer is not None and name in questions and answer.value is not AnswerValue.NOT_APPLICABLE:
        raise SettingsError(
            f"{key}: a question as a whole can only be 'not applicable'",
            span=key,
            hint=f"answer its practices: {', '.join(p for p in lens.practices if p.startswith(name + '.'))}",
        )
    return AnswerEntry(name, key, answer, has_text=any(texts.values()))


def _answer(name: str, key: Span, texts: Mapping[str, str], spans: Mapping[str, Span], today: date) -> Answer | None:
    said = texts.get("answer", "")
    if not said:
        return None
    value = _WORDS.get(" ".join(said.lower().split()))
    if value is None:
        span = spans["answer"]
        hint = did_you_mean(said, ("yes", "no", "not applicable")) or "write yes, no or not applicable"
        raise SettingsError(f"{span}: the answer to {name} is '{said}'", span=span, hint=hint)
    note = texts.get("note", "")
    if len(note) > _LONGEST_NOTE:
        span = spans["note"]
        raise SettingsError(f"{span}: the note on {name} is longer than {_LONGEST_NOTE} characters", span=span)
    when = texts.get("when", "")
    day = _date(when, name, spans["when"], today) if when else None
    return Answer(name, value, key, texts.get("by", ""), day, note)


def _date(text: str, name: str, span: Span, today: date) -> date:
    try:
        day = date.fromisoformat(text)
    except ValueError as error:
        raise SettingsError(
            f"{span}: the date of the answer to {name} is '{text}'", span=span, hint="write it as 2026-11-23"
        ) from error
    if day > today:
        raise SettingsError(
            f"{span}: the answer to {name} is dated {day}, after the review ({today})",
            span=span,
            hint="write the day on which it was given",
        )
    return day


def _scalar(node: yaml.Node, shown: str, field: str) -> str:
    if not isinstance(node, yaml.ScalarNode):
        span = span_of(node, shown)
        raise SettingsError(f"{span}: '{field}' has to be a text", span=span)
    return "" if _is_empty(node) else str(node.value).strip()


def _is_empty(node: yaml.Node) -> bool:
    return isinstance(node, yaml.ScalarNode) and node.style is None and node.value in _EMPTY


def _map(node: yaml.Node, shown: str, message: str) -> yaml.MappingNode:
    if not isinstance(node, yaml.MappingNode):
        span = span_of(node, shown)
        raise SettingsError(f"{span}: {message}", span=span, hint="see tierlens review --open-questions")
    return node


def existing_form(file: AnswersFile, shown: str) -> ExistingForm:
    """The file as lines, so that it can be extended without touching what people wrote.

    Raises UsageError for a file in YAML's flow style: it has no lines to extend.
    """
    if not file.in_blocks:
        raise UsageError(
            f"{shown} is written in braces: no questions can be added to it",
            hint="name another file for --open-questions, or write the answers in lines of their own",
        )
    lines = file.text.splitlines()
    if not file.entries:
        comments = [line for line in lines if not line.strip() or line.lstrip().startswith("#")]
        return ExistingForm((*comments, "answers:"), ())
    starts = [entry.key.line - 1 for entry in file.entries]
    ends = [*starts[1:], len(lines)]
    written = tuple(
        Written(entry.subject, tuple(lines[start:end]), entry.has_text)
        for entry, start, end in zip(file.entries, starts, ends, strict=True)
    )
    return ExistingForm(tuple(lines[: starts[0]]), written, " " * (file.entries[0].key.column - 1))
