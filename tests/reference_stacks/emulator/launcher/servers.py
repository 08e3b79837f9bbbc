"""Handlers that hand out the PostgreSQL and the Redis that the tests started, where AWS would start its own."""

import json
import secrets
from collections.abc import Callable
from typing import Any

import pg8000.native
import redis
from endpoints import endpoint
from ministack.services import rds, secretsmanager
from ministack.services.cloudformation import provisioners

Created = tuple[str, dict[str, Any]]
Create = Callable[[str, dict[str, Any], str], Created]

INSTANCE, CLUSTER = "AWS::RDS::DBInstance", "AWS::RDS::DBCluster"
REPLICATION_GROUP = "AWS::ElastiCache::ReplicationGroup"


def original(resource_type: str) -> Create:
    created: Create = provisioners._RESOURCE_HANDLERS[resource_type]["create"]
    return created


_create_instance = original(INSTANCE)
_create_cluster = original(CLUSTER)
_create_replication_group = original(REPLICATION_GROUP)


def create_database_instance(logical_id: str, properties: dict[str, Any], stack_name: str) -> Created:
    physical_id, attributes = _create_instance(logical_id, properties, stack_name)
    server = endpoint("postgresql")
    record = rds._instances[physical_id]
    if properties.get("DBClusterIdentifier"):
        # Credentials and database are the cluster's.
        return physical_id, attributes
    attributes |= master_user(record, properties, properties.get("DBName"))
    if server and properties.get("Engine") == "postgres":
        record["Endpoint"] |= {"Address": server["host"], "Port": server["port"]}
        attributes |= {"Endpoint.Address": server["host"], "Endpoint.Port": str(server["port"])}
    return physical_id, attributes


def create_database_cluster(logical_id: str, properties: dict[str, Any], stack_name: str) -> Created:
    physical_id, attributes = _create_cluster(logical_id, properties, stack_name)
    server = endpoint("postgresql")
    record = rds._clusters[physical_id]
    attributes |= master_user(record, properties, properties.get("DatabaseName"))
    if server and properties.get("Engine") == "aurora-postgresql":
        record |= {"Endpoint": server["host"], "ReaderEndpoint": server["host"], "Port": server["port"]}
        attributes |= {
            "Endpoint.Address": server["host"],
            "Endpoint.Port": str(server["port"]),
            "ReadEndpoint.Address": server["host"],
        }
    return physical_id, attributes


def master_user(record: dict[str, Any], properties: dict[str, Any], database: str | None) -> dict[str, Any]:
    """The master user with its database in the tests' PostgreSQL; its secret when RDS is to manage it."""
    user, password = properties.get("MasterUsername", "postgres"), properties.get("MasterUserPassword")
    attributes = {}
    if str(properties.get("ManageMasterUserPassword")).lower() == "true":
        password = secrets.token_urlsafe(24)
        arn, _ = secretsmanager._store_new_secret(
            f"rds!db-{secrets.token_hex(8)}",
            secret_string=json.dumps({"username": user, "password": password}),
            kms_key_id=(properties.get("MasterUserSecret") or {}).get("KmsKeyId"),
        )
        record["MasterUserSecret"] = {"SecretArn": arn, "SecretStatus": "active"}
        attributes["MasterUserSecret.SecretArn"] = arn
    if server := endpoint("postgresql"):
        make_database(server, user, password, database or "postgres")
    return attributes


def make_database(server: dict[str, Any], user: str, password: str, database: str) -> None:
    """The role and its database, made anew: an earlier stack may have left both."""
    connection = pg8000.native.Connection(
        server["user"], host=server["host"], port=server["port"], password=server["password"], database="postgres"
    )
    role, name = pg8000.native.identifier(user), pg8000.native.identifier(database)
    try:
        if database != "postgres":
            connection.run(f"DROP DATABASE IF EXISTS {name} WITH (FORCE)")
        if not connection.run("SELECT 1 FROM pg_roles WHERE rolname = :role", role=user):
            connection.run(f"CREATE ROLE {role}")
        connection.run(f"ALTER ROLE {role} LOGIN CREATEDB CREATEROLE PASSWORD {pg8000.native.literal(password)}")
        if database != "postgres":
            connection.run(f"CREATE DATABASE {name} OWNER {role}")
    finally:
        connection.close()


def create_database_proxy(logical_id: str, properties: dict[str, Any], stack_name: str) -> Created:
    server = endpoint("postgresql")
    name = properties["DBProxyName"]
    return name, {
        "DBProxyArn": f"arn:aws:rds:us-east-1:000000000000:db-proxy:prx-{name}",
        "Endpoint": server["host"] if server else f"{name}.proxy-example.us-east-1.rds.amazonaws.com",
        "VpcId": "vpc-of-the-proxy",
    }


def create_replication_group(logical_id: str, properties: dict[str, Any], stack_name: str) -> Created:
    physical_id, attributes = _create_replication_group(logical_id, properties, stack_name)
    encrypted = str(properties.get("TransitEncryptionEnabled")).lower() == "true"
    if server := endpoint("redis"):
        begin_cache(server, properties.get("AuthToken"))
        attributes |= cache_endpoints(
            server, encrypted, ("PrimaryEndPoint", "ReaderEndPoint", "ConfigurationEndPoint")
        )
    return physical_id, attributes


def create_serverless_cache(logical_id: str, properties: dict[str, Any], stack_name: str) -> Created:
    name = properties["ServerlessCacheName"]
    attributes = {"ARN": f"arn:aws:elasticache:us-east-1:000000000000:serverlesscache:{name}"}
    if server := endpoint("redis"):
        begin_cache(server, None)
        attributes |= cache_endpoints(server, True, ("Endpoint", "ReaderEndpoint"))
    return name, attributes


def begin_cache(server: dict[str, Any], token: str | None) -> None:
    """An empty cache that asks for the token, or for nothing: users of a user group are let in with any password,
    since IAM's signed ones cannot be checked here."""
    with redis.Redis(
        host=server["host"], port=server["port"], username="tests", password=server["password"]
    ) as cache:
        cache.flushall()
        cache.execute_command("ACL", "SETUSER", "default", "resetpass", f">{token}" if token else "nopass")


def cache_endpoints(server: dict[str, Any], encrypted: bool, names: tuple[str, ...]) -> dict[str, str]:
    port = server["tls_port"] if encrypted else server["port"]
    return {
        f"{name}.{part}": value
        for name in names
        for part, value in (("Address", server["host"]), ("Port", str(port)))
    }


CREATED_BY: dict[str, Create] = {
    INSTANCE: create_database_instance,
    CLUSTER: create_database_cluster,
    REPLICATION_GROUP: create_replication_group,
    "AWS::ElastiCache::ServerlessCache": create_serverless_cache,
    "AWS::RDS::DBProxy": create_database_proxy,
}
