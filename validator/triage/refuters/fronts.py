"""What the graph disproves of reports on missing web ACLs: one that another resource or stack puts there."""

from validator.graph import Architecture, Resource
from validator.graph.edge.coverage import resource_protection
from validator.graph.edge.distributions import distribution_acl
from validator.model import Evidence, Refutation


def graphql_api_without_web_acl(graph: Architecture, api: Resource, _rule: str) -> Refutation | None:
    """An association of any stack of the workload names the API and a web ACL of the right scope."""
    protection = resource_protection(graph, api)
    if not protection.covered:
        return None
    return Refutation(f"{api.name} is covered by {protection.statement}", protection.evidence)


def distribution_without_web_acl(graph: Architecture, distribution: Resource, _rule: str) -> Refutation | None:
    """The distribution names a web ACL of scope CLOUDFRONT, or Firewall Manager puts one there."""
    named = distribution_acl(graph, distribution)
    if not named.covers("CLOUDFRONT"):
        return None
    step = Evidence(distribution.name, f"is covered by {named.statement}", named.span)
    return Refutation(f"{distribution.name} is covered by {named.statement}", (step,))
