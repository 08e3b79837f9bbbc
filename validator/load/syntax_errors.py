"""What the YAML parser refuses, in words for people."""

import re

import yaml

from validator.load.source import LINE_BREAK, Source, control_character_error
from validator.model import LoadError, Span

_HINTS = (
    ("found character that cannot start any token", "quote the value: it starts with a reserved character"),
    ("mapping values are not allowed", "quote a value that holds `: `, or check the indentation"),
    ("could not find expected ':'", "a key lacks its `:`, or a line is indented too little"),
    ("did not find expected key", "check the indentation, and that every key ends in `:`"),
    ("did not find expected '-' indicator", "a key and a list item stand at the same indentation"),
    ("did not find expected ',' or", "a comma or a closing bracket is missing"),
    ("found unexpected end of stream", "a quote is not closed"),
    ("found unknown escape character", "in double quotes a backslash is written twice: `\\\\`"),
    ("invalid Unicode character escape code", "write the character itself instead of half a surrogate pair"),
    ("found undefined tag handle", "CloudFormation knows tags like `!Ref` only"),
)
_TWO_TAGS = re.compile(r"![A-Za-z0-9]+\s+![A-Za-z0-9]+")
_TAB_INDENT = re.compile(r"[ ]*\t")


def syntax_error(error: yaml.YAMLError, source: Source) -> LoadError:
    """The LoadError for an error of the YAML parser: what, where and what to do."""
    control = control_character_error(source)
    if control is not None:
        return control
    mark = getattr(error, "problem_mark", None) or getattr(error, "context_mark", None)
    problem = getattr(error, "problem", None) or getattr(error, "reason", None) or str(error)
    if mark is None:
        return LoadError(f"not valid YAML: {problem}", span=Span(source.path, 1, 1, 1, 1), code="yaml-syntax")
    context = getattr(error, "context", None)
    opened = getattr(error, "context_mark", None)
    since = f" ({context} that starts at line {opened.line + 1})" if context and opened is not None else ""
    return LoadError(
        f"not valid YAML: {problem}{since}",
        span=source.marked_span(mark, mark),
        hint=_hint(str(problem), _line(source.text, mark.line)),
        code="yaml-syntax",
    )


def _line(text: str, number: int) -> str:
    lines = LINE_BREAK.split(text)
    return lines[number] if number < len(lines) else ""


def _hint(problem: str, line: str) -> str:
    if _TAB_INDENT.match(line):
        return "the line is indented with a tab; YAML takes spaces only"
    if _TWO_TAGS.search(line):
        return "two short forms cannot stand on one value: write the outer one long, `Fn::Base64: !Sub …`"
    return next((hint for start, hint in _HINTS if start in problem), "")
