"""Edge builders, one module a relation family; each yields the edges that one resource proves."""

from typing import Final

from validator.graph.typed_graph import EdgeBuilder

BUILDERS: Final[tuple[EdgeBuilder, ...]] = ()
