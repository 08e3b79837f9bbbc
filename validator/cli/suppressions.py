"""``tierlens suppressions``: the ledger of what is accepted, by whom, why and until when."""

import csv
import html
import io
import json
import re
from collections import Counter
from collections.abc import Callable, Mapping, Sequence
from dataclasses import fields
from pathlib import Path
from typing import TYPE_CHECKING, Any, Final

import click

from validator.cli.gate_options import GateInput, gate_options, gate_request
from validator.cli.options import Input, input_options, settings_of
from validator.cli.output import harmless, print_document, print_text, write_file
from validator.cli.progress import progress_bar
from validator.model import DiagnosticLevel

if TYPE_CHECKING:
    from validator.review.ledger import Decision, Ledger

EXIT_INCOMPLETE: Final = 2
_COLUMNS: Final = (
    "state", "rule", "source", "template", "resource", "target", "form", "reason", "owner", "since", "until",
    "place", "findings",
)  # fmt: skip
# Spreadsheets run what begins so; OWASP, CSV Injection.
_FORMULA_STARTS: Final = ("=", "+", "-", "@")
_MARKDOWN: Final = re.compile(r"([\\`*_\[\]|~$#@!])")


@click.command("suppressions")
@input_options
@gate_options
@click.option(
    "--format",
    "format_name",
    type=click.Choice(["text", "markdown", "csv", "json"]),
    default="text",
    show_default=True,
    help="What is printed.",
)
@click.option(
    "-o", "--output", type=click.Path(path_type=Path, dir_okay=False), metavar="FILE", help="Write to a file."
)
@click.pass_context
def command(ctx: click.Context, /, *, format_name: str, output: Path | None, **shared: Any) -> None:
    """List every suppression: of templates, of the baseline and in engines' own forms.

    Exit status: 0, or 2 when something could not be checked, so that a state may be wrong.
    """
    from validator.review.ledger import ledger_of

    given = Input(**{field.name: shared[field.name] for field in fields(Input)})
    gate = GateInput(**{field.name: shared[field.name] for field in fields(GateInput)})
    with progress_bar(True):
        ledger = ledger_of(gate_request(given, gate, settings_of(given)))
    text = _FORMATS[format_name](ledger)
    if output is not None:
        write_file(output, text, "ledger")
    elif format_name == "text":
        print_text(text)
    else:
        print_document(text)
    for diagnostic in ledger.review.diagnostics:
        if diagnostic.level is DiagnosticLevel.ERROR:
            place = f"{diagnostic.span}: " if diagnostic.span else ""
            click.echo(harmless(f"error: {place}{diagnostic.message}"), err=True)
    ctx.exit(EXIT_INCOMPLETE if ledger.review.incomplete else 0)


def _row(decision: "Decision") -> dict[str, str]:
    """The cells of a decision by column, on one line each and harmless."""
    given = decision.suppression
    cells = {
        "state": decision.state.value,
        "rule": decision.rule,
        "source": decision.source,
        "template": decision.template,
        "resource": decision.resource,
        "target": decision.target,
        "form": given.kind.value,
        "reason": given.reason,
        "owner": given.owner,
        "since": given.since.isoformat() if given.since else "",
        "until": given.until.isoformat() if given.until else "",
        "place": str(given.span) if given.span else "",
        "findings": str(decision.findings),
    }
    return {column: harmless(" ".join(cells[column].split())) for column in _COLUMNS}


def _text(ledger: "Ledger") -> str:
    lines: list[str] = []
    for decision in ledger.decisions:
        row = _row(decision)
        rule = row["rule"] if row["source"] == "tierlens" else f"{row['source']} {row['rule']}"
        subject = " ".join(filter(None, (row["resource"] or "the whole template", row["target"])))
        parts = (
            f'"{row["reason"]}"',
            f"by {row['owner']}" if row["owner"] else "no owner",
            f"since {row['since']}" if row["since"] else "",
            f"until {row['until']}" if row["until"] else "no end",
            f"({row['form']})",
        )
        lines += [f"{row['place'] or row['template']}: {row['state']}  {rule} on {subject}"]
        lines += [f"    {', '.join(filter(None, parts[:-1]))} {parts[-1]}"]
    return "\n".join([*lines, _summary(ledger)]) + "\n"


def _summary(ledger: "Ledger") -> str:
    counts = Counter(decision.state.value for decision in ledger.decisions)
    number = len(ledger.decisions)
    states = ", ".join(f"{count} {state}" for state, count in sorted(counts.items()))
    noun = "suppression" if number == 1 else "suppressions"
    return f"{number} {noun}{': ' + states if states else ''}"


def _markdown(ledger: "Ledger") -> str:
    lines = [f"**{_summary(ledger)}**", ""]
    if ledger.decisions:
        lines += [f"| {' | '.join(_COLUMNS)} |", f"| {' | '.join('---' for _ in _COLUMNS)} |"]
    for decision in ledger.decisions:
        lines.append(f"| {' | '.join(map(_prose, _row(decision).values()))} |")
    return "\n".join(lines) + "\n"


def _prose(text: str) -> str:
    """Text that Markdown shows as it is: no mark-up, no link, no HTML and nobody called."""
    escaped = _MARKDOWN.sub(r"\\\1", html.escape(text, quote=False))
    return escaped.replace("://", ":<!-- -->//").replace("\\@", "@<!-- -->")


def _csv(ledger: "Ledger") -> str:
    stream = io.StringIO()
    writer = csv.writer(stream, lineterminator="\r\n")
    writer.writerow(_COLUMNS)
    for decision in ledger.decisions:
        writer.writerow(map(_cell, _row(decision).values()))
    return stream.getvalue()


def _cell(text: str) -> str:
    return f"'{text}" if text.lstrip().startswith(_FORMULA_STARTS) else text


def _json(ledger: "Ledger") -> str:
    entries: Sequence[Mapping[str, object]] = [
        {**_row(decision), "findings": decision.findings} for decision in ledger.decisions
    ]
    return json.dumps({"ledger_version": 1, "suppressions": entries}, indent=2) + "\n"


_FORMATS: Final[Mapping[str, Callable[["Ledger"], str]]] = {
    "text": _text,
    "markdown": _markdown,
    "csv": _csv,
    "json": _json,
}
