"""Labelled cases of other tools' test suites, and whether our findings agree with a label.

The rules of agreement are those of the cases' own README: a ``fail`` is met when a failing finding of the
label's category (or one that it also accepts) names the resource or one a single reference away; a ``pass``
is met when no failing finding of the category names the resource.
"""

import json
from collections.abc import Iterator
from dataclasses import dataclass
from functools import cache
from pathlib import Path

from rules import pack
from validator.graph import Resource
from validator.model import Finding, Verdict
from validator.review import ReviewRequest, load_stack
from validator.review.stacks import discover_templates
from validator.rulekit import run_rules

CASES = Path(__file__).resolve().parents[2].parent / "shared" / "thirdparty-cases"


@dataclass(frozen=True, slots=True)
class Label:
    """One expectation: a category, a verdict and the logical IDs that it holds for."""

    id: str
    file: str
    categories: frozenset[str]
    category: str
    aspect: str
    verdict: str
    resources: tuple[str, ...]
    note: str


def labels(fit: str = "exact") -> list[Label]:
    """The labels of one fit, in the order of the file."""
    entries = json.loads((CASES / "labels.json").read_text())
    return [
        Label(
            id=entry["id"],
            file=entry["file"],
            categories=frozenset((entry["category"], *entry["also_accept"])),
            category=entry["category"],
            aspect=entry["aspect"],
            verdict=entry["verdict"],
            resources=tuple(entry["resources"]),
            note=entry.get("note") or "",
        )
        for entry in entries
        if entry["fit"] == fit
    ]


@dataclass(frozen=True, slots=True)
class Checked:
    """The failures that one template got, and which resource mentions which, both ways."""

    failures: tuple[Finding, ...]
    neighbours: dict[str, frozenset[str]]


@cache
def checked(file: str) -> Checked:
    """Run every rule on one of the templates."""
    request = ReviewRequest((str(CASES / file),), CASES)
    (found,) = discover_templates(request).files
    graph = load_stack(found, request).architecture
    result = run_rules(pack(), graph)
    assert not result.diagnostics, result.diagnostics
    failures = tuple(finding for finding in result.findings if finding.verdict is Verdict.FAIL)
    neighbours: dict[str, set[str]] = {}
    for resource in graph.resources:
        for other in _mentioning(resource, graph.resources):
            neighbours.setdefault(resource.name, set()).add(other)
            neighbours.setdefault(other, set()).add(resource.name)
    return Checked(failures, {name: frozenset(others) for name, others in neighbours.items()})


def _mentioning(resource: Resource, resources: tuple[Resource, ...]) -> Iterator[str]:
    from validator.graph.references import mentioned

    names = set(mentioned(resource.body))
    return (other.name for other in resources if other.logical_id in names)


def agrees(label: Label) -> bool:
    """Whether the findings on the label's template meet it."""
    result = checked(label.file)
    named = {finding.resource for finding in result.failures if finding.category.value in label.categories}
    if label.verdict == "pass":
        own = {finding.resource for finding in result.failures if finding.category.value == label.category}
        return not own & set(label.resources)
    met = [bool(named & {resource, *result.neighbours.get(resource, frozenset())}) for resource in label.resources]
    return any(met) if label.aspect == "shared-role" else all(met)
