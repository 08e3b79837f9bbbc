"""Findings of several environments as one list: what holds in several of them is said once."""

from collections.abc import Iterable
from dataclasses import replace

from validator.model import Finding, Verdict


def merged(findings: Iterable[Finding]) -> list[Finding]:
    """The findings, those that are equal but for their environment as one that names all of them.

    Two are equal when they judge the same subject of the same stack alike. A failure that has another reason in
    another environment is another finding.
    """
    found: dict[tuple[object, ...], Finding] = {}
    for finding in findings:
        reason = "" if finding.verdict is Verdict.PASS else (finding.message, finding.span)
        key = (finding.fingerprint, finding.verdict, finding.template, finding.stack, reason)
        known = found.get(key)
        if known is None:
            found[key] = finding
        elif known.environments or finding.environments:
            names = dict.fromkeys((*known.environments, *finding.environments))
            found[key] = replace(known, environments=tuple(names))
    return list(found.values())
