"""Which pattern of the white paper a workload follows, and which of its components it has."""

from validator.graph.patterns.recognition import recognised
from validator.graph.patterns.table import Component, Pattern, Recognition, State

__all__ = ["Component", "Pattern", "Recognition", "State", "recognised"]
