"""The fixed sentences of the document, by key: one catalogue a language."""

import json
from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from datetime import date
from functools import cache
from importlib.resources import files

from validator.lens import Texts, texts_of

_DEFAULT = "en"


@dataclass(frozen=True, slots=True)
class DocumentTexts:
    """What the document says in one language, and how it writes dates and numbers."""

    language: str
    sentences: Mapping[str, str]
    lens: Texts
    """The sentences of the lens in the same language."""

    def __call__(self, key: str, **values: object) -> str:
        """The sentence of ``key`` with its placeholders filled; numbers as the language writes them.

        Raises KeyError for a key that nobody wrote.
        """
        sentence = self.sentences[key]
        return sentence.format(**{name: self._shown(value) for name, value in values.items()}) if values else sentence

    def counted(self, key: str, count: int, **values: object) -> str:
        """The sentence for a number of things: ``<key>.none`` if there is one for zero, ``.one``, else ``.many``."""
        return self(f"{key}.{self._form(key, count)}", count=count, **values)

    def number(self, count: int) -> str:
        """``1,234``."""
        return f"{count:,}".replace(",", self.sentences["number.separator"])

    def day(self, day: date) -> str:
        """``23 November 2026``."""
        month = self.sentences[f"month.{day.month}"]
        # The first day of a month is an ordinal in some languages: 1er janvier.
        number = self.sentences.get("date.first", "1") if day.day == 1 else str(day.day)
        return self.sentences["date.long"].format(day=number, month=month, year=day.year)

    def joined(self, parts: Iterable[str]) -> str:
        """``a, b and c``."""
        *first, last = [*parts] or [""]
        return f"{self('list.separator').join(first)}{self('list.last')}{last}" if first else last

    def _form(self, key: str, count: int) -> str:
        if count == 0 and f"{key}.none" in self.sentences:
            return "none"
        # French counts none as one: Unicode's plural rules (CLDR).
        return "one" if count == 1 or (count == 0 and self.language == "fr") else "many"

    def _shown(self, value: object) -> object:
        return self.number(value) if isinstance(value, int) else value


@cache
def document_texts(language: str = _DEFAULT) -> DocumentTexts:
    """The catalogue of a language. Raises UsageError when the lens has none in it.

    A sentence that a translation lacks is English: a test holds translations complete.
    """
    return DocumentTexts(language, {**_file(_DEFAULT), **_file(language)}, texts_of(language))


def _file(language: str) -> dict[str, str]:
    path = files("reports.document.texts").joinpath(f"{language}.json")
    if not path.is_file():
        return {}
    return {str(key): str(sentence) for key, sentence in json.loads(path.read_text(encoding="utf-8")).items()}
