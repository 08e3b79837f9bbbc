"""The form of open questions: an answers file for people to fill in.

What people wrote stays as it is, letter by letter. Lines that begin with ``#|`` are ours: they tell why a question is
asked and what the templates show, and are written anew each time.
"""

import unicodedata
from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass

from validator.lens.assess import open_points
from validator.lens.review import LensReview, PracticeReview, Reason
from validator.lens.texts import Texts

OURS = "#|"
_WIDTH = 110


@dataclass(frozen=True, slots=True)
class Written:
    """One entry of an existing form: its key, its lines as they stand, and whether a field of it is filled in."""

    subject: str
    lines: tuple[str, ...]
    is_filled: bool


@dataclass(frozen=True, slots=True)
class ExistingForm:
    """An existing file in three parts: up to the first entry, the entries, and what follows them."""

    head: tuple[str, ...]
    entries: tuple[Written, ...]
    indent: str = "  "


def new_form(lens_review: LensReview, texts: Texts, file_name: str) -> str:
    """The form with every open practice, the most telling first."""
    title = lens_review.title.replace("\n", " ")
    header = texts("form.header", title=title, date=lens_review.date.isoformat(), file=file_name)
    lines = [f"{OURS} {_plain(line)}" for line in header.split("\n")]
    lines += ["answers:"]
    for review in open_points(lens_review):
        lines += _entry(review, lens_review, texts, "  ")
    return "\n".join(lines) + "\n"


def merged_form(existing: ExistingForm, lens_review: LensReview, texts: Texts) -> str:
    """The existing form with its answers kept, its comments of ours renewed, and new open practices at its end.

    An entry that is empty and no longer open goes, unless somebody wrote a comment into it.
    """
    still_open = {review.practice.id: review for review in open_points(lens_review)}
    lines = list(existing.head)
    for entry in existing.entries:
        review = still_open.pop(entry.subject, None)
        if entry.is_filled:
            lines += entry.lines
        elif review is not None:
            lines += _renewed(entry.lines, _comments(review, lens_review, texts, existing.indent))
        elif any(_is_comment_of_people(line) for line in entry.lines):
            lines += entry.lines
    for review in still_open.values():
        lines += _entry(review, lens_review, texts, existing.indent)
    return "\n".join(lines) + "\n"


def _entry(review: PracticeReview, lens_review: LensReview, texts: Texts, indent: str) -> list[str]:
    inner = indent * 2
    fields = [f"{inner}{field}:" for field in ("answer", "by", "when", "note")]
    return [f"{indent}{review.practice.id}:", *_comments(review, lens_review, texts, indent), *fields]


def _comments(review: PracticeReview, lens_review: LensReview, texts: Texts, indent: str) -> list[str]:
    lines = [line for text in _sentences(review, lens_review, texts) for line in _wrapped(_plain(text))]
    return [f"{indent * 2}{OURS} {line}" for line in lines]


def _sentences(review: PracticeReview, lens_review: LensReview, texts: Texts) -> Iterator[str]:
    practice = review.practice
    yield f"{texts(f'practice.{practice.id}.title')} ({texts(f'rating.{practice.rating.value}')})"
    if practice.ask:
        yield texts(f"practice.{practice.id}.ask")
    yield texts("form.because", reason=texts(f"reason.{review.reason.value}"))
    yield texts("form.evidence", evidence=", ".join(_evidence(review, texts)) or texts("form.no_evidence"))
    yield from _accepted(review)
    if review.reason is Reason.UNKNOWN:
        ways = dict.fromkeys(missing.how for finding in review.unknown for missing in finding.missing)
        for how in list(ways)[:2]:
            yield texts("form.missing", how=how)


def _evidence(review: PracticeReview, texts: Texts) -> Iterator[str]:
    counted = {
        "form.supporting": review.supporting,
        "form.concerns": review.concerns,
        "form.unknown": review.unknown,
        "form.suppressed": review.suppressed,
    }
    for key, findings in counted.items():
        if findings:
            rules = sorted({finding.rule for finding in findings})
            yield f"{texts.counted(key, len(findings))} ({', '.join(rules[:4])}{', …' if len(rules) > 4 else ''})"


def _accepted(review: PracticeReview) -> Iterator[str]:
    for finding in (*review.suppressed, *review.concerns)[:3]:
        yield f"- {finding.message} ({finding.span.path}:{finding.span.line})"


def _renewed(lines: Sequence[str], comments: Iterable[str]) -> list[str]:
    key, *rest = lines
    return [key, *comments, *(line for line in rest if not line.lstrip().startswith(OURS))]


def _is_comment_of_people(line: str) -> bool:
    text = line.lstrip()
    return "#" in text and not text.startswith(OURS)


def _plain(text: str) -> str:
    """Text of a template inside a comment: one line, and nothing that a terminal or YAML would act on."""
    return "".join(c if _is_plain(c) else c.encode("unicode_escape").decode("ascii") for c in text)


def _is_plain(character: str) -> bool:
    # Zs: spaces of every width, the non-breaking ones of French among them.
    return character.isprintable() or unicodedata.category(character) == "Zs"


def _wrapped(text: str) -> list[str]:
    import textwrap

    return textwrap.wrap(text, _WIDTH, break_long_words=False, break_on_hyphens=False) or [""]
