"""The typed graph that ``graph`` and ``trace`` show: of all templates of the input."""

from validator.cli.options import Input, request_of, settings_of
from validator.graph.build import BUILDERS
from validator.graph.typed_graph import TypedGraph, typed_graph
from validator.review import Assumptions, discover_templates, load_stack


def graph_of(given: Input) -> TypedGraph:
    """One graph with the nodes and edges of every template; raises LoadError for one that cannot be read."""
    request = request_of(given, settings_of(given))
    discovery = discover_templates(request)
    assumptions = Assumptions(request.settings.assume, request.today)
    stacks = [load_stack(file, request, assumptions) for file in discovery.files]
    graphs = [typed_graph(stack.architecture, BUILDERS) for stack in stacks]
    nodes = dict.fromkeys(node for graph in graphs for node in graph.nodes)
    edges = dict.fromkeys(edge for graph in graphs for edge in graph.edges)
    return TypedGraph(tuple(nodes), tuple(edges))
