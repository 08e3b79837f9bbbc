"""A parameter as a template declares it."""

from dataclasses import dataclass

from validator.model.span import Span


@dataclass(frozen=True, slots=True)
class ParameterDeclaration:
    """One entry of a template's ``Parameters`` section, as the User Guide's *Parameters* page defines it.

    All values are texts, as CloudFormation compares them; an attribute that is not written is None.
    """

    name: str
    type: str
    span: Span
    default: str | None = None
    allowed_values: tuple[str, ...] | None = None
    allowed_pattern: str | None = None
    min_length: float | None = None
    max_length: float | None = None
    min_value: float | None = None
    max_value: float | None = None
    no_echo: bool = False
    """The value is a secret: it is never shown, neither the given nor the default one."""
