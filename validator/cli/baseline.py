"""``tierlens baseline``: what an existing system is known to break, written down with a reason and an owner."""

from collections.abc import Callable, Mapping
from dataclasses import dataclass, fields, replace
from datetime import date, datetime, timedelta
from pathlib import Path
from typing import TYPE_CHECKING, Any, Final

import click

from validator.cli.gate_options import GateInput, gate_options, gate_request
from validator.cli.options import Input, input_options, settings_of
from validator.cli.output import harmless, print_text, write_file
from validator.cli.progress import progress_bar
from validator.model import DiagnosticLevel, Finding, UsageError, Verdict
from validator.triage.baseline import Baseline, BaselineEntry, SortedOut, entry_of, sort_out
from validator.triage.baseline_file import baseline_text, read_baseline

if TYPE_CHECKING:
    from validator.model import Review
    from validator.review import ReviewRequest

DEFAULT_FILE: Final = "tierlens-baseline.json"
EXIT_INCOMPLETE: Final = 2
_SOON: Final = timedelta(days=30)


@click.group("baseline")
def command() -> None:
    """Accept what an existing system breaks today, so that only new findings stop a change.

    The file is tierlens-baseline.json in the working folder, unless --baseline or the configuration names another.
    """


_REASON = click.option("--reason", default="", metavar="TEXT", help="Why the findings are accepted.")
_OWNER = click.option("--owner", default="", metavar="NAME", help="Who answers for them.")
_UNTIL = click.option(
    "--until",
    type=click.DateTime(["%Y-%m-%d"]),
    metavar="YYYY-MM-DD",
    help="The last day on which they are accepted; default: no end.",
)
_ALL = click.option("--all", "everything", is_flag=True, help="Also failures below the gate's severity.")


@command.command("write")
@input_options
@gate_options
@_REASON
@_OWNER
@_UNTIL
@_ALL
@click.option("--force", is_flag=True, help="Replace a baseline that exists, with all its reasons.")
@click.pass_context
def write(
    ctx: click.Context,
    /,
    *,
    reason: str,
    owner: str,
    until: datetime | None,
    everything: bool,
    force: bool,
    **shared: Any,
) -> None:
    """Write a first baseline: every failure that closes the gate now."""
    call = _call(shared)
    if not reason:
        raise UsageError("a baseline needs a reason", hint='say why the findings are accepted: --reason "…"')
    if call.path.exists() and not force:
        hint = "bring it up to date with tierlens baseline update, or replace it with --force"
        raise UsageError(f"{call.path} exists", hint=hint)
    result = call.review()
    day = None if until is None else until.date()
    entries = tuple(
        entry_of(finding, reason, owner, date.today(), day) for finding in call.closing(result, everything)
    )
    call.save(Baseline(entries))
    print_text(f"{_count(len(entries), 'finding')} accepted in {call.path}")
    ctx.exit(_told(result))


@command.command("update")
@input_options
@gate_options
@_REASON
@_OWNER
@_UNTIL
@_ALL
@click.option("--add", is_flag=True, help="Also accept what is new or has become worse; needs --reason.")
@click.pass_context
def update(
    ctx: click.Context,
    /,
    *,
    reason: str,
    owner: str,
    until: datetime | None,
    everything: bool,
    add: bool,
    **shared: Any,
) -> None:
    """Remove what is fixed; keep the reasons of the rest, also where files were renamed."""
    call = _call(shared)
    if add and not reason:
        raise UsageError("--add needs a reason", hint='say why the findings are accepted: --reason "…"')
    old = call.existing()
    result = call.review()
    sorted_out = call.sort_out(old, result)
    new = [finding for finding in call.closing(result, everything) if finding not in sorted_out.accepted]
    day = None if until is None else until.date()
    added = [entry_of(finding, reason, owner, date.today(), day) for finding in new] if add else []
    kept = [entry for entry in sorted_out.kept if not add or entry not in sorted_out.outgrown]
    call.save(Baseline((*kept, *added)))
    removed = _count(len(sorted_out.stale), "entry", "entries")
    print_text(f"{removed} removed as fixed, {len(kept)} kept, {len(added)} added in {call.path}")
    if new and not add:
        print_text(f"{_count(len(new), 'finding')} not in the baseline: mend them, or accept them with --add")
    ctx.exit(_told(result))


@command.command("check")
@input_options
@gate_options
@click.pass_context
def check(ctx: click.Context, /, **shared: Any) -> None:
    """Report entries that are stale, lapsed, soon to lapse or without an owner; exit 1 for the first two."""
    call = _call(shared)
    old = call.existing()
    result = call.review()
    sorted_out = call.sort_out(old, result)
    kept, stale = sorted_out.kept, sorted_out.stale
    today = date.today()
    lapsed = [entry for entry in kept if entry.lapsed(today)]
    soon = [entry for entry in kept if entry.until and today <= entry.until <= today + _SOON]
    unowned = [entry for entry in kept if not entry.owner]
    for label, entries in (("stale", stale), ("lapsed", lapsed), ("lapses soon", soon), ("no owner", unowned)):
        for entry in entries:
            end = f", until {entry.until}" if entry.until else ""
            print_text(f"{label}: {entry.subject} in {entry.template}{end} ({entry.span})")
    print_text(f"{_count(len(old.entries), 'entry', 'entries')}: {len(stale)} stale, {len(lapsed)} lapsed")
    ctx.exit(_told(result) or (1 if stale or lapsed else 0))


@dataclass(frozen=True, slots=True)
class _Call:
    """One call of a baseline command."""

    request: "ReviewRequest"
    path: Path

    def review(self) -> "Review":
        """The review without any baseline: what there is to accept."""
        from validator.review import review

        with progress_bar(True) as progress:
            return review(replace(self.request, progress=progress))

    def existing(self) -> Baseline:
        """The baseline as it is. Raises SettingsError when there is none."""
        return read_baseline(self.path, self.path.as_posix())

    def save(self, baseline: Baseline) -> None:
        """Write the baseline."""
        write_file(self.path, baseline_text(baseline), "baseline")

    def closing(self, result: "Review", everything: bool) -> list[Finding]:
        """The findings that a baseline accepts: failures that close the gate, or all failures."""
        thresholds = replace(self.request.settings.thresholds, deny_suppressions=False)
        verdicts = (Verdict.FAIL, Verdict.UNKNOWN) if thresholds.unknown else (Verdict.FAIL,)
        return [
            finding
            for finding in result.findings
            if thresholds.stops(finding) or (everything and finding.verdict in verdicts)
        ]

    def sort_out(self, old: Baseline, result: "Review") -> SortedOut:
        """What of the old baseline is still needed."""
        read = {template.path for template in result.templates if template.readable}
        gone = {entry.template for entry in old.entries if not (result.root / entry.template).exists()}
        return sort_out(old, result.findings, read, gone, self._ran(result))

    def _ran(self, result: "Review") -> Callable[[BaselineEntry], bool]:
        """Whether the rule of an entry ran; what was not selected or is off there says nothing of an entry."""
        from validator.review.judged import Judged

        rules = Judged(self.request, result)
        return lambda entry: rules.judged(entry.rule, entry.template, entry.source)


def _call(shared: Mapping[str, Any]) -> _Call:
    given = Input(**{field.name: shared[field.name] for field in fields(Input)})
    gate = GateInput(**{field.name: shared[field.name] for field in fields(GateInput)})
    settings = settings_of(given)
    path = gate.baseline or settings.baseline or Path(DEFAULT_FILE)
    request = gate_request(given, replace(gate, baseline=None), replace(settings, baseline=None))
    return _Call(request, path)


def _count(number: int, one: str, many: str = "") -> str:
    return f"{number} {one if number == 1 else many or one + 's'}"


def _told(result: "Review") -> int:
    """Print what could not be checked; 2 when there is any."""
    for diagnostic in result.diagnostics:
        if diagnostic.level is DiagnosticLevel.ERROR:
            place = f"{diagnostic.span}: " if diagnostic.span else ""
            click.echo(harmless(f"error: {place}{diagnostic.message}"), err=True)
    return EXIT_INCOMPLETE if result.incomplete else 0
