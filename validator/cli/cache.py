"""``tierlens cache``: what earlier runs left in the user's cache folder."""

import os
from typing import TYPE_CHECKING

import click

from validator.cli.output import harmless
from validator.model import UsageError

if TYPE_CHECKING:
    from validator.cache import CacheFolder


@click.group("cache")
def command() -> None:
    """Show or remove what earlier runs left in the cache folder."""


@command.command("info")
def info() -> None:
    """Show where the cache is and how much it holds."""
    from validator.cache import BOUND

    folder = _folder()
    count, size = folder.size()
    click.echo(harmless(f"{folder.place}"))
    click.echo(f"{_entries(count)}, {_megabytes(size)} of {_megabytes(BOUND)} at most")


@command.command("clear")
def clear() -> None:
    """Remove everything that earlier runs left."""
    count, size = _folder().clear()
    click.echo(f"removed {_entries(count)}, {_megabytes(size)}")


def _folder() -> "CacheFolder":
    from validator.cache import VARIABLE, open_folder

    folder = open_folder(os.environ)
    if folder is None:
        raise UsageError("there is no cache folder that can be written to", hint=f"name one with {VARIABLE}")
    if not folder.usable:
        raise UsageError(folder.notices[0])
    return folder


def _entries(count: int) -> str:
    return "1 entry" if count == 1 else f"{count:,} entries"


def _megabytes(size: int) -> str:
    return f"{size / 1_048_576:.1f} MB"
