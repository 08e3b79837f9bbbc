"""Two reviewed states as one difference."""

from collections.abc import Callable, Iterable
from dataclasses import dataclass, replace

from validator.difference.architecture import architecture_changes
from validator.difference.compared import compared
from validator.difference.facts import Snapshot, moved, without
from validator.difference.findings import Names, compared_findings
from validator.difference.pairing import State, condition_names, contents_of, paired, stack_names
from validator.difference.part_changes import nodes_and_edges
from validator.model import Diagnostic, DiagnosticLevel, Difference, EngineStatus, Review


@dataclass(frozen=True, slots=True)
class Reviewed:
    """One state: its review and its architectures. ``folder`` is where its shown paths are compared from."""

    review: Review
    snapshot: Snapshot
    label: str
    folder: str = ""


def compare(base: Reviewed, head: Reviewed) -> Review:
    """The review of the new state with what the change did to its findings."""
    return _compared(base, head)[0]


def difference(base: Reviewed, head: Reviewed) -> Difference:
    """All that a change does: to the findings and to the architecture. The snapshots have to hold facts."""
    review, old = _compared(base, head)
    both = compared(old, head.snapshot)
    nodes, edges = nodes_and_edges(both)
    return Difference(base.label, head.label, review, architecture_changes(both), nodes, edges)


def _compared(base: Reviewed, head: Reviewed) -> tuple[Review, Snapshot]:
    """The review with its changes, and the old snapshot in the names of the new state."""
    templates = paired(_state(base), _state(head))
    stack = stack_names(_stacks(base), _stacks(head), templates)
    condition = condition_names(base.snapshot, head.snapshot, stack)
    names = Names(templates, stack, _one_name(base.snapshot, stack, condition))
    undecided = _unread_now(base, head)
    known = [finding for finding in base.review.findings if finding.template not in undecided]
    result = compared_findings(known, head.review.findings, names)
    review = replace(
        head.review,
        findings=result.findings,
        fixed=result.fixed,
        diagnostics=(*head.review.diagnostics, *_remarks(base)),
    )
    return review, moved(without(base.snapshot, undecided), stack, condition)


def _unread_now(base: Reviewed, head: Reviewed) -> set[str]:
    """The old templates at the places of new ones that cannot be read: nobody knows what became of them."""
    lost = {template.path for template in head.review.templates if not template.readable}
    old, new = _state(base), State({}, head.folder)
    if lost and len(old.contents) == 1 and len(head.review.templates) == 1:
        return set(old.contents)
    places = {new.place(path) for path in lost}
    return {path for path in old.contents if old.place(path) in places}


def _state(side: Reviewed) -> State:
    readable = tuple(template.path for template in side.review.templates if template.readable)
    contents = contents_of(side.review.findings, side.snapshot, readable)
    return State({path: contents.get(path, frozenset()) for path in readable}, side.folder)


def _stacks(side: Reviewed) -> dict[str, str]:
    return {**{one.path: one.template for one in side.review.stacks}, **side.snapshot.templates}


def _one_name(
    base: Snapshot, stack: Callable[[str], str], condition: Callable[[str, str], str]
) -> Callable[[str], str]:
    """The new name of a condition where all stacks agree on it."""
    names: dict[str, set[str]] = {}
    for own, name in base.conditions:
        names.setdefault(name, set()).add(condition(stack(own), name))
    return lambda name: next(iter(names[name])) if len(names.get(name, ())) == 1 else name


def _remarks(base: Reviewed) -> Iterable[Diagnostic]:
    """What of the old state could not be checked: what the new one has there counts as new."""
    what = "all that it has now counts as new"
    for template in base.review.templates:
        if not template.readable:
            text = f"{template.path} cannot be read in {base.label}: {what}"
            yield Diagnostic(DiagnosticLevel.NOTICE, "base-unreadable", text)
    for engine in base.review.engines:
        if engine.status is EngineStatus.FAILED:
            text = f"{engine.name} did not check all of {base.label}: what it found only now counts as new"
            yield Diagnostic(DiagnosticLevel.WARNING, "base-incomplete", text)
    errors = [one for one in base.review.diagnostics if one.level is DiagnosticLevel.ERROR]
    unreadable = {template.path for template in base.review.templates if not template.readable}
    for one in errors:
        place = "" if one.span is None else one.span.path
        if place not in unreadable and not any(path in one.message for path in unreadable):
            text = f"{base.label} was not checked completely: {one.message}"
            yield Diagnostic(DiagnosticLevel.NOTICE, "base-incomplete", text)
