"""The tables of stores and of wearers name properties that the CloudFormation schemas have."""

from typing import Any

import pytest
from cfnlint.schema.manager import PROVIDER_SCHEMA_MANAGER

from validator.graph.network.compute import ATTACHMENTS
from validator.graph.stores.kinds import IAM_BOUNDED, STORE_KINDS, SUBNET_GROUPS, Publicity


def _has(resource_type: str, path: tuple[str, ...]) -> bool:
    root: dict[str, Any] = PROVIDER_SCHEMA_MANAGER.get_resource_schema("us-east-1", resource_type).schema
    node = root
    for key in path:
        while "$ref" in node:
            target = root
            for step in node["$ref"].removeprefix("#/").split("/"):
                target = target[step]
            node = target
        if key == "*":
            node = node["items"]
        elif key in node.get("properties", {}):
            node = node["properties"][key]
        else:
            return False
    return True


@pytest.mark.parametrize("resource_type", STORE_KINDS)
def test_properties_of_a_store(resource_type: str) -> None:
    kind = STORE_KINDS[resource_type]
    names = [(name,) for name in (kind.subnet_group, kind.port, kind.cluster) if name]
    if len(kind.ports) > 1:
        names.append((kind.engine,))
    if kind.publicity is Publicity.SWITCH and resource_type != "AWS::OpenSearchServerless::Collection":
        names.append(kind.public)
    missing = [path for path in (*kind.subnets, *kind.groups, *names) if not _has(resource_type, path)]
    assert missing == []


@pytest.mark.parametrize("resource_type", ATTACHMENTS)
def test_properties_of_a_wearer(resource_type: str) -> None:
    attachment = ATTACHMENTS[resource_type]
    assert [path for path in (*attachment.groups, *attachment.subnets) if not _has(resource_type, path)] == []


@pytest.mark.parametrize("resource_type", SUBNET_GROUPS)
def test_subnets_of_a_group(resource_type: str) -> None:
    assert _has(resource_type, ("SubnetIds",))


def test_stores_of_both_kinds_are_apart() -> None:
    assert set(STORE_KINDS) & set(IAM_BOUNDED) == set()
    assert all("" in kind.ports for kind in STORE_KINDS.values())
