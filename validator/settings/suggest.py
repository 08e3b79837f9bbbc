"""The near name for a misspelt one."""

from collections.abc import Iterable

_LEAST = 0.6
"""How alike two names have to be, from 0 to 1; the measure and the number are those of ``difflib``."""


def did_you_mean(name: str, known: Iterable[str]) -> str:
    """``did you mean 'fail-on'?`` for the known name nearest to ``name``; empty when none is near.

    Of equally near names the first in alphabetical order is taken, whatever the case of the letters."""
    # Only a mistake needs it, so that the ordinary run does not pay for the import.
    import difflib

    best, nearest = _LEAST, ""
    for candidate in sorted(known):
        likeness = difflib.SequenceMatcher(None, name.casefold(), candidate.casefold()).ratio()
        if likeness > best:
            best, nearest = likeness, candidate
    return f"did you mean '{nearest}'?" if nearest else ""
