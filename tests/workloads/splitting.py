"""A mechanical splitter: one template into several that are linked as people link them, by nothing else changed.

A resource goes to any part that is not before the parts of what it refers to. A reference over the border becomes an
import of an export, or a parameter that the root stack passes from another nested stack's output.
"""

import json
import re
from collections.abc import Callable, Mapping
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any

from validator.expand import expand
from validator.load import load_file, plain

Json = Any
Names = dict[str, None]

_SUBSTITUTED = re.compile(r"\$\{(?!!)([^}]+)\}")


@dataclass(frozen=True)
class Whole:
    """An expanded template as plain data."""

    sections: dict[str, Json]
    resources: dict[str, Json]
    outputs: dict[str, Json]

    @property
    def text(self) -> str:
        return json.dumps({**self.sections, "Resources": self.resources, "Outputs": self.outputs}, indent=1)


def expanded(file: Path) -> Whole:
    """The template after expansion: SAM cannot be split, since its events name APIs of their own template."""
    template = expand(load_file(file, file.name), root=file.parent, file=file, parameters={})
    assert not template.uncertain
    sections = {
        "Parameters": {name: plain(node) for name, node in template.parameters.items()},
        "Conditions": {name: plain(node) for name, node in template.conditions.items()},
        "Mappings": {name: plain(node) for name, node in template.mappings.items()},
    }
    resources = {name: _without_order(plain(resource.body)) for name, resource in template.resources.items()}
    return Whole({name: section for name, section in sections.items() if section}, resources, {})


def _without_order(resource: Json) -> Json:
    return {key: value for key, value in resource.items() if key != "DependsOn"}


def referred(node: Json, resources: Mapping[str, Json]) -> Names:
    """The resources that a piece of a template refers to."""
    found: Names = {}

    def note(name: str, attribute: str) -> Json:
        found[name] = None
        return None

    _replaced(node, resources, note)
    return found


Replace = Callable[[str, str], Json]


def _replaced(node: Json, named: Mapping[str, Json], replace: Replace) -> Json:
    """The node with each reference to one of the names replaced; None leaves it."""
    if isinstance(node, list):
        return [_replaced(item, named, replace) for item in node]
    if not isinstance(node, dict):
        return node
    if len(node) == 1:
        (key, value), *_ = node.items()
        if key == "Ref" and value in named:
            return _or(replace(value, ""), node)
        if key == "Fn::GetAtt":
            first, attribute = value.split(".", 1) if isinstance(value, str) else (value[0], ".".join(value[1:]))
            return _or(replace(first, attribute), node) if first in named else node
        if key == "Fn::Sub":
            return {"Fn::Sub": _replaced_sub(value, named, replace)}
    return {key: _replaced(value, named, replace) for key, value in node.items()}


def _or(made: Json, node: Json) -> Json:
    return node if made is None else made


def _replaced_sub(value: Json, named: Mapping[str, Json], replace: Replace) -> Json:
    text, given = (value, {}) if isinstance(value, str) else (value[0], _replaced(value[1], named, replace))

    def put(found: re.Match[str]) -> str:
        name, _, attribute = found[1].partition(".")
        made = replace(name, attribute) if name in named and found[1] not in given else None
        if made is None:
            return found[0]
        local = f"Far{len(given)}"
        given[local] = made
        return f"${{{local}}}"

    given = dict(given)
    text = _SUBSTITUTED.sub(put, text)
    return [text, given] if given else text


@dataclass
class Part:
    resources: dict[str, Json] = field(default_factory=dict)
    outputs: dict[str, Json] = field(default_factory=dict)
    parameters: dict[str, Json] = field(default_factory=dict)
    passed: dict[str, Json] = field(default_factory=dict)


def parts_of(whole: Whole, choose: Callable[[str, int], int]) -> dict[str, int]:
    """A part for each resource; ``choose`` takes the name and the least part that is possible."""
    placed: dict[str, int] = {}

    def place(name: str) -> int:
        if name not in placed:
            needs = [place(other) for other in referred(whole.resources[name], whole.resources) if other != name]
            placed[name] = choose(name, max(needs, default=0))
        return placed[name]

    for name in whole.resources:
        place(name)
    return placed


def by_exports(whole: Whole, placed: Mapping[str, int]) -> dict[str, str]:
    """The parts as templates of their own that meet by exports and imports."""
    parts = {number: Part() for number in sorted(set(placed.values()))}
    for name, resource in whole.resources.items():
        own = placed[name]

        def far(other: str, attribute: str, own: int = own) -> Json:
            if placed[other] == own:
                return None
            export = f"part{placed[other]}-{other}" + (f"-{attribute}" if attribute else "")
            _give(parts[placed[other]], whole, other, attribute)["Export"] = {"Name": export}
            return {"Fn::ImportValue": export}

        parts[own].resources[name] = _replaced(resource, whole.resources, far)
    return {f"part{number}.json": _template(whole, part) for number, part in parts.items()}


def nested(whole: Whole, placed: Mapping[str, int]) -> dict[str, str]:
    """The parts as nested stacks of one root, which passes each what it needs of the others and all parameters."""
    parts = {number: Part() for number in sorted(set(placed.values()))}
    for name, resource in whole.resources.items():
        own = placed[name]

        def far(other: str, attribute: str, own: int = own) -> Json:
            if placed[other] == own:
                return None
            output = _output_name(other, attribute)
            _give(parts[placed[other]], whole, other, attribute)
            got = {"Fn::GetAtt": [f"Part{placed[other]}", f"Outputs.{output}"]}
            condition = whole.resources[other].get("Condition")
            nothing = {"Ref": "AWS::NoValue"}
            parts[own].passed[output] = got if condition is None else {"Fn::If": [condition, got, nothing]}
            parts[own].parameters[output] = {"Type": "String", **({} if condition is None else {"Default": ""})}
            return {"Ref": output}

        parts[own].resources[name] = _replaced(resource, whole.resources, far)
    everything = whole.sections.get("Parameters", {})
    stacks = {
        f"Part{number}": {
            "Type": "AWS::CloudFormation::Stack",
            "Properties": {
                "TemplateURL": f"part{number}.json",
                "Parameters": {**{name: _passed(name, every) for name, every in everything.items()}, **part.passed},
            },
        }
        for number, part in parts.items()
    }
    root = {**whole.sections, "Resources": stacks}
    return {
        "root.json": json.dumps(root, indent=1),
        **{f"part{number}.json": _template(whole, part) for number, part in parts.items()},
    }


def _passed(name: str, declared: Json) -> Json:
    is_list = "List" in str(declared.get("Type"))
    return {"Fn::Join": [",", {"Ref": name}]} if is_list else {"Ref": name}


def _give(part: Part, whole: Whole, name: str, attribute: str) -> Json:
    output = part.outputs.setdefault(_output_name(name, attribute), {})
    output["Value"] = {"Fn::GetAtt": [name, attribute]} if attribute else {"Ref": name}
    if "Condition" in whole.resources[name]:
        output["Condition"] = whole.resources[name]["Condition"]
    return output


def _output_name(name: str, attribute: str) -> str:
    return f"{name}X{re.sub('[^A-Za-z0-9]', 'X', attribute)}"


def _template(whole: Whole, part: Part) -> str:
    sections = dict(whole.sections)
    sections["Parameters"] = {**sections.get("Parameters", {}), **part.parameters}
    made = {**sections, "Resources": part.resources, "Outputs": part.outputs}
    return json.dumps({name: section for name, section in made.items() if section}, indent=1)
