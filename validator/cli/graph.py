"""``tierlens graph``: the architecture as Mermaid, DOT or JSON."""

from pathlib import Path

import click

from validator.cli.options import Input, input_options
from validator.cli.output import print_document, write_file

FORMATS = ("mermaid", "dot", "json")


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
    output: Path | None,
) -> None:
    """Show the typed graph of the templates, with its tiers."""
    from validator.cli.graphs import graph_of
    from validator.graph.export import GRAPH_WRITERS

    given = Input(paths, parameter_files, assignments, samconfig_env, region, config, root)
    text = GRAPH_WRITERS[format_name](graph_of(given))
    if output is None:
        print_document(text)
    else:
        write_file(output, text, "graph")
