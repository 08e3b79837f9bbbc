"""What every translation is held to: the same keys and places to fill, the language's typography, no English left."""

import re
from collections.abc import Mapping
from string import Formatter

# French puts a space that does not break before these signs and within guillemets; the apostrophe is a curved one.
_FRENCH_FAULTS = re.compile(r"(?<=[^\W\d_]) [:;?!»]|[^\W\d_][;?!»](?!\w)|« |«\w|(?<=[^\W_])'(?=[^\W_])|“|”")


def places(sentence: str) -> list[str]:
    """The names of the places to fill, sorted."""
    return sorted(field for _, field, _, _ in Formatter().parse(sentence) if field)


def faults(english: Mapping[str, str], other: Mapping[str, str], same: frozenset[str]) -> list[str]:
    """What is wrong with a translation, one line each; ``same`` are keys whose sentence is the English one."""
    found = [f"{key}: there is no text; write one for {english[key]!r}" for key in english if key not in other]
    found += [f"{key}: there is no such key in English; remove it" for key in other if key not in english]
    for key in english.keys() & other.keys():
        if places(english[key]) != places(other[key]):
            found.append(f"{key}: fills {places(other[key])}, English fills {places(english[key])}")
        if (english[key] == other[key]) is not (key in same):
            found.append(f"{key}: {'is English still' if key not in same else 'is translated, take it off the list'}")
        if not other[key].strip(" ,"):
            found += [f"{key}: is empty"] if english[key].strip(" ,") else []
    return sorted(found)


def french_faults(sentences: Mapping[str, str]) -> list[str]:
    """Sentences with a breaking space before a high sign, a straight apostrophe or quotation marks of English."""
    return sorted(f"{key}: {sentence}" for key, sentence in sentences.items() if _FRENCH_FAULTS.search(sentence))
