"""What ``serverless package`` leaves beside its template: the stack's name, its region, templates of nested stacks.

Follows the Serverless Framework's ``serverless-state.json``; plugins that split a stack (``serverless-plugin-split-
stacks``) write a template for each part beside it and upload it under the same name.
"""

import json
from collections.abc import Mapping
from dataclasses import dataclass, field
from pathlib import Path
from types import MappingProxyType
from typing import Final

from validator import files
from validator.discover.directories import SERVERLESS_FRAMEWORK_TEMPLATE, is_serverless_template

_STATE: Final = "serverless-state.json"
_MAXIMUM_BYTES: Final = 64_000_000
_MOST_TEMPLATES: Final = 1000


@dataclass(frozen=True, slots=True)
class Service:
    """A packaged service, as far as its records say."""

    stack_name: str = ""
    region: str | None = None
    templates: Mapping[str, Path] = field(default_factory=lambda: MappingProxyType({}))
    """Templates of nested stacks by file name."""


def service_of(folder: Path) -> Service:
    """The service that was packaged into a folder. Raises nothing: what is not there or wrong stays open."""
    state = _state(folder / _STATE)
    service = state.get("service")
    service = service if isinstance(service, dict) else {}
    provider = service.get("provider")
    provider = provider if isinstance(provider, dict) else {}
    return Service(_stack_name(service, provider), _plain(provider.get("region")) or None, _templates(folder))


def _stack_name(service: Mapping[str, object], provider: Mapping[str, object]) -> str:
    """The name given, else service and stage, as the framework joins them."""
    given, name, stage = _plain(provider.get("stackName")), _plain(service.get("service")), provider.get("stage")
    if given or not name or not _plain(stage):
        return given
    return f"{name}-{_plain(stage)}"


def _plain(value: object) -> str:
    """A text without variables that are left open."""
    return value if isinstance(value, str) and "${" not in value else ""


def _templates(folder: Path) -> Mapping[str, Path]:
    try:
        names = [entry.name for entry in files.entries(folder, (".json",)) if is_serverless_template(entry.name)]
    except OSError:
        return {}
    limit = Path(files.real(folder))
    paths = {name: folder / name for name in names[:_MOST_TEMPLATES] if name != SERVERLESS_FRAMEWORK_TEMPLATE}
    return {name: path for name, path in paths.items() if Path(files.real(path)).is_relative_to(limit)}


def _state(path: Path) -> Mapping[str, object]:
    try:
        if not files.is_file(path) or files.status(path).st_size > _MAXIMUM_BYTES:
            return {}
        if not Path(files.real(path)).is_relative_to(files.real(path.parent)):
            return {}
        content = json.loads(files.read_bytes(path))
    except (OSError, ValueError, RecursionError):
        return {}
    return content if isinstance(content, dict) else {}
