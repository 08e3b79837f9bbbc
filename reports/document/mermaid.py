"""The architecture picture as Mermaid text, which forges and wikis draw from a fenced block."""

from collections import defaultdict
from collections.abc import Mapping, Sequence
from typing import TYPE_CHECKING

from reports.document.texts import DocumentTexts
from reports.strings import one_line
from validator.model import Finding, Lane, Picture, PictureNode, Verdict

if TYPE_CHECKING:
    from reports.picture import PictureTexts

_MOST_ALIKE = 3
"""Resources of one type in one lane that are drawn one by one; more are drawn as one."""
_MOST_EDGES = 300
"""Mermaid refuses more than 500."""
_LONGEST_LABEL = 60
_LEFT_OUT = ("refers to", "is encrypted by", "assumes")
"""Relations that would cover the others."""
_PLAIN = frozenset(" -_/.,:+*×")


def mermaid(picture: Picture, findings: Sequence[Finding], texts: DocumentTexts) -> str:
    """The text between the fences, ending in a line break; empty when there is nothing to draw or too much.

    Resources that a failing finding judges are outlined.
    """
    from reports.picture import picture_texts

    words = picture_texts(texts.language)
    groups = _groups(picture)
    group_of = {node.id: number for number, nodes in enumerate(groups) for node in nodes}
    edges = sorted(
        {
            (group_of[edge.source], group_of[edge.target], edge.relation)
            for edge in picture.edges
            if edge.source in group_of and edge.target in group_of and edge.relation not in _LEFT_OUT
        }
    )
    if not groups or len(edges) > _MOST_EDGES:
        return ""
    lines = ["flowchart LR"]
    lanes: Mapping[Lane, list[int]] = _by_lane(groups)
    for lane in Lane:
        if lane in lanes:
            lines.append(f'  subgraph {lane.value}["{_label(_lane_name(lane, words))}"]')
            lines += [f'    n{number}["{_node_label(groups[number], words)}"]' for number in lanes[lane]]
            lines.append("  end")
    lines += [f"  n{source} --> n{target}" for source, target in dict.fromkeys((s, t) for s, t, _ in edges if s != t)]
    failing = {(f.resource, f.stack) for f in findings if f.verdict is Verdict.FAIL}
    marked = [f"n{n}" for n, nodes in enumerate(groups) if any((node.name, node.stack) in failing for node in nodes)]
    if marked:
        lines += ["  classDef failing stroke:#b3141d,stroke-width:3px", f"  class {','.join(marked)} failing"]
    return "\n".join(lines) + "\n"


def _groups(picture: Picture) -> list[tuple[PictureNode, ...]]:
    """The nodes that are drawn: one by one, or as one where many are alike."""
    alike: dict[tuple[Lane, str], list[PictureNode]] = defaultdict(list)
    for node in picture.nodes:
        if not node.owners and node.lane is not Lane.SUPPORT:
            alike[node.lane, node.resource_type].append(node)
    groups: list[tuple[PictureNode, ...]] = []
    for nodes in alike.values():
        groups += [tuple(nodes)] if len(nodes) > _MOST_ALIKE else [(node,) for node in nodes]
    return groups


def _by_lane(groups: Sequence[tuple[PictureNode, ...]]) -> dict[Lane, list[int]]:
    lanes: dict[Lane, list[int]] = defaultdict(list)
    for number, nodes in enumerate(groups):
        lanes[nodes[0].lane].append(number)
    return lanes


def _lane_name(lane: Lane, words: "PictureTexts") -> str:
    return {
        Lane.INTERNET: words.internet,
        Lane.PRESENTATION: words.presentation,
        Lane.LOGIC: words.logic,
        Lane.DATA: words.data,
        Lane.SUPPORT: words.support,
    }[lane]


def _node_label(nodes: tuple[PictureNode, ...], words: "PictureTexts") -> str:
    from reports.picture import party_name

    kind = " ".join(nodes[0].resource_type.split("::")[1:])
    if len(nodes) > 1:
        return _label(f"{len(nodes)} × {kind}")
    name = _label(party_name(nodes[0].name, words))
    return f"{name}<br>{_label(kind)}" if kind else name


def _label(text: str) -> str:
    """A name in quotes: all but letters, digits and plain signs as Mermaid's character codes."""
    shown = one_line(text, _LONGEST_LABEL)
    return "".join(c if c.isalnum() or c in _PLAIN else f"#{ord(c)};" for c in shown)
