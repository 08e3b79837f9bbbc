"""The near name for a misspelt one."""

from collections.abc import Iterable


def did_you_mean(name: str, known: Iterable[str]) -> str:
    """``did you mean 'fail-on'?`` for the known name nearest to ``name``; empty when none is near."""
    # Only a mistake needs it, so that the ordinary run does not pay for the import.
    import difflib

    by_folded = {candidate.casefold(): candidate for candidate in sorted(known)}
    near = difflib.get_close_matches(name.casefold(), by_folded, n=1, cutoff=0.6)
    return f"did you mean '{by_folded[near[0]]}'?" if near else ""
