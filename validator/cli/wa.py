"""``tierlens wa``: hand a review to the AWS Well-Architected Tool."""

import json
import re
from datetime import datetime
from pathlib import Path
from typing import TYPE_CHECKING, Any

import click

from validator.cli.lens_reviews import Asked, lens_review_of, review_options
from validator.cli.options import Input, input_options
from validator.cli.output import harmless, print_document, write_file
from validator.model import UsageError

if TYPE_CHECKING:
    from validator.lens import LensReview
    from validator.lens.tool.push import Pushed
    from validator.lens.tool.updates import Updates

EXIT_INCOMPLETE = 2
_FILE = click.Path(path_type=Path, dir_okay=False)
_WORKLOAD = re.compile("[0-9a-f]{32}")
_OUTPUT = click.option("-o", "--output", type=_FILE, metavar="FILE", help="Write to a file instead of printing.")
_CURRENT = click.option(
    "--current",
    type=_FILE,
    metavar="FILE",
    help="What the tool has now, from `aws wellarchitected list-answers`: selections are kept and merged.",
)


@click.group("wa")
def command() -> None:
    """Hand a review to the AWS Well-Architected Tool.

    Only `push` without --dry-run talks to AWS; everything else writes files.
    """


@command.command("lens")
@_OUTPUT
@click.option(
    "--lang", "language", default="en", show_default=True, metavar="LANGUAGE", help="Language of the texts."
)
def lens(output: Path | None, language: str) -> None:
    """Write the lens as a custom lens that the tool imports."""
    from validator.lens import load_lens, texts_of
    from validator.lens.tool.custom_lens import custom_lens
    from validator.lens.tool.lens_format import lens_problems

    document = custom_lens(load_lens(), texts_of(language))
    problems = lens_problems(document)
    if problems:
        raise UsageError(f"the importer would refuse the lens: {'; '.join(problems)}")
    _put(document, output)


@command.command("answers")
@input_options
@review_options
@_CURRENT
@_OUTPUT
@click.option("--workload-id", default="", metavar="ID", help="The workload, to stand in each call.")
@click.pass_context
def answers(
    ctx: click.Context,
    *,
    paths: tuple[str, ...],
    parameter_files: tuple[Path, ...],
    assignments: tuple[str, ...],
    samconfig_env: str | None,
    region: str | None,
    config: Path | None,
    root: Path | None,
    answers: Path | None,
    title: str,
    day: datetime | None,
    engines: tuple[str, ...],
    current: Path | None,
    output: Path | None,
    workload_id: str,
) -> None:
    """Write the answers for AWS's Serverless Lens as update_answer calls (a JSON list, in order)."""
    given = Input(paths, parameter_files, assignments, samconfig_env, region, config, root)
    asked = Asked(answers, (), title, day.date() if day else None, engines)
    _workload(workload_id)
    now = _current(current)
    lens_review = lens_review_of(given, asked)
    updates = _updates(lens_review, workload_id, now)
    _tell(updates, now is not None)
    _put(list(updates.calls), output)
    ctx.exit(EXIT_INCOMPLETE if lens_review.review.incomplete else 0)


@command.command("push")
@input_options
@review_options
@_CURRENT
@click.option("--workload-id", required=True, metavar="ID", help="The workload in the tool: 32 hexadecimal digits.")
@click.option("--milestone", default="", metavar="NAME", help="Make a milestone of this name afterwards.")
@click.option("--dry-run", is_flag=True, help="Print the calls that would be made; nothing is sent.")
@click.option("--profile", metavar="NAME", help="AWS profile with the credentials.")
@click.pass_context
def push(
    ctx: click.Context,
    *,
    paths: tuple[str, ...],
    parameter_files: tuple[Path, ...],
    assignments: tuple[str, ...],
    samconfig_env: str | None,
    region: str | None,
    config: Path | None,
    root: Path | None,
    answers: Path | None,
    title: str,
    day: datetime | None,
    engines: tuple[str, ...],
    current: Path | None,
    workload_id: str,
    milestone: str,
    dry_run: bool,
    profile: str | None,
) -> None:
    """Update the answers of a workload in the tool with what the review decides.

    With --dry-run nothing is sent. Without it, tierlens reads the tool's answers, stops if the questions do not
    match, keeps what people selected, and updates only what the review decided; --region is the tool's Region too.
    """
    given = Input(paths, parameter_files, assignments, samconfig_env, region, config, root)
    asked = Asked(answers, (), title, day.date() if day else None, engines)
    _workload(workload_id)
    if milestone and not 3 <= len(milestone) <= 100:
        raise UsageError("the name of a milestone has 3 to 100 characters")
    if current is not None and not dry_run:
        raise UsageError(
            "--current is for --dry-run: a real push reads what the tool has",
            hint="leave --current out, or add --dry-run",
        )
    now = _current(current)
    lens_review = lens_review_of(given, asked)
    if dry_run:
        updates = _updates(lens_review, workload_id, now)
        _tell(updates, now is not None)
        _put(list(updates.calls), None)
    elif lens_review.review.incomplete:
        raise UsageError(
            "part of the run was not done: nothing is sent",
            hint="see what is wrong with tierlens review, or look at the calls with --dry-run",
        )
    else:
        _show(_send(lens_review, workload_id, milestone, region, profile))
    ctx.exit(EXIT_INCOMPLETE if lens_review.review.incomplete else 0)


def _updates(lens_review: "LensReview", workload_id: str, now: list[dict[str, Any]] | None) -> "Updates":
    from validator.lens.tool.push import refuse_wrong
    from validator.lens.tool.updates import updates_of

    updates = updates_of(lens_review, workload_id, now)
    refuse_wrong(updates)
    return updates


def _send(
    lens_review: "LensReview", workload_id: str, milestone: str, region: str | None, profile: str | None
) -> "Pushed":
    import boto3
    from botocore.config import Config
    from botocore.exceptions import BotoCoreError, ClientError

    from validator.lens.tool.push import push as push_answers

    try:
        session = boto3.Session(profile_name=profile, region_name=region)
        client = session.client("wellarchitected", config=Config(retries={"mode": "standard", "max_attempts": 6}))
        return push_answers(client, lens_review, workload_id, milestone)
    except (BotoCoreError, ClientError) as error:
        raise UsageError(
            f"the Well-Architected Tool refused or could not be reached: {error}",
            hint="answers before the one that failed are updated; run the command again when the cause is mended",
        ) from error


def _show(pushed: "Pushed") -> None:
    for note in pushed.updates.notes:
        click.echo(harmless(f"note: {note}"), err=True)
    for question, risk in pushed.risks.items():
        click.echo(harmless(f"{question}: updated, the tool says {risk or 'nothing of its risk'}"))
    if not pushed.risks:
        click.echo("nothing to update: the tool has all that the review decides")
    if pushed.milestone is not None:
        click.echo(f"milestone {pushed.milestone} is made")


def _tell(updates: "Updates", is_merged: bool) -> None:
    for note in updates.notes:
        click.echo(harmless(f"note: {note}"), err=True)
    replacing = sum("SelectedChoices" in call for call in updates.calls)
    if replacing and not is_merged:
        click.echo(
            f"note: {replacing} of the calls replace what is selected in the tool; "
            "give --current to keep what people selected there",
            err=True,
        )


def _workload(workload_id: str) -> None:
    if workload_id and not _WORKLOAD.fullmatch(workload_id):
        raise UsageError(
            f"--workload-id {workload_id} is no workload",
            hint="it has 32 digits of 0-9 and a-f; aws wellarchitected list-workloads shows it",
        )


def _current(path: Path | None) -> list[dict[str, Any]] | None:
    if path is None:
        return None
    try:
        data = json.loads(path.read_text(encoding="utf-8-sig"))
    except OSError as error:
        raise UsageError(f"{path} cannot be read: {error.strerror}") from error
    except (ValueError, RecursionError) as error:
        raise UsageError(f"{path} is not JSON: {error}") from error
    answers = data.get("AnswerSummaries") if isinstance(data, dict) else None
    if not isinstance(answers, list) or not all(isinstance(answer, dict) for answer in answers):
        raise UsageError(
            f"{path} has no list AnswerSummaries",
            hint="write it with: aws wellarchitected list-answers --lens-alias serverless --workload-id ID",
        )
    return answers


def _put(document: object, output: Path | None) -> None:
    text = json.dumps(document, indent=2, ensure_ascii=False) + "\n"
    if output is None:
        print_document(text)
    else:
        write_file(output, text, "document")
