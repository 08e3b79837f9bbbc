"""The service graph as Mermaid, DOT and JSON."""

import json
from collections.abc import Callable, Mapping
from typing import Final

from validator.graph.export import mermaid_text
from validator.graph.service_graph import Dependency, ServiceGraph, Shared

ServiceWriter = Callable[[ServiceGraph], str]


def _in_circle(graph: ServiceGraph, dependency: Dependency) -> bool:
    return any({dependency.source, dependency.target} <= set(cycle) for cycle in graph.cycles)


def _label(graph: ServiceGraph, dependency: Dependency) -> str:
    said = ", ".join(f"{relation} ({count})" for relation, count in dependency.relations)
    return said + (", in a circle" if _in_circle(graph, dependency) else "")


def to_mermaid(graph: ServiceGraph) -> str:
    """A Mermaid flowchart: services, what they share, and the edges between them."""
    ids = {name: f"s{number}" for number, name in enumerate(graph.services)}
    lines = ["flowchart LR"]
    lines += (
        f'  {ids[name]}["{mermaid_text(name)}<br/>{count} resources"]' for name, count in graph.services.items()
    )
    for number, shared in enumerate((*graph.stores, *graph.roles)):
        kind = "role" if shared in graph.roles else "store"
        lines.append(f'  x{number}[("{mermaid_text(shared.resource)}<br/>shared {kind}")]')
        lines += (f'  {ids[user]} -.->|"shares"| x{number}' for user in shared.users)
    lines += (
        f'  {ids[one.source]} -->|"{mermaid_text(_label(graph, one))}"| {ids[one.target]}'
        for one in graph.dependencies
    )
    return "\n".join(lines) + "\n"


def to_dot(graph: ServiceGraph) -> str:
    """A Graphviz digraph."""
    ids = {name: f"s{number}" for number, name in enumerate(graph.services)}
    lines = ["digraph services {", "  rankdir=LR;", "  node [shape=box];"]
    lines += (f"  {ids[name]} [label={json.dumps(f'{name} ({count})')}];" for name, count in graph.services.items())
    for number, shared in enumerate((*graph.stores, *graph.roles)):
        lines.append(f"  x{number} [label={json.dumps(shared.resource)}, shape=cylinder];")
        lines += (f"  {ids[user]} -> x{number} [style=dashed];" for user in shared.users)
    lines += (
        f"  {ids[one.source]} -> {ids[one.target]} [label={json.dumps(_label(graph, one))}"
        f"{', color=red' if _in_circle(graph, one) else ''}];"
        for one in graph.dependencies
    )
    return "\n".join([*lines, "}"]) + "\n"


def to_json(graph: ServiceGraph) -> str:
    """Services, dependencies, shared stores and roles, circles."""
    content = {
        "schema_version": 1,
        "services": [{"name": name, "resources": count} for name, count in graph.services.items()],
        "dependencies": [
            {"source": one.source, "target": one.target, "relations": dict(one.relations)}
            for one in graph.dependencies
        ],
        "shared_stores": [_entry(shared) for shared in graph.stores],
        "shared_roles": [_entry(shared) for shared in graph.roles],
        "cycles": [list(cycle) for cycle in graph.cycles],
    }
    return json.dumps(content, indent=2, ensure_ascii=False) + "\n"


def _entry(shared: Shared) -> dict[str, object]:
    return {
        "resource": shared.resource,
        "type": shared.resource_type,
        "service": shared.service,
        "users": list(shared.users),
    }


SERVICE_WRITERS: Final[Mapping[str, ServiceWriter]] = {"mermaid": to_mermaid, "dot": to_dot, "json": to_json}
"""The formats of ``tierlens graph --by service`` by name."""
