"""The typed graph that ``graph`` and ``trace`` show: of all stacks of the input."""

from validator.cli.options import Input, request_of, settings_of
from validator.graph import Architecture
from validator.graph.build import BUILDERS
from validator.graph.typed_graph import TypedGraph, typed_graph
from validator.review import architectures_of


def graph_of(given: Input) -> TypedGraph:
    """One graph with the nodes and edges of every stack; raises LoadError for a template that cannot be read."""
    graphs = [typed_graph(architecture, BUILDERS) for architecture in graphs_of(given)]
    nodes = dict.fromkeys(node for graph in graphs for node in graph.nodes)
    edges = dict.fromkeys(edge for graph in graphs for edge in graph.edges)
    return TypedGraph(tuple(nodes), tuple(edges))


def graphs_of(given: Input) -> list[Architecture]:
    """The architectures of the input: linked stacks and those of one workload make one."""
    return architectures_of(request_of(given, settings_of(given)))
