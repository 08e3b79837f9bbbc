"""JSON texts that are as harmless in a terminal as in a parser."""

import json
import re

from reports.strings import is_harmless, well_formed

# JSON is often read in a terminal, where C1 controls act as escape sequences, and bidirectional marks and
# invisible characters disguise text. All of them can only stand inside strings, where \u means the same.
_UNUSUAL = re.compile("[^\n -~]")


def json_text(value: object, indent: int | None = 2) -> str:
    """``value`` as strict JSON: readable scripts as they are, lone surrogates replaced, the rest escaped."""
    text = json.dumps(value, indent=indent, ensure_ascii=False)
    return _UNUSUAL.sub(_escaped, well_formed(text))


def _escaped(match: re.Match[str]) -> str:
    return match[0] if is_harmless(match[0]) else json.dumps(match[0])[1:-1]
