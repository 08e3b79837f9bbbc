"""The settings of a run, as a project writes them down."""

from collections.abc import Mapping
from dataclasses import dataclass, field
from pathlib import Path
from types import MappingProxyType

from validator.model import Severity
from validator.settings.assumptions import Assumption
from validator.settings.given import GivenParameters


@dataclass(frozen=True, slots=True)
class Settings:
    """What ``tierlens.toml`` says; the defaults are those of a project without one."""

    source: Path | None = None
    """The file the settings come from."""
    select: tuple[str, ...] = ()
    """Rule ids, prefixes of ids or categories that run; empty means all."""
    ignore: tuple[str, ...] = ()
    """Rule ids, prefixes of ids or categories that do not run; stronger than ``select``."""
    fail_on: Severity = Severity.MEDIUM
    """The least severity that ends the run with exit status 1."""
    fail_on_unknown: bool = False
    """Whether an unknown verdict counts as a failure does."""
    parameters: GivenParameters = field(default_factory=lambda: GivenParameters(source="settings"))
    """The ``parameters`` table."""
    parameter_files: tuple[Path, ...] = ()
    """Full paths, in the order in which later files beat earlier ones."""
    samconfig_environment: str | None = None
    """The environment of ``samconfig.toml`` whose parameters are used; None leaves the file unread."""
    region: str | None = None
    """The value of ``AWS::Region``."""
    account_id: str | None = None
    """The value of ``AWS::AccountId``."""
    exclude: tuple[str, ...] = ()
    """Globs of paths that are not searched for templates."""
    root: Path | None = None
    """The folder below which files are read."""
    assume: tuple[Assumption, ...] = ()
    """What a person knows and no template says."""
    severity: Mapping[str, Severity | None] = field(default_factory=lambda: MappingProxyType({}))
    """Rule id to the severity it has in this project; None switches the rule off."""
