"""``tierlens trace``: every path between two parts of the architecture."""

from collections.abc import Sequence
from pathlib import Path
from typing import TYPE_CHECKING

import click

from validator.cli.options import Input, input_options
from validator.cli.output import harmless, print_text
from validator.model import UsageError

if TYPE_CHECKING:
    from validator.graph import Edge, NodeKey
    from validator.graph.typed_graph import TypedGraph


@click.command("trace")
@click.argument("source", metavar="FROM")
@click.argument("target", metavar="TO")
@input_options
def command(
    *,
    source: str,
    target: str,
    paths: tuple[str, ...],
    parameter_files: tuple[Path, ...],
    assignments: tuple[str, ...],
    samconfig_env: str | None,
    region: str | None,
    config: Path | None,
    root: Path | None,
) -> None:
    """Show every path FROM one resource TO another, with the evidence for each step.

    FROM and TO are logical IDs, or internet, anyone, user for those who are outside.
    """
    from validator.cli.graphs import graph_of
    from validator.graph.typed_graph import PATHS_BOUND

    graph = graph_of(Input(paths, parameter_files, assignments, samconfig_env, region, config, root))
    start, end = _node(graph, source), _node(graph, target)
    found = graph.paths(start, end)
    more = " (the search ends there)" if len(found) >= PATHS_BOUND else ""
    count = f"{len(found)} path{'' if len(found) == 1 else 's'}" if found else "no path"
    lines = [f"{count} from {_name(start)} to {_name(end)}{more}"]
    for number, path in enumerate(found, 1):
        lines += ("", f"{number}. {_name(path[0][0].source)}", *map(_step, path))
    print_text(harmless("\n".join(lines)))


def _node(graph: "TypedGraph", name: str) -> "NodeKey":
    from validator.graph import Place, Resource

    places = {
        "internet": Place.INTERNET,
        "anyone": Place.ANYONE_WITH_CREDENTIALS,
        "user": Place.SIGNED_IN_USER,
    }
    if name.lower() in places:
        return places[name.lower()]
    named = [node for node in graph.nodes if isinstance(node, Resource) and node.logical_id == name]
    if len(named) == 1:
        return named[0]
    if named:
        stacks = ", ".join(sorted(node.id.stack for node in named))
        raise UsageError(f"{name} is in several templates: {stacks}", hint="give one of them only")
    raise UsageError(f"no resource is named {name}", hint=_hint(graph, name))


def _hint(graph: "TypedGraph", name: str) -> str:
    from validator.settings import did_you_mean

    near = did_you_mean(name, [_name(node) for node in graph.nodes])
    return near or "tierlens graph --format json lists the names"


def _name(node: "NodeKey") -> str:
    from validator.graph.export import name_of

    return name_of(node)


def _step(step: "Sequence[Edge]") -> str:
    """The node that the step leads to, with every edge that proves it."""
    return "\n".join([f"   -> {_name(step[0].target)}", *map(_proof, step)])


def _proof(edge: "Edge") -> str:
    detail = f" ({edge.detail})" if edge.detail else ""
    when: Sequence[str] = [f"{name} is {str(value).lower()}" for name, value in edge.scenario.items()]
    condition = f" when {' and '.join(when)}" if when else ""
    return f"      {edge.relation.value}{detail}{condition}\n         {edge.span}"
