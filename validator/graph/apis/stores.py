"""Data stores that APIs reach without code: services of integrations, and data sources of AppSync."""

from typing import Final

from validator.graph.architecture import Architecture
from validator.graph.resource import Resource
from validator.resolve import Text

DATA_SOURCE = "AWS::AppSync::DataSource"
RESOLVER = "AWS::AppSync::Resolver"
FUNCTION = "AWS::AppSync::FunctionConfiguration"

STORE_SOURCES: Final = {
    "AMAZON_DYNAMODB": "DynamoDB",
    "RELATIONAL_DATABASE": "a relational database",
    "AMAZON_OPENSEARCH_SERVICE": "OpenSearch",
    "AMAZON_ELASTICSEARCH": "Elasticsearch",
}
"""Types of AppSync data sources that are stores."""

_STORE_SERVICES = frozenset(
    (
        "dynamodb",
        "s3",
        "rds-data",
        "rdsdata",
        "timestream",
        "timestream-query",
        "timestream-write",
        "query.timestream",
        "ingest.timestream",
        "qldb",
        "session.qldb",
        "qldb-session",
        "redshift-data",
        "cassandra",
        "sdb",
        "es",
        "aoss",
        "neptune-db",
        "dax",
        "secretsmanager",
    )
)


def is_store_service(service: str) -> bool:
    """Whether the service of an integration's URI is a data store."""
    return service in _STORE_SERVICES


def resolvers_of(graph: Architecture, data_source: Resource) -> tuple[Resource, ...]:
    """Resolvers and pipeline functions that use the data source, by reference or by its name."""

    def compute() -> tuple[Resource, ...]:
        by_reference = graph.referrers(data_source, RESOLVER, FUNCTION)
        name = data_source.prop("Name").literal
        api = data_source.prop("ApiId")
        by_name = tuple(
            one
            for one in graph.declared(RESOLVER, FUNCTION)
            if name is not None
            and one.prop("DataSourceName").literal == name
            and _same(one.prop("ApiId"), api)
            and one.exists()
        )
        return tuple(dict.fromkeys(by_reference + by_name))

    return graph.memo("resolvers", data_source, compute)


def _same(one: object, other: object) -> bool:
    return isinstance(one, Text) and isinstance(other, Text) and one.parts == other.parts
