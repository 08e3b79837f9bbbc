"""What a project says of its workloads: which stacks belong together, and the environments they are deployed in."""

from collections.abc import Mapping
from dataclasses import dataclass, field
from pathlib import Path
from types import MappingProxyType

from validator.model import Span
from validator.settings.given import GivenParameters


@dataclass(frozen=True, slots=True)
class Deployment:
    """How a stack or all stacks of an environment are deployed; what is None is left to the wider settings."""

    span: Span
    parameters: GivenParameters
    parameter_files: tuple[Path, ...] = ()
    """Full paths, in the order in which later files beat earlier ones; ``parameters`` beat all of them."""
    region: str | None = None
    account_id: str | None = None
    samconfig_environment: str | None = None


@dataclass(frozen=True, slots=True)
class WorkloadStack:
    """A stack with a name: ``stacks = { shop-network = "network.yaml" }``."""

    name: str
    path: Path
    deployment: Deployment


@dataclass(frozen=True, slots=True)
class Workload:
    """A ``[workload.NAME]`` table: stacks that are reviewed as one architecture."""

    name: str
    span: Span
    paths: tuple[str, ...] = ()
    """Files, folders and globs, with full paths; the templates there are stacks without a name."""
    stacks: tuple[WorkloadStack, ...] = ()
    environments: Mapping[str, Deployment] = field(default_factory=lambda: MappingProxyType({}))
    """What is said of environments for this workload alone; beats what is said of them for all."""
