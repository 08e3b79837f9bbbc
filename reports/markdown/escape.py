"""Strings of templates in Markdown, as GitHub, GitLab and CommonMark read it.

A name must not become a heading, a link, an element of HTML, a picture that is fetched, a mention that calls
somebody, or a reference to an issue.
"""

import re
from urllib.parse import quote

from reports.strings import cut, visible, visible_lines, well_formed
from validator.model import Span

_CODE_SPECIAL = re.compile(r"[^\w \-.]")
_ENTITIES = {"&": "&amp;", "<": "&lt;", ">": "&gt;"}
_SPECIAL = re.compile(r"[\\`*_\[\]|~$#]")
_BLOCK_START = re.compile(r"^(\d*)([-+=.)])")
"""What would begin a list, a rule or a heading at the start of a line."""
# An empty comment ends what a renderer takes for a mention, an issue, an address or a smiley; none is shown.
_BREAK = "<!-- -->"
_LONGEST_PATH = 400
_AUTOMATIC = re.compile(r"@(?=\w)|:(?=//)|\bwww(?=\.)|#(?=\d)|\bGH(?=-\d)|(?<=[\w.+-])@")


def prose(text: str, limit: int = 600) -> str:
    """Text as plain words on one line."""
    shown = cut(visible(text[: limit + 1]), limit)
    parts: list[str] = []
    start = 0
    for match in _AUTOMATIC.finditer(shown):
        parts.append(_escaped(shown[start : match.end()]))
        start = match.end()
    whole = _BREAK.join([*parts, _escaped(shown[start:])]).strip()
    return _BLOCK_START.sub(r"\1\\\2", whole)


def _escaped(text: str) -> str:
    with_entities = re.sub("[&<>]", lambda match: _ENTITIES[match[0]], text)
    return _SPECIAL.sub(lambda match: "\\" + match[0], with_entities)


def code(text: str, limit: int = 160) -> str:
    """Text as code on one line; fit for a cell of a table."""
    shown = cut(visible(text[: limit + 1]), limit)
    if not shown.strip():
        return ""
    # In a table a bar ends the cell even in code, and code shows a backslash: this is how both are right.
    if "|" in shown or "`" in shown:
        return f"<code>{_CODE_SPECIAL.sub(lambda match: f'&#{ord(match[0])};', shown)}</code>"
    return f"`{shown}`" if shown[0] != " " and shown[-1] != " " else f"` {shown} `"


def block(text: str, limit: int = 1500) -> list[str]:
    """Text of several lines as a fenced block, which no line of it can end."""
    lines = visible_lines(cut(text, limit))
    longest = max((len(run) for line in lines for run in re.findall("`+", line)), default=0)
    fence = "`" * max(3, longest + 1)
    return [fence, *lines, fence]


def place(span: Span, base: str) -> str:
    """``path:line``, as a link where the address of the files is known."""
    shown = f"{span.path}:{span.line}"
    # A path that leads out of the project is in no repository, and an endless one would fill the report.
    if not base or span.path.startswith(("/", "..")) or not 0 < len(span.path) <= _LONGEST_PATH:
        return code(shown)
    path = quote(well_formed(span.path).removeprefix("./"), safe="/")
    return f"[{code(shown) or 'file'}]({base.rstrip('/')}/{path}#L{span.line})"
