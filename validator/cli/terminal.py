"""What is known of the terminal that a report is printed on."""

import os
import shutil

from validator.cli.output import is_terminal


def wants_color(no_color: bool) -> bool:
    """As no-color.org and force-color.org ask; what was said on the command line wins."""
    if no_color or os.environ.get("NO_COLOR"):
        return False
    return bool(os.environ.get("FORCE_COLOR")) or (is_terminal() and os.environ.get("TERM") != "dumb")


def width() -> int:
    """Columns to fill; 100 where nobody says."""
    return max(60, min(shutil.get_terminal_size((100, 24)).columns, 160))
