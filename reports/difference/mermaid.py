"""The picture of a difference: what came is green, what went is dashed, what is dangerous is red."""

from collections.abc import Iterable

from reports.strings import visible
from validator.model import Change, Danger, Difference, DifferenceEdge

MOST_EDGES = 60
_STYLES = (
    "  classDef new stroke:#1a7f37,stroke-width:2px",
    "  classDef fixed stroke:#6e7781,stroke-dasharray:4 3",
    "  classDef dangerous stroke:#cf222e,stroke-width:3px",
)


def mermaid(difference: Difference) -> list[str]:
    """A flowchart of the paths that are new and of the edges that came and went; empty when there are none."""
    dangerous = [one for one in difference.changes if one.danger is Danger.DANGEROUS]
    red = {node for one in dangerous for node in one.nodes}
    on_path = dict.fromkeys(hop for one in dangerous for hop in one.hops)
    edges = _drawn(difference.edges, red)
    names = {node.id: node for node in difference.nodes}
    drawn = {(edge.source, edge.target) for edge in edges if edge.change is Change.NEW}
    context = [hop for hop in on_path if hop not in drawn][:MOST_EDGES]
    ends = [end for edge in edges for end in (edge.source, edge.target)]
    shown = dict.fromkeys([*ends, *(end for hop in context for end in hop), *sorted(red)])
    if not shown:
        return []
    ids = {node: f"n{number}" for number, node in enumerate(shown)}
    lines = ["flowchart LR"]
    for node in shown:
        found = names.get(node)
        name = node.rpartition("/")[2] if found is None else found.name
        kind = f"<br/>{_text(found.resource_type)}" if found is not None and found.resource_type else ""
        style = "dangerous" if node in red else found.change.value if found is not None else ""
        mark = f":::{style}" if style in ("new", "fixed", "dangerous") else ""
        lines.append(f'  {ids[node]}["{_text(name)}{kind}"]{mark}')
    styles: dict[str, list[int]] = {"new": [], "fixed": [], "dangerous": []}
    for number, edge in enumerate(edges):
        arrow = "-.->" if edge.change is Change.FIXED else "-->"
        label = edge.relation + (f" ({edge.detail})" if edge.detail else "")
        lines.append(f'  {ids[edge.source]} {arrow}|"{_text(label)}"| {ids[edge.target]}')
        is_red = edge.change is Change.NEW and (edge.source, edge.target) in on_path
        styles["dangerous" if is_red else edge.change.value].append(number)
    for number, (start, end) in enumerate(context, len(edges)):
        lines.append(f"  {ids[start]} ==> {ids[end]}")
        styles["dangerous"].append(number)
    colors = {"new": "#1a7f37", "fixed": "#6e7781", "dangerous": "#cf222e"}
    for style, numbers in styles.items():
        if numbers:
            lines.append(f"  linkStyle {','.join(map(str, numbers))} stroke:{colors[style]}")
    return [*lines, *_STYLES]


def _drawn(edges: Iterable[DifferenceEdge], red: set[str]) -> list[DifferenceEdge]:
    """The edges that are drawn: those at dangerous nodes first, as many as can be read."""
    unique = {(one.source, one.target, one.relation, one.detail, one.change): one for one in edges}
    ordered = sorted(unique.values(), key=lambda one: one.source not in red and one.target not in red)
    return ordered[:MOST_EDGES]


def _text(text: str) -> str:
    """Text as Mermaid takes it in quotes; whatever could end the quotes or be markup is escaped."""
    shown = visible(text[:120])
    return "".join(char if char.isalnum() or char in " _-.:/*+()" else f"#{ord(char)};" for char in shown)
