"""Deployments of REST APIs: what CloudFormation makes before them.

Follows the resource reference of ``AWS::ApiGateway::Deployment``: a deployment is a snapshot of the API as it is when
the deployment is made, and so it has to depend on the methods. ``Ref``, ``Fn::GetAtt``, ``Fn::Sub`` and ``DependsOn``
make dependencies.
"""

from validator.graph.apis import rest
from validator.graph.architecture import Architecture
from validator.graph.references import mentioned
from validator.graph.resource import Resource
from validator.load.nodes import ListNode, ScalarNode


def made_before(graph: Architecture, resource: Resource) -> frozenset[str]:
    """The logical IDs of the resources of the same stack that exist before the resource is made."""

    def compute() -> frozenset[str]:
        found: set[str] = set()
        pending = [resource]
        while pending:
            for name in _needs(pending.pop()):
                if name not in found:
                    found.add(name)
                    other = graph.find(resource.id.stack, name)
                    pending.extend([other] if other is not None else [])
        return frozenset(found)

    return graph.memo("made-before", resource, compute)


def _needs(resource: Resource) -> set[str]:
    depends = resource.body.get("DependsOn")
    items = depends.items if isinstance(depends, ListNode) else (depends,)
    named = {item.text for item in items if isinstance(item, ScalarNode)}
    return named | set(mentioned(resource.body))


def methods_left_out(graph: Architecture, deployment: Resource) -> tuple[tuple[Resource, ...], tuple[Resource, ...]]:
    """The methods of the deployment's API in its stack that are made before it, and those that may come after."""
    api = rest.rest_api_of(graph, deployment)
    if api is None or api.id.stack != deployment.id.stack:
        return (), ()
    before = made_before(graph, deployment)
    methods = [one for one in graph.referrers(api, rest.METHOD) if rest.rest_api_of(graph, one) == api]
    own = [one for one in methods if one.id.stack == deployment.id.stack]
    return (
        tuple(one for one in own if one.logical_id in before),
        tuple(one for one in own if one.logical_id not in before),
    )
