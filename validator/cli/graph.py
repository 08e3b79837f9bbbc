"""``tierlens graph``: the architecture as Mermaid, DOT, JSON or an SVG picture."""

from pathlib import Path

import click

from validator.cli.options import Input, input_options
from validator.cli.output import print_document, write_file
from validator.model import UsageError

FORMATS = ("mermaid", "dot", "json", "svg")


@click.command("graph")
@input_options
@click.option(
    "--format",
    "format_name",
    type=click.Choice(FORMATS),
    default="mermaid",
    show_default=True,
    help="Language of the graph.",
)
@click.option(
    "--by",
    "folded",
    type=click.Choice(("resource", "service")),
    default="resource",
    show_default=True,
    help="Show each resource, or services (stacks) with what they share (not svg).",
)
@click.option("--findings", "with_findings", is_flag=True, help="Check too, and mark the failures (svg only).")
@click.option(
    "-o", "--output", type=click.Path(path_type=Path), metavar="FILE", help="Write to a file instead of printing."
)
def command(
    *,
    paths: tuple[str, ...],
    parameter_files: tuple[Path, ...],
    assignments: tuple[str, ...],
    samconfig_env: str | None,
    region: str | None,
    config: Path | None,
    root: Path | None,
    format_name: str,
    folded: str,
    with_findings: bool,
    output: Path | None,
) -> None:
    """Show the typed graph of the templates, with its tiers."""
    given = Input(paths, parameter_files, assignments, samconfig_env, region, config, root)
    if with_findings and format_name != "svg":
        raise UsageError(f"--findings cannot be shown as {format_name}", hint="add --format svg")
    if folded == "service":
        text = _services(given, format_name)
    else:
        text = _picture(given, with_findings) if format_name == "svg" else _graph(given, format_name)
    if output is None:
        print_document(text)
    else:
        write_file(output, text, "graph")


def _services(given: Input, format_name: str) -> str:
    from validator.cli.graphs import graph_of
    from validator.graph.service_export import SERVICE_WRITERS
    from validator.graph.service_graph import service_graph

    if format_name not in SERVICE_WRITERS:
        raise UsageError(f"--by service cannot be shown as {format_name}", hint="add --format mermaid, dot or json")
    return SERVICE_WRITERS[format_name](service_graph(graph_of(given)))


def _graph(given: Input, format_name: str) -> str:
    from validator.cli.graphs import graph_of
    from validator.graph.export import GRAPH_WRITERS

    return GRAPH_WRITERS[format_name](graph_of(given))


def _picture(given: Input, with_findings: bool) -> str:
    from validator.cli.pictures import drawn
    from validator.registry import load_picture_writer

    pictures, findings = drawn(given, with_findings)
    return load_picture_writer("svg").write(pictures, findings)
