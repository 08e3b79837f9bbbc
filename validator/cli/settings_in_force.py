"""The settings in force as rows: key, value, and where the value comes from."""

import json
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import TYPE_CHECKING

from click.core import ParameterSource

from validator.model import Severity, Thresholds
from validator.settings.policy_keys import NEVER, OFF

if TYPE_CHECKING:
    from validator.review import ReviewRequest
    from validator.settings import Assumption, Settings

DEFAULT = "default"
_KEYS = {
    "select": "selected",
    "ignore": "ignored",
    "engines": "engines",
    "guard": "guard_files",
    "baseline": "baseline",
    "rules-version": "rules_version",
    "fail-on-unknown": "fail_on_unknown",
    "deny-suppressions": "deny_suppressions",
    "samconfig-environment": "samconfig_env",
    "region": "region",
    "root": "root",
}
"""Keys with an option of the command line, and the option's name in it."""
_ADDED = ("ignore", "guard")
"""Keys whose option adds to the file's value; the others replace it. A flag that is not given is the file's."""


@dataclass(frozen=True, slots=True)
class InForce:
    """One value in force."""

    key: str
    value: object
    """As JSON has it; None where nothing is set."""
    origin: str
    """``tierlens.toml:3:1``, ``command line``, ``environment variable``, ``default``, or two of them."""

    @property
    def shown(self) -> str:
        """The value as TOML has it."""
        return "-" if self.value is None else json.dumps(self.value, ensure_ascii=False)


@dataclass(frozen=True, slots=True)
class Given:
    """What the command line gave: where each option's value comes from, and the values of ``--fail-on``."""

    sources: Mapping[str, ParameterSource | None]
    fail_on: Sequence[str] = ()

    def origin(self, option: str) -> str:
        """Where the option was given; empty when it was not."""
        source = self.sources.get(option)
        if source is ParameterSource.ENVIRONMENT:
            return "environment variable"
        return "command line" if source is ParameterSource.COMMANDLINE else ""


def in_force(request: "ReviewRequest", thresholds: Thresholds, given: Given) -> tuple[InForce, ...]:
    """Every setting of a request; tables have a row for each entry."""
    settings = request.settings
    baseline = request.baseline or settings.baseline
    plain: dict[str, object] = {
        "select": list(request.select),
        "ignore": list(request.ignore),
        "engines": list(request.engines),
        "guard": [_path(path, request.root) for path in request.guard],
        "baseline": None if baseline is None else _path(baseline, request.root),
        "rules-version": settings.rules_version,
        "fail-on-unknown": thresholds.unknown,
        "deny-suppressions": thresholds.deny_suppressions,
        "samconfig-environment": settings.samconfig_environment,
        "region": settings.region,
        "account-id": settings.account_id,
        "exclude": list(settings.exclude),
        "root": request.root.as_posix(),
        "parameter-files": [_path(path, request.root) for path in settings.parameter_files],
    }
    rows = [*_thresholds(settings, thresholds, given)]
    rows += (InForce(key, value, _origin(key, settings, given)) for key, value in plain.items())
    return (*rows, *_tables(settings))


def _origin(key: str, settings: "Settings", given: Given) -> str:
    option = given.origin(_KEYS[key]) if key in _KEYS else ""
    written = settings.places.get((key,))
    if option and written and key in _ADDED:
        return f"{written}, {option}"
    return option or (str(written) if written else DEFAULT)


def _thresholds(settings: "Settings", thresholds: Thresholds, given: Given) -> Iterator[InForce]:
    option = given.origin("fail_on")
    plain = [value for value in given.fail_on if "=" not in value]
    named = {value.partition("=")[0] for value in given.fail_on if "=" in value}
    written = settings.places.get(("fail-on", "default"))
    if written is None and not settings.fail_on_categories:
        written = settings.places.get(("fail-on",))
    yield InForce("fail-on", thresholds.default.value, option if plain else str(written) if written else DEFAULT)
    for category, least in thresholds.categories.items():
        place = settings.places.get(("fail-on", category.value), "")
        yield InForce(
            f"fail-on.{category.value}",
            NEVER if least is None else least.value,
            option if category.value in named else str(place),
        )


def _tables(settings: "Settings") -> Iterator[InForce]:
    yield from _severities(settings, ("severity",), settings.severity)
    for policy in settings.paths:
        at = ("paths", policy.pattern)
        if policy.ignore:
            yield InForce(_name((*at, "ignore")), list(policy.ignore), _place(settings, (*at, "ignore")))
        yield from _severities(settings, (*at, "severity"), policy.severity)
    for name, value in settings.parameters.values.items():
        yield InForce(f"parameters.{name}", value, _place(settings, ("parameters", name)))
    for assumption in settings.assume:
        yield InForce(f"assume.{assumption.subject}", _assumed(assumption), str(assumption.span))
    for workload in settings.workloads:
        stacks = {stack.name: stack.path.name for stack in workload.stacks}
        members = {"paths": [Path(path).name for path in workload.paths], "stacks": stacks}
        yield InForce(_name(("workload", workload.name)), members, str(workload.span))
    for name, deployment in settings.environments.items():
        yield InForce(_name(("environment", name)), dict(deployment.parameters.values), str(deployment.span))


def _severities(
    settings: "Settings", at: tuple[str, ...], severities: Mapping[str, Severity | None]
) -> Iterator[InForce]:
    for name, severity in severities.items():
        value = OFF if severity is None else severity.value
        yield InForce(_name((*at, name)), value, _place(settings, (*at, name)))


def _assumed(assumption: "Assumption") -> str:
    value = f" {assumption.value}" if assumption.value else ""
    until = f" until {assumption.until}" if assumption.until else ""
    return f"{assumption.is_.value}{value}{until}"


def _name(keys: Sequence[str]) -> str:
    return ".".join(key if key.replace("-", "").replace("_", "").isalnum() else json.dumps(key) for key in keys)


def _place(settings: "Settings", keys: tuple[str, ...]) -> str:
    return str(settings.places.get(keys, settings.places.get(keys[:1], "")))


def _path(path: Path, root: Path) -> str:
    full = path.absolute()
    return full.relative_to(root).as_posix() if full.is_relative_to(root) else path.as_posix()
