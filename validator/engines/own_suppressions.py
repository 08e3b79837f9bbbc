"""Suppressions in the engines' own forms: checkov's comments and metadata, cfn-lint's metadata.

They are honoured for the engine that they speak to, and shown. Follows checkov's *Suppressing and skipping
policies* and cfn-lint's README, *Configure → Metadata*.
"""

import re
from collections.abc import Iterator
from dataclasses import dataclass

from validator.expand.template import Template
from validator.load.nodes import ListNode, MapNode, Node, ScalarNode
from validator.model import Span, Suppression, SuppressionKind

NO_REASON = "no reason given"

_SKIP = re.compile(
    r"(?:checkov|bridgecrew|cortex):skip= *(?P<rules>[A-Za-z_\d-]+(?:,[A-Za-z_\d-]+)*)(?::(?P<reason>[^\n]*))?"
)
_LOOP = "Fn::ForEach::"


@dataclass(frozen=True, slots=True)
class OwnSuppression:
    """One such decision. ``resource`` is the logical ID as written, empty for the whole template.

    ``is_prefix`` tells that ``rule`` is the start of ids.
    """

    rule: str
    resource: str
    suppression: Suppression
    is_prefix: bool = False

    def covers(self, rule: str, resource: str) -> bool:
        """Whether it speaks of the rule on the resource."""
        named = rule.startswith(self.rule) if self.is_prefix else rule == self.rule
        return named and self.resource in ("", resource)


def checkov_suppressions(template: Template) -> tuple[OwnSuppression, ...]:
    """``checkov:skip=ID:reason`` within a resource's lines, and ``Metadata.checkov.skip``."""
    lines = template.document.text.splitlines()
    return tuple(
        found
        for logical_id, key_span, body in _resources(template)
        for found in (
            *_comments(template.path, logical_id, key_span, body, lines),
            *_metadata_skips(logical_id, body),
        )
    )


def cfn_lint_suppressions(template: Template) -> tuple[OwnSuppression, ...]:
    """``Metadata.cfn-lint.config.ignore_checks``: starts of ids for the template, full ids for a resource."""
    owners: list[tuple[str, Node]] = [("", template.document.root)]
    owners += [(logical_id, body) for logical_id, _, body in _resources(template)]
    return tuple(
        OwnSuppression(item.text, logical_id, _suppression("", item.span), is_prefix=not logical_id)
        for logical_id, owner in owners
        for item in _items(_below(owner, "Metadata", "cfn-lint", "config", "ignore_checks"))
        if isinstance(item, ScalarNode) and item.text
    )


def suppression_of(entries: tuple[OwnSuppression, ...], rule: str, resource: str) -> Suppression | None:
    """The first decision that covers a rule on a resource."""
    return next((entry.suppression for entry in entries if entry.covers(rule, resource)), None)


def _suppression(reason: str, span: Span) -> Suppression:
    return Suppression(reason.strip() or NO_REASON, span, kind=SuppressionKind.ENGINE)


def _comments(path: str, logical_id: str, key_span: Span, body: Node, lines: list[str]) -> Iterator[OwnSuppression]:
    last = body.span.end_line
    # A value may reach over the blank lines and comments before the next key: those belong to the next.
    while last > key_span.line and (not lines[last - 1].strip() or lines[last - 1].lstrip().startswith("#")):
        last -= 1
    for number in range(key_span.line, min(last, len(lines)) + 1):
        found = _SKIP.search(lines[number - 1])
        if found is None:
            continue
        span = Span(path, number, found.start() + 1, number, found.end() + 1)
        for rule in found["rules"].split(","):
            yield OwnSuppression(rule, logical_id, _suppression(found["reason"] or "", span))


def _metadata_skips(logical_id: str, body: Node) -> Iterator[OwnSuppression]:
    for owner in ("checkov", "bridgecrew"):
        for item in _items(_below(body, "Metadata", owner, "skip")):
            rule, reason = _text(_below(item, "id")), _text(_below(item, "comment"))
            if rule:
                yield OwnSuppression(rule, logical_id, _suppression(reason, item.span))


def _resources(template: Template) -> Iterator[tuple[str, Span, Node]]:
    """Logical ID, key and body of what is written; a loop's body stands for everything that the loop made."""
    yield from _bodies(_below(template.document.root, "Resources"), template)


def _bodies(resources: Node | None, template: Template) -> Iterator[tuple[str, Span, Node]]:
    if not isinstance(resources, MapNode):
        return
    for key, entry in resources.entries.items():
        if not key.startswith(_LOOP):
            yield key, entry.key_span, entry.value
            for resource in template.resources.values():
                if resource.origin.span == entry.key_span and resource.origin.logical_id != key:
                    yield resource.origin.logical_id, entry.key_span, entry.value
        elif isinstance(entry.value, ListNode):
            for item in entry.value.items:
                yield from _bodies(item, template)


def _below(node: Node | None, *keys: str) -> Node | None:
    for key in keys:
        node = node.get(key) if isinstance(node, MapNode) else None
    return node


def _items(node: Node | None) -> tuple[Node, ...]:
    return node.items if isinstance(node, ListNode) else ()


def _text(node: Node | None) -> str:
    return node.text if isinstance(node, ScalarNode) else ""
