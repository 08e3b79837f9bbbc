"""What every format says of a finding in the same words: what it is about, when it holds, where it comes from."""

import hashlib
from collections import Counter
from collections.abc import Iterable, Sequence

from reports.strings import visible
from validator.model import Change, EngineRun, EngineStatus, Finding, ReportOptions, Review, Settling, Verdict

OWN_SOURCE = "tierlens"


def subject(finding: Finding) -> str:
    """The logical ID, and the part of it that is judged: ``TicketsApi GET /tickets``."""
    return " ".join(filter(None, (visible(finding.resource), visible(finding.target))))


def rule_name(finding: Finding) -> str:
    """``AUTH001``; for a rule of another engine with the engine's name: ``cfn-lint E3012``."""
    rule = visible(finding.rule)
    return rule if finding.source == OWN_SOURCE else f"{visible(finding.source)} {rule}"


def also_named(finding: Finding) -> str:
    """The ids under which other engines reported the same: ``checkov CKV_AWS_59, cfn-lint E3012``."""
    return ", ".join(f"{visible(other.source)} {visible(other.rule)}" for other in finding.also)


def scenario(finding: Finding) -> str:
    """The conditions under which it holds, ``IsProd is false``; empty when it holds under all."""
    conditions = " and ".join(
        f"{visible(condition)} is {str(value).lower()}" for condition, value in sorted(finding.scenario.items())
    )
    if finding.at_defaults:
        return conditions
    return f"{conditions} (not with the default parameters)" if conditions else "not with the default parameters"


def surroundings(finding: Finding, environments_of_run: Sequence[str]) -> str:
    """The stack and construct it stands in, and the environments in which it holds where that is not each."""
    everywhere = set(finding.environments) >= set(environments_of_run)
    environments = "" if everywhere else ", ".join(map(visible, finding.environments))
    parts = (("stack", visible(finding.stack)), ("construct", visible(finding.construct)))
    named = [f"{label} {text}" for label, text in parts if text]
    if environments:
        named.append(f"{'environment' if len(finding.environments) == 1 else 'environments'} {environments}")
    return ", ".join(named)


def suppression_text(finding: Finding) -> str:
    """Why, by whom and until when a failure is accepted; empty for what is not suppressed."""
    decision = finding.suppression
    if decision is None:
        return ""
    parts = [
        visible(decision.reason) or "no reason given",
        f"by {visible(decision.owner)}" if decision.owner else "",
        f"since {decision.since.isoformat()}" if decision.since else "",
        f"until {decision.until.isoformat()}" if decision.until else "",
        f"({decision.kind.value})",
    ]
    return ", ".join(filter(None, parts[:-1])) + f" {parts[-1]}"


def template_of(finding: Finding) -> str:
    """The template whose resource is judged; the file it points into where a finding names none."""
    return finding.template or finding.span.path


def worst_first(findings: Iterable[Finding]) -> list[Finding]:
    """From critical to low, otherwise in their own order."""
    return sorted(findings, key=lambda finding: -finding.severity.rank)


def stood_before(finding: Finding) -> bool:
    """Whether the compared state had it too: then it is not the change's doing, and does not gate."""
    return finding.change is not None and finding.change is not Change.NEW


def stops(finding: Finding, options: ReportOptions) -> bool:
    """Whether this finding closes the gate."""
    return options.thresholds.stops(finding)


def may_stop(finding: Finding, options: ReportOptions) -> bool:
    """Whether a failure is the change's own and as severe as the gate asks, of no rule newer than the pin."""
    mine = not stood_before(finding) and not finding.newer_than_pin
    return mine and options.thresholds.reached(finding)


def newer_text(finding: Finding) -> str:
    """Why a failure of a rule that is newer than ``rules-version`` does not gate; empty for all others."""
    if not finding.newer_than_pin:
        return ""
    return f"rule of {visible(finding.newer_than_pin)}, newer than rules-version: does not gate yet"


def identities(findings: Sequence[Finding]) -> list[str]:
    """One name for each finding, different for all of them and the same in the next run.

    The fingerprint alone may repeat over templates, stacks and environments. What is equal even then (a
    construct that is judged twice) is numbered in the order of the findings.
    """
    seen: Counter[str] = Counter()
    names: list[str] = []
    for finding in findings:
        parts = (finding.fingerprint, template_of(finding), finding.stack, *finding.environments)
        name = _digest(*parts)
        seen[name] += 1
        names.append(name if seen[name] == 1 else _digest(*parts, f"#{seen[name]}"))
    return names


def _digest(*parts: str) -> str:
    text = "\x1f".join(parts)
    return hashlib.sha256(text.encode(errors="surrogatepass")).hexdigest()[:32]


def change_counts(review: Review) -> tuple[int, int, int] | None:
    """New, fixed and unchanged failures; None when nothing is compared."""
    failures = [finding for finding in review.findings if finding.verdict is Verdict.FAIL]
    if not review.fixed and all(finding.change is None for finding in review.findings):
        return None
    new = sum(not stood_before(finding) for finding in failures)
    gone = sum(finding.verdict is Verdict.FAIL for finding in review.fixed)
    return new, gone, len(failures) - new


def change_text(review: Review) -> str:
    """``3 new, 2 fixed, 41 unchanged``; empty when nothing is compared."""
    counts = change_counts(review)
    return "" if counts is None else f"{counts[0]} new, {counts[1]} fixed, {counts[2]} unchanged"


def engines_in_order(review: Review) -> list[EngineRun]:
    """Ours first, then by name: engines run side by side and end in any order."""
    return sorted(review.engines, key=lambda engine: (engine.name != OWN_SOURCE, engine.name))


def checked_by(review: Review) -> str:
    """``checked by tierlens 0.1, cfn-lint 1.58.0``; empty where no engine is recorded."""
    engines = engines_in_order(review)
    ran = [engine_name(engine) for engine in engines if engine.status is EngineStatus.RAN]
    off = [visible(engine.name) for engine in engines if engine.status is EngineStatus.OFF]
    parts = (f"checked by {', '.join(ran)}" if ran else "", f"off: {', '.join(off)}" if off else "")
    return "; ".join(filter(None, parts))


def failed_engines(review: Review) -> list[EngineRun]:
    """The engines whose part of the run is missing or incomplete."""
    return [engine for engine in engines_in_order(review) if engine.status is EngineStatus.FAILED]


def engine_name(engine: EngineRun) -> str:
    """``checkov 3.3.30``."""
    return " ".join(filter(None, (visible(engine.name), visible(engine.version))))


def engine_failure(engine: EngineRun) -> str:
    """What did not run, as one sentence."""
    note = visible(engine.note) or "it gave no result"
    return f"{engine_name(engine)} did not check everything: {note}"


def settling_text(settling: Settling) -> str:
    """``give --parameter SubnetIds=…: 14 unknowns``."""
    way = (settling.how or settling.what).strip().split("\n")[0]
    return f"{visible(way).rstrip(':')}: {settling.unknowns} unknown{'' if settling.unknowns == 1 else 's'}"
