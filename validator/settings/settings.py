"""The settings of a run, as a project writes them down."""

from collections.abc import Mapping
from dataclasses import dataclass, field
from pathlib import Path
from types import MappingProxyType

from validator.model import Category, Severity, Span, Thresholds
from validator.settings.assumptions import Assumption
from validator.settings.given import GivenParameters
from validator.settings.policy import PathPolicy
from validator.settings.workloads import Deployment, Workload


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
    fail_on_categories: Mapping[Category, Severity | None] = field(default_factory=lambda: MappingProxyType({}))
    """Categories with another least severity; None: their failures never end the run with 1."""
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
    """Rule ids, prefixes, categories and engines with their severity in this project; None switches them off.

    Of several names that speak of a rule, the most exact counts: its id, the longest prefix, category, engine."""
    workloads: tuple[Workload, ...] = ()
    """Stacks that are reviewed as one architecture."""
    environments: Mapping[str, Deployment] = field(default_factory=lambda: MappingProxyType({}))
    """Environments of all stacks, by name; a run judges each."""
    engines: tuple[str, ...] = ()
    """The engines that run; empty means those that the command runs by itself."""
    guard: tuple[Path, ...] = ()
    """Full paths of files with the organisation's own rules (cfn-guard, Rego, CEL)."""
    baseline: Path | None = None
    """The full path of the file of accepted findings."""
    paths: tuple[PathPolicy, ...] = ()
    """What differs for some templates; the last that speaks of a rule counts."""
    rules_version: str | None = None
    """The release of the rule set that is pinned: newer rules are shown and do not gate."""
    deny_suppressions: bool = False
    """Whether each suppression ends the run with exit status 1."""
    places: Mapping[tuple[str, ...], Span] = field(
        default_factory=lambda: MappingProxyType({}), compare=False, repr=False
    )
    """Where each key is written, as the path of keys to it."""

    @property
    def thresholds(self) -> Thresholds:
        """What closes the gate."""
        return Thresholds(self.fail_on, self.fail_on_categories, self.fail_on_unknown, self.deny_suppressions)
