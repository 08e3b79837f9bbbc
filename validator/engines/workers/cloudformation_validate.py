"""cloudformation-validate in its own process, with an organisation's rules when there are any."""

from enum import Enum
from typing import Any

_state: dict[str, Any] = {}


def start(options: dict[str, object]) -> dict[str, object]:
    """Build the engine. ``options``: ``rules`` (kind, name, text each), ``builtin``, ``region``."""
    import cloudformation_validate as library

    kinds: dict[str, list[Any]] = {"guard": [], "rego": [], "cel": []}
    rules: Any = options.get("rules") or ()
    for kind, name, text in rules:
        kinds[kind].append(library.ExternalRuleSource(name=name, content=text))
    engine = library.CompositeEngine(
        library.CompositeEngineConfig(rego_rules=kinds["rego"], cel_rules=kinds["cel"], guard_rules=kinds["guard"])
    )
    _state["library"], _state["engine"], _state["builtin"] = library, engine, bool(options.get("builtin"))
    own = (library.RuleOrigin.GUARD, library.RuleOrigin.CUSTOM)
    described = {
        rule.id: [rule.description or rule.id, rule.origin in own]
        for rule in engine.list_rules()
        if rule.origin in own
    }
    return {"version": str(library.version()), "rules": described}


def check(request: dict[str, object]) -> dict[str, object]:
    """Validate one template. ``request``: ``text``, ``name``, ``parameters``, ``region``."""
    library = _state["library"]
    given: Any = request.get("parameters") or {}
    region = request.get("region")
    pseudo = library.PseudoParameterOverrides(region=region) if region else library.PseudoParameterOverrides()
    config = library.ValidateConfig(
        parameter_overrides=dict(given),
        pseudo_parameter_overrides=pseudo,
        disable_builtin_rules=not _state["builtin"],
    )
    content = library.TemplateContent(str(request["text"]), str(request["name"]))
    report = _state["engine"].validate_template(content, config)
    return {
        "status": report.status.name,
        "scanned": report.metadata.resources_scanned,
        "matches": [_plain(found) for found in report.diagnostics],
    }


def _plain(found: Any) -> dict[str, object]:
    return {name: _value(getattr(found, name, None)) for name in vars(found)}


def _value(value: Any) -> Any:
    if value is None or isinstance(value, str | int | float | bool):
        return value
    if isinstance(value, list | tuple):
        return [_value(item) for item in value]
    if isinstance(value, dict):
        return {str(key): _value(item) for key, item in value.items()}
    if isinstance(value, Enum):
        return value.name
    return {key: _value(item) for key, item in vars(value).items()} if hasattr(value, "__dict__") else str(value)
