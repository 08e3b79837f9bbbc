"""What a stack may ask of the other stacks of its run: exports, outputs of nested stacks, SSM parameters."""

from collections.abc import Iterator
from typing import TYPE_CHECKING, Protocol

from validator.load.nodes import Node
from validator.model import Span
from validator.resolve.values import Text, Value

if TYPE_CHECKING:
    from validator.resolve.scope import Scope


class Links(Protocol):
    """The other stacks of a run, as one of them sees them. None is the answer where the run does not decide."""

    def exported(self, reader: "Scope", name: Value, span: Span) -> Value | None:
        """What ``Fn::ImportValue`` of the name gives to the reader; ``span`` is where it is written."""

    def output(self, reader: "Scope", logical_id: str, attribute: str, span: Span) -> Value | None:
        """``Fn::GetAtt`` of a nested stack of the reader: ``Outputs.VpcId``."""

    def stored(self, reader: "Scope", name: Text, span: Span) -> Value | None:
        """The value that another stack writes into the SSM parameter of the name."""

    def stack_output(self, reader: "Scope", stack: str, output: str, span: Span) -> Value | None:
        """``Fn::GetStackOutput``: the output of a stack by the stack's name."""

    def leads_to(self, reader: "Scope", function: str, argument: Node) -> "Iterator[tuple[Scope, Node]]":
        """Whatever the reader's call may give of other stacks in some scenario: expressions with their stacks.

        ``function`` is empty for a text with a dynamic reference in it.
        """

    def nests(self, reader: "Scope", logical_id: str) -> bool:
        """Whether the resource is a nested stack of the run: what it is passed is used by the stack's resources."""

    def is_used(self, giver: "Scope", element: str) -> bool:
        """Whether the output, or the SSM parameter that the resource makes, serves the stacks of the run."""


class NoLinks:
    """A stack that is reviewed alone."""

    def exported(self, reader: "Scope", name: Value, span: Span) -> Value | None:
        """Nothing."""

    def output(self, reader: "Scope", logical_id: str, attribute: str, span: Span) -> Value | None:
        """Nothing."""

    def stored(self, reader: "Scope", name: Text, span: Span) -> Value | None:
        """Nothing."""

    def stack_output(self, reader: "Scope", stack: str, output: str, span: Span) -> Value | None:
        """Nothing."""

    def leads_to(self, reader: "Scope", function: str, argument: Node) -> "Iterator[tuple[Scope, Node]]":
        """Nothing."""
        return iter(())

    def nests(self, reader: "Scope", logical_id: str) -> bool:
        """Never."""
        return False

    def is_used(self, giver: "Scope", element: str) -> bool:
        """Never."""
        return False
