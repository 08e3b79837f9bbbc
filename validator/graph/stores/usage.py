"""Which functions use which stores that live in a VPC, and by what it shows.

Strong signs are an endpoint in an environment variable, a file system mount, a secret of the store that the
function reads, a grant to connect. A variable from ``Globals`` is in every function and proves nothing alone;
the Data API and event source mappings need no connection from the function.
"""

from collections.abc import Iterator
from dataclasses import dataclass

from validator.graph.architecture import Architecture
from validator.graph.iam.execution import execution_role
from validator.graph.iam.identities import identity_of
from validator.graph.resource import Resource
from validator.graph.stores.kinds import STORE_KINDS
from validator.graph.stores.placement import Home, placement_of
from validator.load.nodes import MapNode
from validator.model import Evidence
from validator.resolve import ResourceRef, Text, Value

FUNCTION = "AWS::Lambda::Function"
FILE_SYSTEM = "AWS::EFS::FileSystem"
ACCESS_POINT = "AWS::EFS::AccessPoint"
SECRET = "AWS::SecretsManager::Secret"
SECRET_ATTACHMENT = "AWS::SecretsManager::SecretTargetAttachment"

_CONNECT = (
    "rds-db:connect",
    "elasticache:connect",
    "memorydb:connect",
    "neptune-db:",
    "es:eshttp",
    "dax:",
    "kafka-cluster:",
    "elasticfilesystem:client",
)
"""How the actions start that only a client of the store needs (Service Authorization Reference)."""

_DATA_API = ("rds-data:", "redshift-data:")
_WITH_DATA_API = (
    "AWS::RDS::DBCluster",
    "AWS::RDS::DBInstance",
    "AWS::Redshift::Cluster",
    "AWS::RedshiftServerless::Workgroup",
)
_CONTROL = ("rds:", "redshift:", "redshift-serverless:", "elasticache:", "memorydb:", "es:describe", "es:list")
_PASSWORDS = (("MasterUserPassword",), ("MasterUsername",), ("AdminUserPassword",), ("AuthToken",))


@dataclass(frozen=True, slots=True)
class Use:
    """A function's use of a store. ``is_proof`` is False for a sign that needs another beside it."""

    store: Resource
    because: str
    step: Evidence
    is_proof: bool = True


@dataclass(frozen=True, slots=True)
class Grant:
    """One allowed action pattern of a function's role, in lower case, with the resources it is for."""

    action: str
    resources: tuple[Value, ...]
    step: Evidence


def grants_of(graph: Architecture, function: Resource) -> tuple[Grant, ...]:
    """What the role of a function is allowed by the policies of the run, one entry an action."""
    return graph.memo("function-grants", function, lambda: tuple(_grants(graph, function)))


def _grants(graph: Architecture, function: Resource) -> Iterator[Grant]:
    user = execution_role(function, graph)
    if user is None or user.role is None:
        return
    for policy in identity_of(user.role, graph).policies:
        for statement in policy.statements:
            if not statement.allows:
                continue
            for action in statement.actions:
                name = str(action) if isinstance(action, Text) else ""
                yield Grant(name.lower(), statement.resources, policy.states(statement, f"allows {name}"))


def environment_of(function: Resource) -> tuple[tuple[str, Value, bool], ...]:
    """The environment variables of a function; the flag is False for one that ``Globals`` gives to all functions."""
    variables = function.prop("Environment", "Variables").entries()
    shared = _shared_variables(function)
    return tuple((name, value, name not in shared) for name, value in variables)


def _shared_variables(function: Resource) -> frozenset[str]:
    template = function.scope.template
    written = template.sam_resources.get(function.name)
    functions = [one for one in template.sam_resources.values() if one.type == "AWS::Serverless::Function"]
    if written is None or written.type != "AWS::Serverless::Function" or len(functions) < 2:
        return frozenset()
    own = _at(written.body, "Properties", "Environment", "Variables")
    names = own.entries if isinstance(own, MapNode) else {}
    return frozenset(name for name, _ in function.prop("Environment", "Variables").entries() if name not in names)


def _at(node: object, *keys: str) -> object:
    for key in keys:
        node = node.get(key) if isinstance(node, MapNode) else None
    return node


def direct_references(value: Value) -> tuple[ResourceRef, ...]:
    """The references in a text, without those inside dynamic references: these are settled at deployment."""
    return tuple(part for part in value.parts if isinstance(part, ResourceRef)) if isinstance(value, Text) else ()


def lives_in_vpc(graph: Architecture, store: Resource) -> bool:
    """Whether clients need a network path into a VPC to use the store."""
    if store.type in (FILE_SYSTEM, ACCESS_POINT):
        return True
    kind = STORE_KINDS.get(store.type)
    if kind is None or not kind.is_store or not (kind.groups or kind.cluster):
        return False
    return placement_of(graph, store).home is not Home.NO_VPC


def uses_of(graph: Architecture, function: Resource) -> tuple[Use, ...]:
    """The stores in VPCs that the function connects to itself, each with the sign that shows it."""
    return graph.memo("store-uses", function, lambda: tuple(_uses(graph, function)))


def _uses(graph: Architecture, function: Resource) -> Iterator[Use]:
    fed_by = fed_by_stores(graph, function)
    by_grant = [use for use in _granted(graph, function) if use.store not in fed_by]
    by_variable = list(_by_variables(graph, function))
    proven = {use.store for use in by_grant} | {use.store for use in by_variable if use.is_proof}
    yield from _mounts(graph, function)
    for use in (*by_variable, *by_grant):
        if use.is_proof or use.store in proven:
            yield use


def _mounts(graph: Architecture, function: Resource) -> Iterator[Use]:
    for item in function.prop("FileSystemConfigs").items():
        target = graph.target(item.get("Arn"), ACCESS_POINT, FILE_SYSTEM)
        if isinstance(target, Resource):
            yield Use(target, f"mounts {target.name}", function.states(f"mounts {target.name}", item.span))


def _by_variables(graph: Architecture, function: Resource) -> Iterator[Use]:
    for name, value, is_own in environment_of(function):
        for reference in value.references if isinstance(value, Text) else ():
            resource = graph.resource_of(reference)
            if resource is None:
                continue
            store = _store_behind(graph, resource, reference.attribute)
            if store is None or not lives_in_vpc(graph, store):
                continue
            is_secret = store != resource or "Secret" in reference.attribute
            is_name = not is_secret and reference.attribute == ""
            if (is_secret or is_name) and speaks_data_api(graph, function, store):
                continue
            what = "the secret" if is_secret else "the name" if is_name else "the address"
            because = f"holds {what} of {store.name} in variable {name}"
            is_proof = is_own and not (is_name and _manages_stores(graph, function))
            yield Use(store, because, function.states(because, value.span), is_proof)


def _manages_stores(graph: Architecture, function: Resource) -> bool:
    """Whether the role calls the stores' control planes, to start, stop or copy them: that needs no connection."""
    return any(
        grant.action.startswith(_CONTROL) and grant.action not in _CONNECT for grant in grants_of(graph, function)
    )


def _store_behind(graph: Architecture, resource: Resource, attribute: str) -> Resource | None:
    """The store that a reference in a variable leads to. An ARN leads nowhere: no client connects by it."""
    if resource.type in (SECRET, SECRET_ATTACHMENT):
        return secrets_of_stores(graph).get(_secret_of(graph, resource))
    if resource.type not in STORE_KINDS:
        return None
    is_arn = attribute.lower().endswith("arn") and not attribute.endswith("SecretArn")
    return None if is_arn else resource


def _secret_of(graph: Architecture, resource: Resource) -> Resource:
    if resource.type == SECRET:
        return resource
    target = graph.target(resource.prop("SecretId"), SECRET)
    return target if isinstance(target, Resource) else resource


def secrets_of_stores(graph: Architecture) -> dict[Resource, Resource]:
    """Which secret opens which store: by attachment, as the store's password, or as a proxy's credentials."""
    return graph.memo("secrets-of-stores", None, lambda: dict(_secrets(graph)))


def _secrets(graph: Architecture) -> Iterator[tuple[Resource, Resource]]:
    for attachment in graph.existing(SECRET_ATTACHMENT):
        secret = graph.target(attachment.prop("SecretId"), SECRET)
        store = graph.target(attachment.prop("TargetId"), *STORE_KINDS)
        if isinstance(secret, Resource) and isinstance(store, Resource):
            yield secret, store
    for secret in graph.existing(SECRET):
        for store in graph.referrers(secret, *STORE_KINDS):
            held = [store.prop(*path) for path in _PASSWORDS]
            held += [auth.get("SecretArn") for auth in store.prop("Auth").items()]
            if any(secret in _referred(graph, value) for value in held):
                yield secret, store


def _referred(graph: Architecture, value: Value) -> list[Resource | None]:
    return [graph.resource_of(reference) for reference in value.references] if isinstance(value, Text) else []


def _granted(graph: Architecture, function: Resource) -> Iterator[Use]:
    for grant in grants_of(graph, function):
        reads_secret = grant.action in ("secretsmanager:getsecretvalue", "secretsmanager:*")
        if not reads_secret and not grant.action.startswith(_CONNECT):
            continue
        for resource in (one for value in grant.resources for one in _referred(graph, value) if one is not None):
            store = _store_behind(graph, resource, "MasterUserSecret.SecretArn")
            if resource.type in (FILE_SYSTEM, ACCESS_POINT):
                store = resource
            if store is None or not lives_in_vpc(graph, store):
                continue
            if reads_secret and speaks_data_api(graph, function, store):
                continue
            because = f"may read the secret of {store.name}" if reads_secret else f"may connect to {store.name}"
            yield Use(store, because, grant.step)


def speaks_data_api(graph: Architecture, function: Resource, store: Resource) -> bool:
    """Whether the function reaches the store over HTTPS with IAM: by its grants, or because the store offers it."""
    if store.type not in _WITH_DATA_API:
        return False
    if any(grant.action.startswith(_DATA_API) for grant in grants_of(graph, function)):
        return True
    return store.prop("EnableHttpEndpoint").boolean() is True


def fed_by_stores(graph: Architecture, function: Resource) -> frozenset[Resource]:
    """The stores whose event source mappings invoke the function: Lambda polls them from its own side."""
    return graph.memo("fed-by", function, lambda: frozenset(_feeds(graph, function)))


def _feeds(graph: Architecture, function: Resource) -> Iterator[Resource]:
    for mapping in graph.referrers(function, "AWS::Lambda::EventSourceMapping"):
        source = graph.target(mapping.prop("EventSourceArn"), *STORE_KINDS)
        if isinstance(source, Resource):
            yield source
