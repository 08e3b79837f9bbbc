"""Where the template of a nested stack is: a file of the project, or somewhere that the run does not see.

Follows the AWS CLI reference, *cloudformation package*: ``TemplateURL`` of ``AWS::CloudFormation::Stack`` and
``Location`` of ``AWS::Serverless::Application`` may name a local file, relative to the folder of the template. A
CDK application names it in the resource's metadata (``aws:asset:path``).
"""

from collections.abc import Mapping
from dataclasses import dataclass
from pathlib import Path
from typing import Final

from validator.discover import DiscoveredFile
from validator.expand import Template
from validator.expand.template import TemplateResource
from validator.files import is_file
from validator.load.nodes import ListNode, MapNode, Node, ScalarNode
from validator.model import Span

STACK: Final = "AWS::CloudFormation::Stack"
APPLICATION: Final = "AWS::Serverless::Application"
_ASSET_PATH: Final = "aws:asset:path"
_ASSET_PROPERTY: Final = "aws:asset:property"


@dataclass(frozen=True, slots=True)
class Elsewhere:
    """A template that the run does not read, and why: the text completes "because …"."""

    reason: str
    span: Span
    broken: bool = False
    """A local file is named and cannot be read: deployment would fail as well."""


def nests(resource: TemplateResource) -> bool:
    """Whether the resource makes a nested stack."""
    return resource.type in (STACK, APPLICATION)


def template_of(resource: TemplateResource, parent: Template, file: Path, root: Path) -> Path | Elsewhere:
    """The file that holds the nested stack's template. ``file`` is the parent's, ``root`` what is not left."""
    location = _location(resource, parent)
    if location is None:
        return Elsewhere("its location is not written as a plain path", resource.origin.span)
    text, span = location.text, location.span
    if not text or "://" in text or text.startswith("arn:"):
        return Elsewhere(f"{text or 'its location'} is not a local file", span)
    try:
        path = (file.parent / text).resolve()
        if not path.is_relative_to(root.resolve()):
            return Elsewhere(f"{text} lies outside of the project", span, broken=True)
        if not is_file(path):
            return Elsewhere(f"{text} does not exist", span, broken=True)
    except (OSError, ValueError, RuntimeError):
        return Elsewhere(f"{text} is no usable path", span, broken=True)
    return path


def asset_of(resource: TemplateResource, assets: Mapping[str, DiscoveredFile]) -> DiscoveredFile | None:
    """The local file that the resource's ``TemplateURL`` means by the end of an address, however it is built."""
    properties = resource.body.get("Properties")
    url = properties.get("TemplateURL") if isinstance(properties, MapNode) else None
    if not assets or url is None:
        return None
    return assets.get(_last_text(url).rpartition("/")[2])


def _last_text(node: Node) -> str:
    """The text that a text, a ``Fn::Join`` or a ``Fn::Sub`` without a map ends with; empty for anything else."""
    while not isinstance(node, ScalarNode):
        if isinstance(node, MapNode) and len(node.entries) == 1:
            (name, argument), *_ = node.items()
            if name == "Fn::Sub" and isinstance(argument, ScalarNode):
                return argument.text
            if name != "Fn::Join" or not isinstance(argument, ListNode) or len(argument.items) != 2:
                return ""
            node = argument.items[1]
        elif isinstance(node, ListNode) and node.items:
            node = node.items[-1]
        else:
            return ""
    return node.text


def _location(resource: TemplateResource, parent: Template) -> ScalarNode | None:
    metadata = resource.body.get("Metadata")
    if isinstance(metadata, MapNode) and _text(metadata.get(_ASSET_PROPERTY)) == "TemplateURL":
        asset = metadata.get(_ASSET_PATH)
        if isinstance(asset, ScalarNode):
            return asset
    # The SAM translator leaves the location of an application out.
    written = parent.sam_resources.get(resource.origin.logical_id)
    body, key = (resource.body, "TemplateURL") if written is None else (written.body, "Location")
    properties = body.get("Properties")
    found = properties.get(key) if isinstance(properties, MapNode) else None
    return found if isinstance(found, ScalarNode) else None


def _text(node: Node | None) -> str:
    return node.text if isinstance(node, ScalarNode) else ""
