"""What the policy of a project does in a run: its names are checked, findings are rated, newer rules held back."""

from collections.abc import Collection, Mapping, Sequence
from dataclasses import dataclass, replace

from validator.engines import TIERLENS
from validator.model import Category, Diagnostic, DiagnosticLevel, Finding, UsageError, Verdict
from validator.settings import Settings, release
from validator.triage.selection import require_known_names
from validator.version import VERSION


def require_known_policy(settings: Settings, rules: Mapping[str, Category], engines: Collection[str]) -> None:
    """Refuses names of ``severity`` and ``paths`` that no rule, category or engine has.

    Raises:
        UsageError: one error with every such name and the nearest that is known.
    """
    tables: list[tuple[str, tuple[str, ...], tuple[str, ...]]]
    tables = [("severity", ("severity",), tuple(settings.severity))]
    tables += [(f"paths.'{policy.pattern}'", ("paths", policy.pattern), policy.names) for policy in settings.paths]
    problems: list[str] = []
    hint = ""
    for label, at, names in tables:
        for name in names:
            if name in engines:
                continue
            try:
                require_known_names([name], rules, label)
            except UsageError as error:
                span = _place(settings, at, name)
                problems.append(f"{span}: {error.message}" if span else error.message)
                hint = error.hint
    if problems:
        raise UsageError("\n".join(problems), hint=hint)


def _place(settings: Settings, at: tuple[str, ...], name: str) -> str:
    keys = ((*at, name), (*at, "severity", name), (*at, "ignore"), at)
    return next((str(settings.places[key]) for key in keys if key in settings.places), "")


@dataclass(frozen=True, slots=True)
class Pin:
    """A pinned rule set: the rules that came later are shown and do not gate."""

    version: str
    newer: Mapping[str, str]
    """The ids of our rules that are newer, with the release that brought each."""

    def hold(self, findings: Sequence[Finding]) -> tuple[tuple[Finding, ...], tuple[Diagnostic, ...]]:
        """The findings with those of newer rules marked, and a notice that counts them."""
        held = tuple(self._held(finding) for finding in findings)
        marked = [finding for finding in held if finding.newer_than_pin]
        return held, (self._notice(marked),) if marked else ()

    def _held(self, finding: Finding) -> Finding:
        # What another engine reports too would stop the change without the new rule: it still does.
        is_newer = finding.source == TIERLENS and finding.rule in self.newer and not finding.also
        if not is_newer or finding.verdict not in (Verdict.FAIL, Verdict.UNKNOWN):
            return finding
        return replace(finding, newer_than_pin=self.newer[finding.rule])

    def _notice(self, marked: Sequence[Finding]) -> Diagnostic:
        failures = sum(finding.verdict is Verdict.FAIL for finding in marked)
        rules = sorted({f"{finding.rule} ({finding.newer_than_pin})" for finding in marked})
        counts = f"{failures} failure{'' if failures == 1 else 's'} and {len(marked) - failures} unknown"
        message = f"rules-version {self.version}: {counts} of newer rules do not close the gate: {', '.join(rules)}"
        hint = "raise rules-version when they are mended or accepted"
        return Diagnostic(DiagnosticLevel.NOTICE, "rules-version", message, hint=hint)


NO_PIN = Pin("", {})


def pin_of(settings: Settings, releases: Mapping[str, str]) -> Pin:
    """The pin of the settings; ``releases`` are those that brought our rules, by id.

    Rules of other packs and engines have releases of their own and are not held back. Raises UsageError for a
    release that this tierlens does not have yet: it would have fewer rules than the pin promises.
    """
    pinned = None if settings.rules_version is None else release(settings.rules_version)
    if settings.rules_version is None or pinned is None:
        return NO_PIN
    known = {rule_id: numbers for rule_id, since in releases.items() if (numbers := release(since)) is not None}
    newest = max((*known.values(), release(VERSION) or pinned))
    if pinned > newest:
        span = settings.places.get(("rules-version",))
        shown = ".".join(map(str, newest)).removesuffix(".0")
        raise UsageError(
            f"{f'{span}: ' if span else ''}rules-version {settings.rules_version} is newer than this tierlens, "
            f"whose rules are those of {shown}",
            hint="upgrade tierlens, or name an older release",
        )
    newer = {rule_id: releases[rule_id] for rule_id, numbers in known.items() if numbers > pinned}
    return Pin(settings.rules_version, newer)
