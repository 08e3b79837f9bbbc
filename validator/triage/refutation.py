"""What the graph disproves of other engines' reports: the proofs of every refuter for one architecture.

A refutation holds only if it is proven in every scenario in which the resource exists, and in every stack that the
template makes: an engine that judges one resource at a time does not say in which of them it is right.
"""

from collections.abc import Collection, Iterable, Iterator, Mapping
from dataclasses import dataclass, field
from functools import cache

from validator.graph import Architecture, Resource
from validator.model import Finding, Refutation
from validator.triage.refuter import Refuter


@dataclass(slots=True)
class Refutations:
    """The proofs of a run, by template, engine, rule and logical ID after expansion."""

    _found: dict[tuple[str, str, str, str], Refutation | None] = field(default_factory=dict)

    def add(self, proofs: Mapping[tuple[str, str, str, str], Refutation | None]) -> None:
        """Take over the proofs of an architecture. What one stack of a template does not refute is not refuted."""
        for key, proof in proofs.items():
            known = self._found.get(key, proof)
            self._found[key] = proof if known is not None else None

    def of(self, finding: Finding) -> Refutation | None:
        """The proof against an engine's finding; None when there is none."""
        # An engine names a resource that SAM made as the target of the one that a person wrote.
        made = finding.target or finding.resource
        return self._found.get((finding.template, finding.source, finding.rule, made))


@cache
def all_refuters() -> tuple[Refuter, ...]:
    """Every refuter, in the order of the documentation."""
    from validator.triage.refuters import REFUTERS  # they read half of the graph's packages: not at start-up

    return REFUTERS


def refutations_of(
    graph: Architecture, rules: Collection[str] | None = None
) -> dict[tuple[str, str, str, str], Refutation | None]:
    """What the graph proves against each rule for each resource it may be reported on, in all scenarios.

    ``rules`` are the ids that count; None is all. A template with a macro or duplicated keys proves nothing: what it
    becomes is not known.
    """
    if any(scope.template.uncertain for scope in graph.scopes):
        return _nothing(graph, rules)
    readable = not any(resource.refused for resource in graph.resources)
    found: dict[tuple[str, str, str, str], Refutation | None] = {}
    for refuter, rule, resource in _questions(graph, rules):
        key = (resource.scope.template.path, refuter.engine, rule, resource.logical_id)
        proof = None if refuter.closed and not readable else _proof(graph, resource, refuter, rule)
        known = found.get(key, proof)
        # Stacks of one template share the key: each of them has to refute.
        found[key] = proof if known is not None else None
    return found


def _nothing(
    graph: Architecture, rules: Collection[str] | None
) -> dict[tuple[str, str, str, str], Refutation | None]:
    return {
        (resource.scope.template.path, refuter.engine, rule, resource.logical_id): None
        for refuter, rule, resource in _questions(graph, rules)
    }


def _questions(graph: Architecture, rules: Collection[str] | None) -> Iterator[tuple[Refuter, str, Resource]]:
    for refuter in all_refuters():
        wanted = [rule for rule in refuter.rules if rules is None or rule in rules]
        for resource in graph.declared(*refuter.types) if wanted else ():
            for rule in wanted:
                yield refuter, rule, resource


@dataclass(frozen=True, slots=True)
class _Answer:
    exists: bool
    proof: Refutation | None = None


def _proof(graph: Architecture, resource: Resource, refuter: Refuter, rule: str) -> Refutation | None:
    def question() -> _Answer:
        if not resource.exists():
            return _Answer(exists=False)
        return _Answer(exists=True, proof=refuter.refute(graph, resource, rule))

    try:
        exploration = graph.evaluation.explore(question)
    except Exception:  # noqa: BLE001 - a refuter that fails proves nothing; what the engine reports then stands
        return None
    leaves = [leaf for leaf in exploration.leaves if leaf.result.exists]
    proofs = [leaf.result.proof for leaf in leaves if not leaf.taints and leaf.result.proof is not None]
    if not exploration.complete or not leaves or len(proofs) < len(leaves):
        return None
    return _joined(proofs)


def _joined(proofs: Iterable[Refutation]) -> Refutation:
    """The proofs of all scenarios as one."""
    found = list(dict.fromkeys(proofs))
    statements = dict.fromkeys(proof.statement for proof in found)
    return Refutation("; or ".join(statements), tuple(dict.fromkeys(step for one in found for step in one.proof)))
