"""Scalar events to nodes: types, short-form tags, exact places."""

import re

from yaml.resolver import Resolver

from validator.load.events import Event, Mark
from validator.load.nodes import ListNode, MapEntry, MapNode, Node, OpaqueNode, ScalarNode
from validator.load.scalars import STANDARD_TAG, typed, typed_as
from validator.load.source import Source
from validator.load.tags import LONG_FORMS, unknown_tag_hint
from validator.model import Diagnostic, DiagnosticLevel, Span

_TAG = re.compile(r"!<[^>\s]*>|![^\s,\[\]{}]*")
_PROPERTIES = re.compile(r"(?:[&!][^\s,\[\]{}]*\s*(?:#.*\s*)*){1,2}")
_TYPED_TAGS = frozenset(STANDARD_TAG + name for name in ("int", "float", "bool", "null"))
_TEXT_TAGS = frozenset(STANDARD_TAG + name for name in ("str", "timestamp", "value", "merge"))
PLAIN_COLLECTION_TAGS = frozenset(("!", STANDARD_TAG + "map", STANDARD_TAG + "seq"))
TYPED_FIRST_CHARACTERS = frozenset(Resolver.yaml_implicit_resolvers)
"""What a plain scalar that is no text can start with; saves the look-up for most texts."""


class NodeFactory:
    """Makes the nodes of one source and keeps the diagnostics that arise."""

    def __init__(self, source: Source, *, json: bool) -> None:
        self.source = source
        self.diagnostics: list[Diagnostic] = []
        self._json = json
        self._remarked: set[str] = set()

    def scalar(self, event: Event) -> Node:
        """The node of a scalar that stands as a value."""
        value = event.value
        tag = event.tag
        if tag is None:
            start, end = event.start_mark, event.end_mark
            if event.style in ("|", ">"):
                span = self.block_scalar_span(start.line + 1, start.column + 1, end)
            else:
                span = self.source.marked_span(start, end)
            if event.implicit[0] and value[:1] in TYPED_FIRST_CHARACTERS:
                return self._typed(value, span)
            return ScalarNode(value, value, span)
        return self._tagged_scalar(event, tag)

    def wrap(self, node: Node, tag: str, event: Event) -> Node:
        """``node`` under a tag: the long form of a function, or an opaque node with a diagnostic."""
        key_span = self.tag_span(event)
        whole = Span(self.source.path, key_span.line, key_span.column, node.span.end_line, node.span.end_column)
        long_form = LONG_FORMS.get(tag)
        if long_form is not None:
            return MapNode({long_form: MapEntry(key_span, node)}, whole)
        shown = tag.replace(STANDARD_TAG, "!!")
        hint = unknown_tag_hint(tag)
        self.diagnostics.append(
            Diagnostic(
                DiagnosticLevel.ERROR,
                "unknown-tag",
                f"{shown} is no tag of CloudFormation; what stands under it is not known",
                key_span,
                hint,
            )
        )
        return OpaqueNode(f"the tag {shown} is unknown to CloudFormation", whole, hint)

    def tag_span(self, event: Event) -> Span:
        """The place of the tag of an event that has one; an anchor may stand before it."""
        start = event.start_mark.index
        if self.source.text[start : start + 1] == "&":
            start = self.source.text.index("!", start)
        found = _TAG.match(self.source.text, start)
        return self.source.span(start, start if found is None else found.end())

    def value_offset(self, event: Event) -> int:
        """Where the value of an event starts, behind its anchor and tag."""
        end = event.end_mark.index
        found = _PROPERTIES.match(self.source.text, event.start_mark.index, end)
        return event.start_mark.index if found is None else found.end()

    def block_scalar_span(self, line: int, column: int, end: Mark) -> Span:
        """The span of a ``|`` or ``>`` scalar, cut back from the start of the next line to its last text."""
        text = self.source.text
        last = end.index
        while last and text[last - 1] in " \t\r\n\x85\u2028\u2029":
            last -= 1
        end_line, end_column = self.source.place(last)
        return Span(self.source.path, line, column, end_line, end_column)

    def _typed(self, value: str, span: Span) -> ScalarNode:
        read = typed(value, json=self._json)
        if read.remark and value not in self._remarked:
            self._remarked.add(value)
            self.diagnostics.append(
                Diagnostic(
                    DiagnosticLevel.NOTICE,
                    "yaml-1.1-value",
                    read.remark,
                    span,
                    "put it in quotes if it is meant as text",
                )
            )
        return ScalarNode(read.value, read.text, span)

    def _tagged_scalar(self, event: Event, tag: str) -> Node:
        start = self.value_offset(event)
        if event.style in ("|", ">"):
            span = self.block_scalar_span(*self.source.place(start), event.end_mark)
        else:
            span = self.source.span(start, event.end_mark.index)
        value = event.value
        if tag in _TYPED_TAGS:
            read = typed_as(tag, value)
            return ScalarNode(read.value, read.text, span)
        node: Node = ScalarNode(value, value, span)
        if tag == "!" or tag in _TEXT_TAGS:
            return node
        if tag == "!GetAtt" and "." in value:
            node = self._attribute(value, start, event.end_mark.index, span)
        return self.wrap(node, tag, event)

    def _attribute(self, value: str, start: int, end: int, span: Span) -> ListNode:
        """``A.b.c`` as ``[A, b.c]``: the resource's name ends at the first dot."""
        resource, attribute = value.split(".", 1)
        spans = (span, span)
        quote = 1 if self.source.text[start : start + 1] in ("'", '"') else 0
        if self.source.text[start + quote : end - quote] == value:
            first = start + quote
            second = first + len(resource) + 1
            spans = (
                self.source.span(first, first + len(resource)),
                self.source.span(second, second + len(attribute)),
            )
        return ListNode((ScalarNode(resource, resource, spans[0]), ScalarNode(attribute, attribute, spans[1])), span)
