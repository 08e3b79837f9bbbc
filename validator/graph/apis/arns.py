"""ARNs taken apart by structure: what stands between the colons, with references kept."""

import re
from dataclasses import dataclass

from validator.resolve import Part, Text

_FIELDS = 6
_PLACEHOLDER = re.compile(r"\$\{[^}]*\}")
_HIDDEN = "\0"


@dataclass(frozen=True, slots=True)
class Arn:
    """The fields of ``arn:partition:service:region:account:resource``; each is a sequence of parts."""

    partition: tuple[Part, ...]
    service: tuple[Part, ...]
    region: tuple[Part, ...]
    account: tuple[Part, ...]
    resource: tuple[Part, ...]

    @property
    def service_name(self) -> str | None:
        """The service when it is written out."""
        return literal_of(self.service)

    def segments(self) -> tuple[tuple[Part, ...], ...]:
        """The resource field, split at its slashes."""
        return split_parts(self.resource, "/")


def arn_of(text: Text) -> Arn | None:
    """The ARN that a text is, or None when its shape is not that of an ARN."""
    fields = split_parts(text.parts, ":", _FIELDS - 1)
    if len(fields) != _FIELDS or literal_of(fields[0]) != "arn":
        return None
    return Arn(*fields[1:])


def literal_of(parts: tuple[Part, ...]) -> str | None:
    """The text of parts that are all written out, else None."""
    texts = [part for part in parts if isinstance(part, str)]
    return "".join(texts) if len(texts) == len(parts) else None


def split_parts(parts: tuple[Part, ...], delimiter: str, most: int = -1) -> tuple[tuple[Part, ...], ...]:
    """The parts split at each delimiter (one character) in literal text, at most ``most`` times.

    Placeholders that nothing substituted (``${AWS::Region}`` in an imported definition) stay whole.
    """
    pieces: list[list[Part]] = [[]]
    for part in parts:
        if not isinstance(part, str):
            pieces[-1].append(part)
            continue
        left = -1 if most < 0 else most - (len(pieces) - 1)
        hidden = _PLACEHOLDER.sub(lambda found: found.group().replace(delimiter, _HIDDEN), part)
        split = hidden.split(delimiter, left) if left else [hidden]
        first, *others = (piece.replace(_HIDDEN, delimiter) for piece in split)
        if first:
            pieces[-1].append(first)
        pieces.extend([other] if other else [] for other in others)
    return tuple(tuple(piece) for piece in pieces)
