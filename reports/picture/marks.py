"""Which nodes, boxes and edges a failing finding marks, and with which number."""

from collections import defaultdict
from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from itertools import pairwise

from validator.model import Evidence, Finding, Picture, PictureBox, PictureEdge, PictureNode, Verdict


@dataclass(frozen=True, slots=True)
class Marks:
    """Numbers of findings by id of node or box, and by the ends of an edge, in ascending order."""

    of: Mapping[str, tuple[int, ...]]
    of_edges: Mapping[tuple[str, str], tuple[int, ...]]
    drawn: Mapping[int, Finding]
    """The findings that mark something of this picture."""


class _Index:
    """Finds what evidence names: by name, and where two share it, by stack, template and line."""

    def __init__(self, picture: Picture) -> None:
        self._named: dict[str, list[PictureNode | PictureBox]] = defaultdict(list)
        things: list[PictureNode | PictureBox] = [*picture.nodes, *picture.boxes]
        for thing in things:
            if thing.name:
                self._named[thing.name].append(thing)
        self.nodes = {node.id: node for node in picture.nodes}

    def subjects(self, finding: Finding) -> list[str]:
        """What the finding is about."""
        found = [thing for thing in self._named.get(finding.resource, ()) if _is_of(thing, finding)]
        exact = [one for one in found if isinstance(one, PictureNode) and one.resource_type == finding.resource_type]
        return self._drawn_ones(exact or found)

    def of_step(self, step: Evidence, finding: Finding) -> list[str]:
        """What a step of its evidence names; it may speak of a part, which then stands for its owners."""
        found = self._named.get(step.resource, [])
        if len(found) > 1:
            # Evidence crosses stacks: of several with one name, the finding's own, else those of the file it quotes.
            own = [thing for thing in found if _is_of(thing, finding)]
            quoted = [thing for thing in found if step.span is not None and thing.template == step.span.path]
            found = own or quoted or found
        return self._drawn_ones(found)

    def _drawn_ones(self, things: Iterable[PictureNode | PictureBox]) -> list[str]:
        return list(dict.fromkeys(drawn for thing in things for drawn in _drawn(thing)))


def _drawn(thing: PictureNode | PictureBox) -> tuple[str, ...]:
    return thing.owners or (thing.id,) if isinstance(thing, PictureNode) else (thing.id,)


def _is_of(thing: PictureNode | PictureBox, finding: Finding) -> bool:
    """Whether it is of the finding's template and stack, as far as both say."""
    same_template = not finding.template or not thing.template or finding.template == thing.template
    return same_template and (not finding.stack or not thing.stack or finding.stack == thing.stack)


def marks_of(picture: Picture, findings: Sequence[Finding]) -> Marks:
    """What the failing findings mark. A finding's number is its position in ``findings``, from 1."""
    index = _Index(picture)
    of: dict[str, set[int]] = defaultdict(set)
    of_edges: dict[tuple[str, str], set[int]] = defaultdict(set)
    drawn: dict[int, Finding] = {}
    for number, finding in enumerate(findings, 1):
        if finding.verdict is not Verdict.FAIL:
            continue
        subjects = index.subjects(finding)
        if not subjects:
            continue
        drawn[number] = finding
        steps = [index.of_step(step, finding) for step in finding.evidence]
        on_path = {one for step in steps for one in step}
        for one in subjects:
            of[one].add(number)
        for edge in _broken(picture.edges, finding, steps, on_path | set(subjects)):
            of_edges[edge.source, edge.target].add(number)
            of[edge.source].add(number)
            of[edge.target].add(number)
        for one in on_path:
            # A subnet or VPC on the way is part of the path; other nodes only where an edge leads over them.
            if one not in index.nodes:
                of[one].add(number)
    return Marks(
        {one: tuple(sorted(numbers)) for one, numbers in of.items()},
        {ends: tuple(sorted(numbers)) for ends, numbers in of_edges.items()},
        drawn,
    )


def _broken(
    edges: Iterable[PictureEdge], finding: Finding, steps: list[list[str]], on_path: set[str]
) -> Iterator[PictureEdge]:
    """The edges that the evidence goes along: between neighbouring steps, or proven by the line a step stands on."""
    neighbours = {(one, other) for here, there in pairwise(steps) for one in here for other in there if one != other}
    places = {(step.span.path, step.span.line) for step in finding.evidence if step.span is not None}
    for edge in edges:
        if edge.source not in on_path or edge.target not in on_path:
            continue
        ends = (edge.source, edge.target)
        if ends in neighbours or ends[::-1] in neighbours or (edge.span.path, edge.span.line) in places:
            yield edge
