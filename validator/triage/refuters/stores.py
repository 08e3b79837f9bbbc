"""What the graph disproves of reports on encryption at rest: what AWS encrypts without being told."""

from validator.graph import Architecture, Resource
from validator.graph.protection.at_rest import encryption_at_rest, is_member
from validator.model import Refutation


def not_encrypted_at_rest(graph: Architecture, store: Resource, _rule: str) -> Refutation | None:
    """The store is encrypted: by its own switch, by AWS's default for its type, or by its cluster."""
    answer = encryption_at_rest(graph, store)
    if answer is None and is_member(graph, store):
        return _by_its_cluster(graph, store)
    if answer is None or answer.holds is not True:
        return None
    return Refutation(f"{store.name} {answer.statement}", answer.evidence(store))


def _by_its_cluster(graph: Architecture, member: Resource) -> Refutation | None:
    cluster = graph.target(member.prop("DBClusterIdentifier"), "AWS::RDS::DBCluster")
    if not isinstance(cluster, Resource):
        return None
    answer = encryption_at_rest(graph, cluster)
    if answer is None or answer.holds is not True:
        return None
    statement = f"{member.name} is a member of {cluster.name}, which {answer.statement}"
    return Refutation(statement, (member.states(f"is a member of {cluster.name}"), *answer.evidence(cluster)))
