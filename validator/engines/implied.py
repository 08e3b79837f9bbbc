"""Names that a template does not declare but that SAM makes when the template is deployed.

Engines that do not expand SAM report a reference to them as a mistake (cfn-lint since 1.54, its issues 4714 and
4606). Follows the SAM developer guide, *Generated resources*.
"""

import re
from collections.abc import Sequence

from validator.engines.inputs import EngineInput
from validator.engines.places import is_written, node_at
from validator.expand.template import TemplateResource
from validator.load.nodes import ScalarNode
from validator.model import Evidence, Refutation

_NOT_A_NAME = re.compile(r"'([A-Za-z0-9]+)(?:\.([A-Za-z0-9.]+))?' is not one of ")
_REFERABLE = {
    "Stage": ("AWS::ApiGateway::Stage", "AWS::ApiGatewayV2::Stage"),
    "Deployment": ("AWS::ApiGateway::Deployment",),
    "Alias": ("AWS::Lambda::Alias",),
    "Version": ("AWS::Lambda::Version",),
    "Role": ("AWS::IAM::Role",),
}
"""Properties of a SAM resource that ``Ref`` may name, and the types of what they stand for."""


def implied(message: str, path: Sequence[object], given: EngineInput) -> Refutation | None:
    """The proof that the name which a message calls wrong exists after expansion; None when it does not.

    ``path`` is the place of the name in the document: a message may hold only the last part of it.
    """
    found = _NOT_A_NAME.search(message)
    if found is None:
        return None
    name, part = found[1], found[2]
    if name in _REFERABLE and part is None:
        part, name = name, _owner(name, path, given)
    made = _made(name, part, given)
    if made is None:
        return None
    name = f"{name}.{part}" if part and made.logical_id != name else name
    origin = made.origin
    statement = f"{name} exists: SAM makes {made.logical_id} of {origin.logical_id} when the template is deployed"
    return Refutation(
        statement, (Evidence(origin.logical_id, f"makes {made.logical_id} ({made.type})", origin.span),)
    )


def _owner(part: str, path: Sequence[object], given: EngineInput) -> str:
    """The resource before the part of a name, in the text of a ``Ref`` or an ``Fn::Sub``."""
    if "Fn::GetAtt" in path:
        return ""
    node = node_at(given.template.document, path)
    found = re.search(rf"([A-Za-z0-9]+)\.{part}\b", node.text) if isinstance(node, ScalarNode) else None
    return "" if found is None else found[1]


def _made(name: str, part: str | None, given: EngineInput) -> TemplateResource | None:
    template = given.template
    if not is_written(template.document, name):
        return template.resources.get(name)
    if name not in template.sam_resources:
        return None
    types = _REFERABLE.get(part or "", ())
    candidates = (
        resource
        for resource in template.resources.values()
        if resource.origin.logical_id == name and resource.type in types
    )
    return next(candidates, None)
