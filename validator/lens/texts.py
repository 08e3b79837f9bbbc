"""The fixed sentences of a lens review, by key: one catalogue a language, so that languages can be added.

``data/texts.<language>.json`` maps keys to sentences with ``{name}`` placeholders. English takes what the lens itself
says (``question.SEC1.title``, ``practice.SEC1.a1.ask`` and so on) from the lens data; every other language has those
keys in its file. Messages of findings are not here: they are the rules' and English.
"""

import json
from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from functools import cache
from importlib.resources import files

from validator.lens.catalogue import load_lens
from validator.model import UsageError

DEFAULT_LANGUAGE = "en"


@dataclass(frozen=True, slots=True)
class Texts:
    """The sentences of one language."""

    language: str
    sentences: Mapping[str, str]

    def __call__(self, key: str, **values: object) -> str:
        """The sentence of ``key`` with its placeholders filled. Raises KeyError for a key that nobody wrote."""
        return self.sentences[key].format(**values) if values else self.sentences[key]

    def counted(self, key: str, count: int, **values: object) -> str:
        """The sentence for a number of things: ``<key>.one`` for one of them, else ``<key>.many``."""
        return self(f"{key}.{self._form(count)}", count=count, **values)

    def _form(self, count: int) -> str:
        # French counts none as one: Unicode's plural rules (CLDR).
        return "one" if count == 1 or (count == 0 and self.language == "fr") else "many"


def languages() -> tuple[str, ...]:
    """The languages there are, sorted."""
    names = (entry.name for entry in files("validator.lens").joinpath("data").iterdir())
    return tuple(sorted(name.split(".")[1] for name in names if name.startswith("texts.") and name.endswith(".json")))


@cache
def texts_of(language: str = DEFAULT_LANGUAGE) -> Texts:
    """The catalogue of a language. Raises UsageError when there is none."""
    known = languages()
    if language not in known:
        raise UsageError(f"there are no texts in the language {language!r}", hint=f"there are: {', '.join(known)}")
    own = _file(language)
    if language == DEFAULT_LANGUAGE:
        return Texts(language, dict(lens_sentences()) | own)
    # A sentence that a translation lacks is better in English than not at all; a test holds them complete.
    return Texts(language, {**texts_of().sentences, **own})


def lens_sentences() -> Iterator[tuple[str, str]]:
    """The keys and English sentences of the lens itself: what a translation has to give beside the file's keys."""
    for pillar in load_lens().pillars:
        yield f"pillar.{pillar.id}.name", pillar.name
        for question in pillar.questions:
            yield f"question.{question.id}.title", question.title
            yield f"question.{question.id}.why", question.why
            for practice in question.practices:
                yield f"practice.{practice.id}.title", practice.title
                if practice.ask:
                    yield f"practice.{practice.id}.ask", practice.ask


def _file(language: str) -> dict[str, str]:
    path = files("validator.lens").joinpath("data", f"texts.{language}.json")
    return {str(key): str(sentence) for key, sentence in json.loads(path.read_text(encoding="utf-8")).items()}
