"""The components that several patterns share, each as a row of the conformance table."""

from collections.abc import Iterable

from validator.graph.apis.authorization import AuthorizationKind
from validator.graph.apis.operation import Operation
from validator.graph.architecture import Architecture
from validator.graph.iam.execution import execution_role, users_of_role
from validator.graph.iam.services import subjects_of_path
from validator.graph.network.functions import Attached, place_of
from validator.graph.network.groups import ingress_of
from validator.graph.network.subnets import SubnetExposure
from validator.graph.patterns.signs import authorizers, by_name, pools_of_authorizers, stores_of, unseen_stores
from validator.graph.patterns.table import Component, absent, not_used, open_, present, shown
from validator.graph.resource import Resource
from validator.graph.stores.kinds import STORE_KINDS
from validator.graph.stores.placement import Home, groups_worn, placement_of
from validator.graph.stores.usage import secrets_of_stores
from validator.model import Missing

Call = tuple[Operation, Resource]


def role_for_each(graph: Architecture, functions: Iterable[Resource]) -> Component:
    """A role of its own for each function."""
    name, roles, missing = "a role for each function", [], []
    for function in functions:
        user = execution_role(function, graph)
        if user is None or user.role is None:
            what = f"the role of {function.name} is not in the run"
            missing.append((user.missing if user else None) or Missing(what, "add its template", f"role:{what}"))
            continue
        roles.append(user.role)
        sharing = sorted(other.resource.name for other in users_of_role(user.role, graph))
        if len(sharing) > 1:
            statement = f"{' and '.join(sharing)} share the role {user.role.name}"
            return absent(name, statement, "Give each function a role of its own.")
    if missing:
        return open_(name, missing[0].what, tuple(missing))
    return present(name, f"each function has its own role ({shown(tuple(roles))})", tuple(roles))


def function_for_each_path(calls: tuple[Call, ...]) -> Component:
    """A function for each subject that the API's paths are about."""
    name = "a function for each path"
    about: dict[Resource, set[str]] = {}
    for operation, function in calls:
        about.setdefault(function, set()).add(subjects_of_path(operation.path))
    wide = [(function, found - {""}) for function, found in about.items() if len(found - {""}) > 1]
    if wide:
        function, found = wide[0]
        statement = f"{function.name} answers {', '.join('/' + one for one in sorted(found))}"
        return absent(name, statement, "Put a function of its own behind each of these paths.")
    proxies = [op for op, _ in calls if (op.path.startswith("/{") and "+" in op.path) or op.path == "$default"]
    if proxies and len(about) == 1:
        statement = f"{calls[0][1].name} answers every path ({proxies[0].name})"
        return absent(name, statement, "Put a function of its own behind each path.")
    functions = tuple(about)
    return present(name, f"{shown(functions)} each answer one path", functions)


def sign_in_guard(graph: Architecture, api: Resource, calls: tuple[Call, ...]) -> Component:
    """The API's operations ask for a token of the user pool."""
    name = "Cognito authorizer on the API"
    kinds = {operation.authorization.kind for operation, _ in calls}
    pools = pools_of_authorizers(graph)
    if kinds & {AuthorizationKind.COGNITO, AuthorizationKind.JWT} and pools:
        return present(name, f"{api.name} asks for tokens of {shown(pools)}", (api, *pools))
    missing = tuple(op.authorization.missing for op, _ in calls if op.authorization.missing is not None)
    values = (value for one in authorizers(graph) for value in (*one.providers.items(), one.issuer))
    missing += tuple(value.missing for value in values if value.missing is not None)
    if missing:
        return open_(name, missing[0].what, missing)
    how = f"Declare a Cognito authorizer on {api.name} and make it the default one."
    return absent(name, f"no operation of {api.name} asks for a token of a user pool of the run", how)


def lambda_authorizer(graph: Architecture, api: Resource, calls: tuple[Call, ...]) -> Component:
    """The API's operations ask a function who is calling."""
    name = "Lambda authorizer"
    if any(operation.authorization.kind is AuthorizationKind.LAMBDA for operation, _ in calls):
        found = (graph.target(one.uri, "AWS::Lambda::Function") for one in authorizers(graph))
        functions = tuple(one for one in found if isinstance(one, Resource))
        return present(name, f"{api.name} asks {shown(functions) or 'an authorizer'}", (api, *functions))
    missing = tuple(op.authorization.missing for op, _ in calls if op.authorization.missing is not None)
    if missing:
        return open_(name, missing[0].what, missing)
    how = f"Declare a Lambda authorizer on {api.name} and make it the default one."
    return absent(name, f"no operation of {api.name} asks a Lambda authorizer", how)


def store_among(
    graph: Architecture, functions: Iterable[Resource], name: str, types: Iterable[str], how: str = ""
) -> Component:
    """A store of certain types that the functions use. Without ``how`` to add one, a workload can do without it."""
    members, wanted = tuple(functions), frozenset(types)
    found = tuple(s for function in members for s in stores_of(graph, function) if s.type in wanted)
    if found:
        return present(name, f"{shown(found)}, used by the functions", found)
    missing = tuple(cause for function in members for cause in unseen_stores(graph, function))
    if missing:
        return open_(name, missing[0].what, missing)
    statement = f"no function behind the API uses one ({shown(members)})"
    return absent(name, statement, how) if how else not_used(name, statement)


def network_stores(graph: Architecture, functions: Iterable[Resource]) -> tuple[Resource, ...]:
    """The stores in a VPC that the functions use."""
    return by_name(s for function in functions for s in stores_of(graph, function) if s.type in STORE_KINDS)


def attached_clients(graph: Architecture, functions: Iterable[Resource], name: str) -> Component:
    """The functions that use stores in a VPC are attached to it."""
    clients = tuple(function for function in functions if network_stores(graph, (function,)))
    places = {function: place_of(graph, function) for function in clients}
    apart = tuple(one for one, place in places.items() if place.attached is Attached.NO)
    if apart:
        how = "Set VpcConfig with the private subnets and a security group."
        return absent(name, f"{shown(apart)} runs outside the VPC of its store", how)
    missing = tuple(cause for place in places.values() for cause in place.missing)
    if missing:
        return open_(name, missing[0].what, missing)
    if not clients:
        return absent(name, "no function uses a store in a VPC", "Attach the function that uses the store.")
    return present(name, f"{shown(clients)} is attached to the VPC", clients)


def private_subnets(graph: Architecture, stores: tuple[Resource, ...], name: str) -> Component:
    """The stores stand in private subnets."""
    exposures: list[SubnetExposure] = []
    for store in stores:
        placement = placement_of(graph, store)
        if placement.home is not Home.SUBNETS:
            return absent(name, f"{store.name} {placement.because}", f"Place {store.name} in private subnets.")
        exposures += placement.exposures(graph)
    return _of_exposures(stores, exposures, name)


def _of_exposures(stores: tuple[Resource, ...], exposures: list[SubnetExposure], name: str) -> Component:
    public = [one for one in exposures if one.is_public]
    if public:
        return absent(name, f"{shown(stores)} stands in a public subnet", "Name subnets without a route outside.")
    missing = tuple(cause for one in exposures for cause in one.missing)
    if missing:
        return open_(name, missing[0].what, missing)
    if not exposures:
        return absent(name, "no store stands in a VPC", "Place the store in private subnets.")
    return present(name, f"{shown(stores)} stands in private subnets", stores)


def function_subnets(graph: Architecture, functions: tuple[Resource, ...]) -> Component:
    """The functions' subnets are private."""
    exposures = [one for function in functions for one in place_of(graph, function).exposures(graph)]
    return _of_exposures(functions, exposures, "private subnets of the functions")


def undecided_admission(graph: Architecture, stores: tuple[Resource, ...]) -> list[Missing]:
    """Why a store may admit more than the run shows: groups and rules that an input decides."""
    found: list[Missing] = []
    for store in stores:
        if store.type not in STORE_KINDS:
            continue
        for worn in groups_worn(graph, store):
            if worn.group.missing is not None:
                found.append(worn.group.missing)
                continue
            rules = ingress_of(graph, worn.group).rules
            found += [rule.peer.group.missing for rule in rules if rule.peer.group and rule.peer.group.missing]
    return found


_MANAGED = ("ManageMasterUserPassword", "ManageAdminPassword", "ManageMasterPassword")


def secret_of(graph: Architecture, stores: tuple[Resource, ...]) -> Component:
    """The credentials of the stores are kept as a secret: by the service itself, or as one of the run."""
    name = "credentials as a secret"
    managed = tuple(s for s in stores if any(s.prop(switch).boolean() is True for switch in _MANAGED))
    opening = tuple(secret for secret, store in secrets_of_stores(graph).items() if store in stores)
    if managed or opening:
        found = (*opening, *managed)
        return present(name, f"{shown(found)} holds the credentials as a secret", found)
    by_identity = tuple(s for s in stores if s.prop("EnableIAMDatabaseAuthentication").boolean() is True)
    if by_identity:
        return present(name, f"{shown(by_identity)} takes temporary credentials of IAM", by_identity)
    passwords = [s.prop(key).missing for s in stores for key in ("MasterUserPassword", "AuthToken")]
    missing = tuple(cause for cause in passwords if cause is not None)
    if missing:
        return open_(name, missing[0].what, missing)
    how = "Set ManageMasterUserPassword: true, or attach an AWS::SecretsManager::Secret to the store."
    return absent(name, f"no secret of the run opens {shown(stores)}", how)
