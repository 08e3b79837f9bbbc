"""The JSON Schema of a settings table, for editors that check and complete TOML (draft 2020-12)."""

from typing import Final

from validator.settings.assumptions import Assumed
from validator.settings.policy_keys import CATEGORIES, DEFAULT, NEVER, OFF, SEVERITIES

Schema = dict[str, object]

_TEXT: Final[Schema] = {"type": "string", "minLength": 1}
_TEXTS: Final[Schema] = {"type": "array", "items": _TEXT}
_FLAG: Final[Schema] = {"type": "boolean", "default": False}
_RATED: Final[Schema] = {"type": "object", "additionalProperties": {"enum": [*SEVERITIES, OFF]}}
_SCALAR: Final[Schema] = {"type": ["string", "number", "boolean"]}
_VALUES: Final[Schema] = {
    "type": "object",
    "additionalProperties": {"anyOf": [_SCALAR, {"type": "array", "items": _SCALAR}]},
}
_REGION: Final[Schema] = {"type": "string", "pattern": r"^[a-z]{2,}(-[a-z]+)+-\d+$"}
_ACCOUNT: Final[Schema] = {"type": "string", "pattern": r"^\d{12}$"}
_DEPLOYMENT: Final[Schema] = {
    "parameters": _VALUES,
    "parameter-files": _TEXTS,
    "region": _REGION,
    "account-id": _ACCOUNT,
    "samconfig-environment": _TEXT,
}


def _table(properties: Schema, *needed: str) -> Schema:
    return {"type": "object", "properties": properties, "additionalProperties": False, "required": list(needed)}


def _each(entry: Schema) -> Schema:
    return {"type": "object", "additionalProperties": entry}


def _fail_on() -> Schema:
    categories: Schema = {name: {"enum": [*SEVERITIES, NEVER]} for name in CATEGORIES}
    table = _table({DEFAULT: {"enum": list(SEVERITIES), "default": "medium"}, **categories})
    return {"anyOf": [{"enum": list(SEVERITIES)}, table], "default": "medium"}


def _assumption() -> Schema:
    properties: Schema = {
        "subject": _TEXT,
        "is": {"enum": [assumed.value for assumed in Assumed]},
        "value": {"anyOf": [_SCALAR, {"type": "array", "items": _SCALAR}]},
        "reason": {"type": "string", "minLength": 10},
        # A date of TOML is no value of JSON: editors show it as a text.
        "until": {"type": "string", "description": "The last day on which it holds: 2026-12-31."},
    }
    return _table(properties, "subject", "is", "reason")


def _workload() -> Schema:
    stack: Schema = {"anyOf": [_TEXT, _table({"path": _TEXT, **_DEPLOYMENT}, "path")]}
    return _table({"paths": _TEXTS, "stacks": _each(stack), "environment": _each(_table(_DEPLOYMENT))})


def settings_schema() -> Schema:
    """The schema of ``tierlens.toml``, and of ``[tool.tierlens]``; it has each key that the settings have."""
    properties: dict[str, tuple[Schema, str]] = {
        "select": (_TEXTS, "Rule ids, prefixes, categories or engines that run; empty means all."),
        "ignore": (_TEXTS, "Rule ids, prefixes, categories or engines that do not run."),
        "fail-on": (_fail_on(), "The least severity that fails, for all rules or by category."),
        "fail-on-unknown": (_FLAG, "Unknown verdicts fail as well."),
        "deny-suppressions": (_FLAG, "Every suppression fails."),
        "rules-version": (
            {"type": "string", "pattern": r"^\d+(\.\d+){0,2}$"},
            "The release of the rule set: newer rules are shown and do not fail.",
        ),
        "severity": (_RATED, "Severities by rule id, prefix, category or engine."),
        "paths": (_each(_table({"ignore": _TEXTS, "severity": _RATED})), "What differs for some templates, by glob."),
        "engines": (
            {"type": "array", "items": {"enum": ["tierlens", "cfn-lint", "checkov", "cloudformation-validate"]}},
            "The engines that run.",
        ),
        "guard": (_TEXTS, "Files of the organisation's own rules."),
        "baseline": (_TEXT, "The file of accepted findings."),
        "parameters": (_VALUES, "Values of template parameters."),
        "parameter-files": (_TEXTS, "Parameter files; later ones win."),
        "samconfig-environment": (_TEXT, "The environment of samconfig.toml whose values are used."),
        "region": (_REGION, "The value of AWS::Region."),
        "account-id": (_ACCOUNT, "The value of AWS::AccountId."),
        "exclude": (_TEXTS, "Globs of paths that are not searched for templates."),
        "root": (_TEXT, "The folder below which files are read."),
        "assume": ({"type": "array", "items": _assumption()}, "What a person knows and no template says."),
        "workload": (_each(_workload()), "Stacks that are reviewed as one architecture."),
        "environment": (_each(_table(_DEPLOYMENT)), "Environments that each stack is judged in."),
    }
    return {
        "$schema": "https://json-schema.org/draft/2020-12/schema",
        "title": "Settings of tierlens",
        **_table({key: {**schema, "description": text} for key, (schema, text) in properties.items()}),
    }
