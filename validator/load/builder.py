"""Parser events to nodes, with an explicit stack: keys, aliases, merges and limits.

Nothing here recurses, because the depth of a source is its author's choice.
"""

from collections.abc import Iterable
from dataclasses import dataclass

from validator.load.events import (
    ALIAS,
    DOCUMENT_START,
    LIST_END,
    LIST_START,
    MAP_END,
    MAP_START,
    SCALAR,
    Event,
)
from validator.load.limits import MAXIMUM_DEPTH, MAXIMUM_NODES
from validator.load.nodes import ListNode, MapEntry, MapNode, Node, ScalarNode
from validator.load.scalar_nodes import PLAIN_COLLECTION_TAGS, NodeFactory
from validator.load.scalars import STANDARD_TAG
from validator.load.source import Source
from validator.load.tags import LONG_FORMS, is_function
from validator.model import Diagnostic, DiagnosticLevel, LoadError, Span

_MERGE_KEY = "<<"
_KEY_TAGS = frozenset((None, "!", STANDARD_TAG + "str"))


@dataclass(frozen=True, slots=True)
class _Anchored:
    """What an anchor stands for: the node, how many nodes it brings, how many levels it has."""

    node: Node
    nodes: int
    height: int


class _Open:
    """A map or list whose end has not come yet."""

    __slots__ = (
        "depth",
        "duplicated",
        "end",
        "entries",
        "event",
        "height",
        "items",
        "key",
        "key_span",
        "merges",
        "merging",
        "nodes_before",
    )

    def __init__(self, event: Event, depth: int, nodes_before: int) -> None:
        self.event = event
        self.depth = depth
        self.nodes_before = nodes_before
        self.height = 0
        self.end = (0, 0)
        self.items: list[Node] = []
        self.entries: dict[str, MapEntry] | None = {} if event.__class__ is MAP_START else None
        self.key: str | None = None
        self.key_span: Span | None = None
        self.duplicated = False
        self.merging = False
        self.merges: list[MapNode] = []


class Builder:
    """Builds the tree of one source.

    ``scalar_stretches`` holds, when asked for, the offsets of all scalars: what lies between them is
    structure, blank, or a comment.
    """

    def __init__(self, source: Source, *, json: bool = False, keep_stretches: bool = False) -> None:
        self._source = source
        self._factory = NodeFactory(source, json=json)
        self._stack: list[_Open] = []
        self._anchors: dict[str, _Anchored] = {}
        self._nodes = 0
        self._root: Node | None = None
        self._documents = 0
        self._alias_noted = False
        self.scalar_stretches: list[tuple[int, int]] | None = [] if keep_stretches else None

    @property
    def diagnostics(self) -> list[Diagnostic]:
        """The remarks made so far, in source order."""
        return self._factory.diagnostics

    def build(self, events: Iterable[Event]) -> Node | None:
        """The root node, or None for a source without a document.

        Raises LoadError for a second document, a key that is no text, a wrong alias or merge, and a limit.
        """
        for event in events:
            kind = event.__class__
            if kind is SCALAR:
                self._scalar(event)
            elif kind is MAP_START or kind is LIST_START:
                self._open(event)
            elif kind is MAP_END or kind is LIST_END:
                self._close(event)
            elif kind is ALIAS:
                self._alias(event)
            elif kind is DOCUMENT_START:
                self._documents += 1
                if self._documents > 1:
                    raise self._refusal(
                        "several-documents",
                        "a second YAML document starts here",
                        event,
                        "a template is one document: give each its own file",
                    )
        return self._root

    def _scalar(self, event: Event) -> None:
        if self.scalar_stretches is not None:
            self.scalar_stretches.append((self._factory.value_offset(event), event.end_mark.index))
        top = self._stack[-1] if self._stack else None
        if top is not None and top.entries is not None and top.key is None:
            self._scalar_key(top, event)
            return
        self._count(1, event)
        node = self._factory.scalar(event)
        if event.anchor is not None:
            self._anchors[event.anchor] = _Anchored(node, 1, 0)
        self._attach(node, node.span.end_line, node.span.end_column, 0, event)

    def _scalar_key(self, top: _Open, event: Event) -> None:
        if event.tag not in _KEY_TAGS:
            raise self._refusal(
                "key-not-text",
                f"a key has the tag {event.tag}, but keys are plain text",
                event,
                "functions are allowed in values only",
            )
        span = self._source.marked_span(event.start_mark, event.end_mark)
        key = event.value
        if event.anchor is not None:
            self._anchors[event.anchor] = _Anchored(ScalarNode(key, key, span), 1, 0)
        if key == _MERGE_KEY and event.tag is None and event.implicit[0]:
            top.key, top.key_span, top.merging = key, span, True
            self._note_alias(span)
        else:
            self._set_key(top, key, span)

    def _set_key(self, top: _Open, key: str, span: Span) -> None:
        top.key, top.key_span = key, span
        assert top.entries is not None
        first = top.entries.get(key)
        top.duplicated = first is not None
        if first is None:
            return
        stack = self._stack
        decisive = len(stack) == 1 or (len(stack) == 2 and stack[0].key == "Resources")
        shown = key if len(key) <= 80 else key[:79] + "…"
        self.diagnostics.append(
            Diagnostic(
                DiagnosticLevel.ERROR if decisive else DiagnosticLevel.WARNING,
                "duplicate-key",
                f"the key {shown} is written twice: at line {first.key_span.line}, column "
                f"{first.key_span.column}, and again here; the last one counts",
                span,
                "keep one; what CloudFormation does with two is not defined",
            )
        )

    def _open(self, event: Event) -> None:
        parent = self._stack[-1] if self._stack else None
        if parent is not None and parent.entries is not None and parent.key is None:
            raise self._key_refusal(event)
        depth = 1 if parent is None else parent.depth + 1
        if event.tag in LONG_FORMS:
            depth += 1
        if depth > MAXIMUM_DEPTH:
            raise self._depth_refusal(event)
        opened = _Open(event, depth, self._nodes)
        self._count(1, event)
        self._stack.append(opened)

    def _close(self, event: Event) -> None:
        closed = self._stack.pop()
        start = closed.event
        if start.flow_style:
            end_line, end_column = event.end_mark.line + 1, event.end_mark.column + 1
        else:
            end_line, end_column = closed.end
        line, column = self._inner_start(start)
        span = Span(self._source.path, line, column, end_line, end_column)
        node: Node
        if closed.entries is None:
            node = ListNode(tuple(closed.items), span)
        else:
            for merged in closed.merges:
                for key, entry in merged.entries.items():
                    closed.entries.setdefault(key, entry)
            node = MapNode(closed.entries, span)
        height = closed.height + 1
        if start.tag is not None and start.tag not in PLAIN_COLLECTION_TAGS:
            node = self._factory.wrap(node, start.tag, start)
            height += 1
        if start.anchor is not None:
            self._anchors[start.anchor] = _Anchored(node, self._nodes - closed.nodes_before, height)
        self._attach(node, end_line, end_column, height, start)

    def _inner_start(self, start: Event) -> tuple[int, int]:
        """Where a collection itself starts, behind its tag and anchor."""
        if start.tag is None and start.anchor is None:
            return start.start_mark.line + 1, start.start_mark.column + 1
        mark = start.end_mark
        behind = start.flow_style or self._source.text[mark.index - 1 : mark.index + 1].startswith("-")
        return mark.line + 1, mark.column + (0 if behind else 1)

    def _attach(self, node: Node, end_line: int, end_column: int, height: int, event: Event) -> None:
        if not self._stack:
            self._root = node
            return
        top = self._stack[-1]
        top.end = (end_line, end_column)
        if height > top.height:
            top.height = height
        if top.entries is None:
            top.items.append(node)
            return
        assert top.key is not None
        assert top.key_span is not None
        if top.merging:
            self._merge(top, node, event)
            top.merging = False
        else:
            top.entries[top.key] = MapEntry(top.key_span, node, top.duplicated)
        top.key = None

    def _merge(self, top: _Open, node: Node, event: Event) -> None:
        sources = node.items if isinstance(node, ListNode) else (node,)
        for source in sources:
            if not isinstance(source, MapNode) or is_function(list(source.entries)):
                raise self._refusal(
                    "merge-key",
                    "the merge key << takes a map or a list of maps, and no function",
                    event,
                    'write the keys out, or quote "<<" if it is meant as text',
                )
            self._count(len(source.entries), event)
            top.merges.append(source)

    def _alias(self, event: Event) -> None:
        span = self._source.marked_span(event.start_mark, event.end_mark)
        self._note_alias(span)
        anchored = self._anchors.get(event.anchor or "")
        if any(opened.event.anchor == event.anchor for opened in self._stack):
            raise self._refusal(
                "alias", f"the alias *{event.anchor} stands inside what it names", event, "write the value out"
            )
        if anchored is None:
            raise self._refusal(
                "alias",
                f"the alias *{event.anchor} has no anchor &{event.anchor} before it",
                event,
                "quote the value if it is meant as text",
            )
        top = self._stack[-1] if self._stack else None
        if top is not None and top.entries is not None and top.key is None:
            if not isinstance(anchored.node, ScalarNode):
                raise self._key_refusal(event)
            self._set_key(top, anchored.node.text, span)
            return
        self._count(anchored.nodes, event)
        if top is not None and top.depth + anchored.height > MAXIMUM_DEPTH:
            raise self._depth_refusal(event)
        self._attach(anchored.node, span.end_line, span.end_column, anchored.height, event)

    def _note_alias(self, span: Span) -> None:
        if self._alias_noted:
            return
        self._alias_noted = True
        self.diagnostics.append(
            Diagnostic(
                DiagnosticLevel.NOTICE,
                "yaml-alias",
                "the template has aliases or merge keys, which CloudFormation itself does not take; "
                "they are read as written out",
                span,
                "`aws cloudformation package` writes them out before it deploys",
            )
        )

    def _count(self, nodes: int, event: Event) -> None:
        self._nodes += nodes
        if self._nodes > MAXIMUM_NODES:
            raise self._refusal(
                "too-many-nodes",
                f"the template has more than {MAXIMUM_NODES:,} values, aliases written out",
                event,
                "aliases that name aliases multiply: write the values out, or split the template",
            )

    def _key_refusal(self, event: Event) -> LoadError:
        if self._source.text.startswith("{{", max(event.start_mark.index - 1, 0)):
            hint = 'put a dynamic reference in quotes: "{{resolve:…}}"'
        else:
            hint = "keys are plain text; put a text that starts with a bracket in quotes"
        kind = "list" if event.__class__ is LIST_START else "map"
        if event.__class__ is ALIAS:
            kind = "value of an alias"
        return self._refusal("key-not-text", f"a key must be text, but here a {kind} stands as one", event, hint)

    def _depth_refusal(self, event: Event) -> LoadError:
        return self._refusal(
            "too-deep",
            f"the template is nested more than {MAXIMUM_DEPTH} levels deep here",
            event,
            "CloudFormation refuses such templates too; look for brackets that are not closed",
        )

    def _refusal(self, code: str, message: str, event: Event, hint: str) -> LoadError:
        span = self._source.marked_span(event.start_mark, event.end_mark)
        return LoadError(message, span=span, hint=hint, code=code)
