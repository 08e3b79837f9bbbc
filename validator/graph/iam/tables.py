"""The curated tables beside this module: names that no AWS data file tells apart."""

import tomllib
from functools import cache
from importlib.resources import files
from typing import Any


@cache
def table(name: str) -> dict[str, Any]:
    """One table file of ``validator/graph/iam/data``, by its name without suffix."""
    return tomllib.loads((files(__package__) / "data" / f"{name}.toml").read_text(encoding="utf-8"))


def names(file: str, *path: str, key: str = "names") -> frozenset[str]:
    """A list of names in a table file as a set."""
    found: Any = table(file)
    for step in path:
        found = found[step]
    return frozenset(found[key])
