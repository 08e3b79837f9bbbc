"""Places in files as SARIF writes them (section 3.4 *artifactLocation*, 3.30 *region*)."""

import re
from urllib.parse import quote

from reports.sarif.messages import message
from reports.strings import well_formed
from validator.model import Span

ROOT = "%SRCROOT%"
"""The name that GitHub knows for the root of the checkout."""

_DRIVE = re.compile(r"[A-Za-z]:/")
_NO_FILE = "unknown"

Json = dict[str, object]


def location(span: Span, text: str = "") -> Json:
    """A location in a file, with a message where ``text`` says something."""
    place: Json = {"physicalLocation": {"artifactLocation": _artifact(span.path), "region": _region(span)}}
    return place | {"message": message(text)} if text else place


def _artifact(path: str) -> Json:
    """A relative path against the root; an absolute one, which lies outside of it, as a file URI."""
    encoded = quote(well_formed(path) or _NO_FILE, safe="/")
    if path.startswith("/"):
        return {"uri": f"file:///{encoded.lstrip('/')}"}
    if _DRIVE.match(path):
        return {"uri": f"file:///{path[0]}:{encoded[4:]}"}
    return {"uri": encoded.removeprefix("./") or _NO_FILE, "uriBaseId": ROOT}


def _region(span: Span) -> Json:
    """Lines and columns; SARIF's end column is the one after the last character, as ours is."""
    end_line = max(span.end_line, span.line)
    end_column = max(span.end_column, span.column) if end_line == span.line else max(span.end_column, 1)
    return {"startLine": span.line, "startColumn": span.column, "endLine": end_line, "endColumn": end_column}
