"""Rewrites of a template that must not change what it means."""

import json
import random
from collections.abc import Callable, Mapping
from typing import Any

import yaml

from validator.load import load_document, plain
from validator.resolve.substitution import substitution_parts

Data = Any
"""Plain JSON data: a template without positions."""


def data_of(template: str) -> Data:
    """The template as plain data, intrinsic functions in their long form."""
    return plain(load_document(template.encode(), "template.yaml").root)


def as_json(data: Data) -> str:
    """The template written as JSON."""
    return json.dumps(data, indent=1)


def as_yaml(data: Data) -> str:
    """The template written as YAML in long form."""
    return yaml.safe_dump(data, sort_keys=False, allow_unicode=True)


def reordered(data: Data, seed: int) -> Data:
    """The same template with its sections and resources in another order."""
    shuffled = {section: _shuffled(body, seed) if section == "Resources" else body for section, body in data.items()}
    return _shuffled(shuffled, seed)


def _shuffled(data: Mapping[str, Data], seed: int) -> dict[str, Data]:
    keys = list(data)
    random.Random(seed).shuffle(keys)
    return {key: data[key] for key in keys}


def renamed(data: Data) -> tuple[Data, Callable[[str], str]]:
    """The same template with other logical IDs, and the function that gives the new name of an old one."""
    names = {name: f"Zz{name}9" for name in data.get("Resources", {}) if "::" not in name}

    def new(name: str) -> str:
        return names.get(name, name)

    def attribute(text: str) -> str:
        first, dot, rest = text.partition(".")
        return new(first) + dot + rest

    def walk(node: Data) -> Data:
        if isinstance(node, list):
            return [walk(item) for item in node]
        if not isinstance(node, dict):
            return node
        return {key: replaced(key, value) for key, value in node.items()}

    def replaced(key: str, value: Data) -> Data:
        match key, value:
            case "Ref", str():
                return attribute(value)
            case "Fn::GetAtt", [str(first), *rest]:
                return [new(first), *rest]
            case "Fn::Sub", str():
                return substituted(value)
            case "Fn::Sub", [str(text), mapping]:
                return [substituted(text, frozenset(mapping)), walk(mapping)]
            case "DependsOn", str():
                return new(value)
            case "DependsOn", list():
                return [new(item) for item in value]
        return walk(value)

    def substituted(text: str, local: frozenset[str] = frozenset()) -> str:
        parts = []
        for kind, piece in substitution_parts(text):
            if kind == "name":
                parts.append("${" + (piece if piece in local else attribute(piece)) + "}")
            else:
                parts.append(piece.replace("${", "${!"))
        return "".join(parts)

    result = {section: walk(body) for section, body in data.items() if section != "Resources"}
    result["Resources"] = {new(name): walk(body) for name, body in data["Resources"].items()}
    return result, new
