"""Settings, parameter files and SAM configuration: what a run is told beside its templates.

What reads YAML is imported when it is asked for: most runs have no such file.
"""

from importlib import import_module
from typing import TYPE_CHECKING

from validator.settings.assumptions import Assumed, Assumption
from validator.settings.files import project_root
from validator.settings.find import find_settings
from validator.settings.given import GivenParameters, given_on_command_line
from validator.settings.merging import check_names, merge_parameters, refusal, undeclared_names
from validator.settings.policy import PathPolicy, release
from validator.settings.settings import Settings
from validator.settings.suggest import did_you_mean
from validator.settings.workload_keys import STACK_NAME
from validator.settings.workloads import Deployment, Workload, WorkloadStack

if TYPE_CHECKING:
    from validator.settings.parameter_files import read_parameter_file
    from validator.settings.samconfig import SamConfig, read_samconfig

_HOMES = {"SamConfig": "samconfig", "read_parameter_file": "parameter_files", "read_samconfig": "samconfig"}

__all__ = [
    "STACK_NAME",
    "Assumed",
    "Assumption",
    "Deployment",
    "GivenParameters",
    "PathPolicy",
    "SamConfig",
    "Settings",
    "Workload",
    "WorkloadStack",
    "check_names",
    "did_you_mean",
    "find_settings",
    "given_on_command_line",
    "merge_parameters",
    "project_root",
    "read_parameter_file",
    "read_samconfig",
    "refusal",
    "release",
    "undeclared_names",
]


def __getattr__(name: str) -> object:
    if name not in _HOMES:
        raise AttributeError(f"module {__name__!r} has no attribute {name!r}")
    return getattr(import_module(f"{__name__}.{_HOMES[name]}"), name)
