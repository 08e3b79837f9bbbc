r"""``parameter_overrides`` as the SAM CLI reads it.

A text holds either ``ParameterKey=NAME,ParameterValue=VALUE`` or ``NAME=VALUE`` pairs between spaces. A value
ends at a white space that is neither escaped nor inside of quotes; quotes around the whole value go away, and
``\"``, ``\'`` and ``\ `` lose their backslash (`samcli/cli/types.py`, ``CfnParameterOverridesType``).
"""

import re
from collections.abc import Mapping

_VALUE = r"""("(?:\\.|[^"\\])*"|'(?:\\.|[^'\\])*'|(?:\\.|[^\s"\\])+)"""
_LONG = re.compile(r"""ParameterKey=([A-Za-z0-9"']+),ParameterValue=""" + _VALUE)
_SHORT = re.compile(r"""([A-Za-z0-9"']+)=""" + _VALUE)
_ESCAPED = re.compile(r"""\\([ "'])""")


def parse_overrides(text: str) -> Mapping[str, str]:
    """The values by name; of one name the last wins.

    Unlike the SAM CLI, which skips what it cannot read, a text that is not covered to its end is refused: a
    value that gets lost would put the review on other ground than the deployment.

    Raises:
        ValueError: the text has another form; the message says from where on.
    """
    pattern = _LONG if _LONG.match(text.lstrip()) else _SHORT
    values: dict[str, str] = {}
    position = 0
    while position < len(text):
        if text[position].isspace():
            position += 1
            continue
        found = pattern.match(text, position)
        if found is None or not (found.end() == len(text) or text[found.end()].isspace()):
            raise ValueError(f"cannot be read from character {position + 1} on")
        values[_unquoted(found[1])] = _unquoted(found[2])
        position = found.end()
    return values


def _unquoted(text: str) -> str:
    if len(text) >= 2 and text[0] == text[-1] and text[0] in "\"'":
        text = text[1:-1]
    return _ESCAPED.sub(r"\1", text)
