"""Suppressions in ``Metadata.tierlens.suppress`` of a resource: the form that JSON templates need."""

from collections.abc import Iterator
from dataclasses import replace

from validator.expand.template import Template, TemplateResource
from validator.load.nodes import ListNode, MapNode, Node, ScalarNode
from validator.model import Diagnostic, Span
from validator.settings import did_you_mean
from validator.triage.suppression_entries import (
    SuppressionEntry,
    Written,
    invalid,
    read_date,
    without_reason,
)

_SECTION = "tierlens"
_KEY = "suppress"
_ENTRY_KEYS = ("rule", "reason", "owner", "until", "target")
_FORM = "write a list of {rule: …, reason: …}, with owner, until and target where they are wanted"

_Found = SuppressionEntry | Diagnostic


def metadata_suppressions(template: Template) -> Written:
    """The suppressions in the metadata of the template's resources, as the person wrote them.

    A resource that SAM expands is read in its source form; what it generates may repeat the metadata.
    """
    found: dict[Span, list[_Found]] = {}
    for resource in (*template.sam_resources.values(), *template.resources.values()):
        metadata = resource.body.get("Metadata")
        section = metadata.get(_SECTION) if isinstance(metadata, MapNode) else None
        if section is not None:
            # One place is one suppression, however many resources a loop or SAM makes of it.
            found.setdefault(section.span, []).extend(_section(section, resource, template.path))
    items = [item for items in found.values() for item in items]
    items.extend(_top_level(template))
    return Written(
        entries=_merged([item for item in items if isinstance(item, SuppressionEntry)]),
        diagnostics=tuple(dict.fromkeys(item for item in items if isinstance(item, Diagnostic))),
    )


def _merged(entries: list[SuppressionEntry]) -> tuple[SuppressionEntry, ...]:
    """One entry for each thing written, for all the resources that came of it."""
    by_identity: dict[tuple[object, ...], SuppressionEntry] = {}
    for entry in entries:
        identity = (entry.span, entry.rule, entry.target)
        known = by_identity.get(identity)
        ids = entry.logical_ids | (known.logical_ids if known else frozenset())
        by_identity[identity] = replace(entry, logical_ids=ids)
    return tuple(by_identity.values())


def _top_level(template: Template) -> Iterator[Diagnostic]:
    root = template.document.root
    metadata = root.get("Metadata") if isinstance(root, MapNode) else None
    section = metadata.get(_SECTION) if isinstance(metadata, MapNode) else None
    if isinstance(section, MapNode) and _KEY in section.entries:
        yield invalid(
            section.entries[_KEY].key_span,
            "a suppression for the whole template has no effect",
            "write it in the Metadata of each resource it is meant for",
        )


def _section(section: Node, resource: TemplateResource, path: str) -> Iterator[_Found]:
    if not isinstance(section, MapNode):
        yield invalid(section.span, "Metadata.tierlens is no map", "write suppress: with a list below it")
        return
    for key, entry in section.entries.items():
        if key == _KEY:
            yield from _suppress(entry.value, resource, path)
        elif near := did_you_mean(key, (_KEY,)):
            yield invalid(entry.key_span, f"unknown key '{key}' in Metadata.tierlens: {near}")


def _suppress(node: Node, resource: TemplateResource, path: str) -> Iterator[_Found]:
    if isinstance(node, ListNode):
        for item in node.items:
            if isinstance(item, MapNode):
                yield from _entry(item, resource, path)
            else:
                yield invalid(item.span, "a suppression is a map with rule and reason", _FORM)
    elif isinstance(node, MapNode) and "rule" in node.entries:
        yield from _entry(node, resource, path)
    elif isinstance(node, MapNode):
        for rule, entry in node.entries.items():
            yield from _rule_to_reason(rule, entry.key_span, entry.value, resource, path)
    else:
        yield invalid(node.span, "Metadata.tierlens.suppress is no list", _FORM)


def _rule_to_reason(rule: str, span: Span, node: Node, resource: TemplateResource, path: str) -> Iterator[_Found]:
    """``AUTH001: the reason``, or ``AUTH001: {reason: …, until: …}``."""
    if isinstance(node, MapNode):
        yield from _made((rule,), span, node, resource, path)
    elif _text(node):
        yield SuppressionEntry(rule, _text(node), span, path, _ids(resource))
    else:
        yield without_reason(span, rule, "write the reason after the rule")


def _entry(node: MapNode, resource: TemplateResource, path: str) -> Iterator[_Found]:
    rules = _rules(node.get("rule"))
    if not rules:
        yield invalid(node.span, "a suppression names no rule", _FORM)
        return
    yield from _made(rules, node.span, node, resource, path)


def _made(
    rules: tuple[str, ...], span: Span, node: MapNode, resource: TemplateResource, path: str
) -> Iterator[_Found]:
    wrong = tuple(_wrong_keys(node))
    yield from wrong
    reason = _text(node.get("reason"))
    if not reason:
        yield without_reason(span, ", ".join(rules), "add reason: with the reason")
    until = node.get("until")
    last_day = None if until is None else read_date(_text(until))
    if until is not None and last_day is None:
        yield invalid(until.span, "until is no date", "write it as YYYY-MM-DD")
    elif reason and not wrong:
        target, owner = _text(node.get("target")), _text(node.get("owner"))
        for rule in rules:
            yield SuppressionEntry(rule, reason, span, path, _ids(resource), last_day, target, owner=owner)


def _wrong_keys(node: MapNode) -> Iterator[Diagnostic]:
    for key, entry in node.entries.items():
        if key not in _ENTRY_KEYS:
            near = did_you_mean(key, _ENTRY_KEYS) or f"known are {', '.join(_ENTRY_KEYS)}"
            yield invalid(entry.key_span, f"unknown key '{key}' in a suppression: {near}")
    target = node.get("target")
    if target is not None and not _text(target):
        # Read as absent it would widen the suppression to the whole resource.
        yield invalid(target.span, "target is no text", "name the target as the finding does: GET /health")


def _rules(node: Node | None) -> tuple[str, ...]:
    if isinstance(node, ListNode):
        texts = tuple(_text(item) for item in node.items)
        return texts if all(texts) else ()
    text = _text(node)
    return (text,) if text else ()


def _text(node: Node | None) -> str:
    return node.text.strip() if isinstance(node, ScalarNode) else ""


def _ids(resource: TemplateResource) -> frozenset[str]:
    return frozenset({resource.logical_id, resource.origin.logical_id})
