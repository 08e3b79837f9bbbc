"""Translating what can be translated: a refused resource is set aside, the others go on."""

from collections.abc import Callable, Collection
from dataclasses import dataclass
from typing import Any

from validator.expand.sam.preparation import Prepared
from validator.expand.sam.source import IMPLICIT_APIS, SamSource
from validator.expand.sam.translator import TranslationRefused, translate

_MAX_TRIALS = 60
"""How many single resources are tried to find the one that makes the translator fail."""


@dataclass(frozen=True, slots=True)
class Attempt:
    """The last input, its translation, and the refused logical IDs with the reasons."""

    prepared: Prepared
    translated: dict[str, Any]
    refused: dict[str, str]


def translate_what_can_be(
    source: SamSource,
    prepare: Callable[[Collection[str]], Prepared],
    values: dict[str, Any],
    region: str | None,
) -> Attempt:
    """Translates, leaving out one by one what the translator names in its refusals.

    A failure that names nothing is tracked down by leaving out each resource in turn; when even that does
    not help, every SAM resource is refused.
    """
    candidates = [resource.logical_id for resource in source.sam_resources]
    candidates += [api for kind, api in IMPLICIT_APIS.items() if source.implicit_sources(kind)]
    refused: dict[str, str] = {}

    def attempt(left_out: dict[str, str]) -> Attempt:
        prepared = prepare(left_out)
        return Attempt(prepared, translate(prepared.document, values, region), left_out)

    while True:
        try:
            return attempt(dict(refused))
        except TranslationRefused as error:
            named = _named(error, candidates, refused) or _tracked_down(error, candidates, refused, attempt)
            if not named:
                message = str(error)
                refused.update({name: message for name in candidates if name not in refused})
                prepared = prepare(refused)
                return Attempt(prepared, prepared.document, refused)
            refused.update(named)


def _named(error: TranslationRefused, candidates: list[str], refused: dict[str, str]) -> dict[str, str]:
    named: dict[str, str] = {}
    for refusal in error.refusals:
        for logical_id in refusal.logical_ids:
            if logical_id in candidates and logical_id not in refused:
                present = named.get(logical_id)
                named[logical_id] = f"{present} {refusal.message}" if present else refusal.message
    return named


def _tracked_down(
    error: TranslationRefused,
    candidates: list[str],
    refused: dict[str, str],
    attempt: Callable[[dict[str, str]], Attempt],
) -> dict[str, str]:
    message = str(error)
    for logical_id in [name for name in candidates if name not in refused][:_MAX_TRIALS]:
        try:
            attempt({**refused, logical_id: message})
        except TranslationRefused as other:
            if str(other) == message:
                continue
        return {logical_id: message}
    return {}
