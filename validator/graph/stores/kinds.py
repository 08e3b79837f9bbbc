"""The data stores that live in a network, as one table: placement, security groups, ports, public switch.

Property paths are those of the CloudFormation resource schemas; what AWS does where a property is absent is
in ``public_access`` and ``placement``.
"""

from collections.abc import Mapping
from dataclasses import dataclass, field
from enum import Enum

Path = tuple[str, ...]


class Publicity(Enum):
    """How a store comes by a public address."""

    NEVER = "never gets a public address"
    SWITCH = "has a public switch"
    ENDPOINT = "has a public endpoint unless it is placed in a VPC"
    MEMBERS = "is as public as its instances"
    HOST = "is as public as its host"


@dataclass(frozen=True, slots=True)
class StoreKind:
    """What the resource type says of itself.

    ``subnets`` names subnets directly, ``subnet_group`` through a group of subnets; ``cluster`` names the
    resource that holds both instead. ``ports`` are the defaults, by engine where one type serves several
    (the key is how the engine's name starts; the empty key is for all others). ``is_store`` is False for
    what only stands between: a broker, a replication instance.
    """

    noun: str
    publicity: Publicity = Publicity.NEVER
    subnets: tuple[Path, ...] = ()
    subnet_group: str = ""
    groups: tuple[Path, ...] = ()
    cluster: str = ""
    port: str = ""
    engine: str = "Engine"
    ports: Mapping[str, tuple[int, ...]] = field(default_factory=dict, hash=False)
    public: Path = ("PubliclyAccessible",)
    is_store: bool = True


SUBNET_GROUPS = (
    "AWS::RDS::DBSubnetGroup",
    "AWS::ElastiCache::SubnetGroup",
    "AWS::Neptune::DBSubnetGroup",
    "AWS::DocDB::DBSubnetGroup",
    "AWS::Redshift::ClusterSubnetGroup",
    "AWS::MemoryDB::SubnetGroup",
    "AWS::DAX::SubnetGroup",
    "AWS::DMS::ReplicationSubnetGroup",
)
"""Groups of subnets; all of them hold their subnets in ``SubnetIds``."""

_RDS_PORTS = {
    "aurora-postgresql": (5432,),
    "postgres": (5432,),
    "oracle": (1521,),
    "custom-oracle": (1521,),
    "sqlserver": (1433,),
    "custom-sqlserver": (1433,),
    "db2": (50000,),
    "": (3306,),
}
_CACHE_PORTS = {"memcached": (11211,), "": (6379,)}
_DOMAIN = StoreKind(
    "OpenSearch domain",
    Publicity.ENDPOINT,
    subnets=(("VPCOptions", "SubnetIds"),),
    groups=(("VPCOptions", "SecurityGroupIds"),),
    ports={"": (443, 80)},
)
_KAFKA_PORTS = {"": (9092, 9094, 9096, 9098, 2181, 2182)}

STORE_KINDS: dict[str, StoreKind] = {
    "AWS::RDS::DBInstance": StoreKind(
        "database instance",
        Publicity.SWITCH,
        subnet_group="DBSubnetGroupName",
        groups=(("VPCSecurityGroups",),),
        cluster="DBClusterIdentifier",
        port="Port",
        ports=_RDS_PORTS,
    ),
    "AWS::RDS::DBCluster": StoreKind(
        "database cluster",
        Publicity.SWITCH,
        subnet_group="DBSubnetGroupName",
        groups=(("VpcSecurityGroupIds",),),
        port="Port",
        ports=_RDS_PORTS,
    ),
    "AWS::RDS::DBShardGroup": StoreKind(
        "shard group", Publicity.SWITCH, cluster="DBClusterIdentifier", ports={"": (5432,)}
    ),
    "AWS::RDS::DBProxy": StoreKind(
        "database proxy",
        subnets=(("VpcSubnetIds",),),
        groups=(("VpcSecurityGroupIds",),),
        engine="EngineFamily",
        ports={"POSTGRESQL": (5432,), "SQLSERVER": (1433,), "": (3306,)},
    ),
    "AWS::RDS::DBProxyEndpoint": StoreKind(
        "proxy endpoint",
        subnets=(("VpcSubnetIds",),),
        groups=(("VpcSecurityGroupIds",),),
        ports={"": (3306, 5432, 1433)},
    ),
    "AWS::ElastiCache::CacheCluster": StoreKind(
        "cache cluster",
        subnet_group="CacheSubnetGroupName",
        groups=(("VpcSecurityGroupIds",),),
        port="Port",
        ports=_CACHE_PORTS,
    ),
    "AWS::ElastiCache::ReplicationGroup": StoreKind(
        "cache replication group",
        subnet_group="CacheSubnetGroupName",
        groups=(("SecurityGroupIds",),),
        port="Port",
        ports=_CACHE_PORTS,
    ),
    "AWS::ElastiCache::ServerlessCache": StoreKind(
        "serverless cache",
        subnets=(("SubnetIds",),),
        groups=(("SecurityGroupIds",),),
        ports={"memcached": (11211, 11212), "": (6379, 6380)},
    ),
    "AWS::MemoryDB::Cluster": StoreKind(
        "MemoryDB cluster",
        subnet_group="SubnetGroupName",
        groups=(("SecurityGroupIds",),),
        port="Port",
        ports={"": (6379,)},
    ),
    "AWS::DAX::Cluster": StoreKind(
        "DAX cluster", subnet_group="SubnetGroupName", groups=(("SecurityGroupIds",),), ports={"": (8111, 9111)}
    ),
    "AWS::DocDB::DBCluster": StoreKind(
        "DocumentDB cluster",
        subnet_group="DBSubnetGroupName",
        groups=(("VpcSecurityGroupIds",),),
        port="Port",
        ports={"": (27017,)},
    ),
    "AWS::DocDB::DBInstance": StoreKind("DocumentDB instance", cluster="DBClusterIdentifier", ports={"": (27017,)}),
    "AWS::DocDBElastic::Cluster": StoreKind(
        "DocumentDB elastic cluster",
        subnets=(("SubnetIds",),),
        groups=(("VpcSecurityGroupIds",),),
        ports={"": (27017,)},
    ),
    "AWS::Neptune::DBCluster": StoreKind(
        "Neptune cluster",
        Publicity.MEMBERS,
        subnet_group="DBSubnetGroupName",
        groups=(("VpcSecurityGroupIds",),),
        port="DBPort",
        ports={"": (8182,)},
    ),
    "AWS::Neptune::DBInstance": StoreKind(
        "Neptune instance", Publicity.SWITCH, cluster="DBClusterIdentifier", ports={"": (8182,)}
    ),
    "AWS::Redshift::Cluster": StoreKind(
        "Redshift cluster",
        Publicity.SWITCH,
        subnet_group="ClusterSubnetGroupName",
        groups=(("VpcSecurityGroupIds",),),
        port="Port",
        ports={"": (5439,)},
    ),
    "AWS::Redshift::EndpointAccess": StoreKind(
        "Redshift endpoint",
        subnet_group="SubnetGroupName",
        groups=(("VpcSecurityGroupIds",),),
        ports={"": (5439,)},
    ),
    "AWS::RedshiftServerless::Workgroup": StoreKind(
        "Redshift workgroup",
        Publicity.SWITCH,
        subnets=(("SubnetIds",),),
        groups=(("SecurityGroupIds",),),
        port="Port",
        ports={"": (5439,)},
    ),
    "AWS::OpenSearchService::Domain": _DOMAIN,
    "AWS::Elasticsearch::Domain": _DOMAIN,
    "AWS::OpenSearchServerless::Collection": StoreKind(
        "OpenSearch Serverless collection", Publicity.SWITCH, ports={"": (443,)}
    ),
    "AWS::OpenSearchServerless::VpcEndpoint": StoreKind(
        "endpoint of collections", subnets=(("SubnetIds",),), groups=(("SecurityGroupIds",),), ports={"": (443,)}
    ),
    "AWS::MSK::Cluster": StoreKind(
        "Kafka cluster",
        Publicity.SWITCH,
        subnets=(("BrokerNodeGroupInfo", "ClientSubnets"),),
        groups=(("BrokerNodeGroupInfo", "SecurityGroups"),),
        ports={"": (*_KAFKA_PORTS[""], 9192, 9194, 9196, 9198)},
        public=("BrokerNodeGroupInfo", "ConnectivityInfo", "PublicAccess", "Type"),
    ),
    "AWS::MSK::ServerlessCluster": StoreKind(
        "serverless Kafka cluster",
        subnets=(("VpcConfigs", "*", "SubnetIds"),),
        groups=(("VpcConfigs", "*", "SecurityGroups"),),
        ports={"": (9098,)},
    ),
    "AWS::MSK::VpcConnection": StoreKind(
        "connection to a Kafka cluster",
        subnets=(("ClientSubnets",),),
        groups=(("SecurityGroups",),),
        ports={"": (*range(14001, 14101), *_KAFKA_PORTS[""])},
    ),
    "AWS::EFS::MountTarget": StoreKind(
        "mount target", subnets=(("SubnetId",),), groups=(("SecurityGroups",),), ports={"": (2049,)}
    ),
    "AWS::FSx::FileSystem": StoreKind(
        "FSx file system",
        subnets=(("SubnetIds",),),
        groups=(("SecurityGroupIds",),),
        engine="FileSystemType",
        ports={"LUSTRE": (988,), "WINDOWS": (445,), "": (2049, 445)},
    ),
    "AWS::Timestream::InfluxDBInstance": StoreKind(
        "InfluxDB instance",
        Publicity.SWITCH,
        subnets=(("VpcSubnetIds",),),
        groups=(("VpcSecurityGroupIds",),),
        port="Port",
        ports={"": (8086,)},
    ),
    "AWS::Timestream::InfluxDBCluster": StoreKind(
        "InfluxDB cluster",
        Publicity.SWITCH,
        subnets=(("VpcSubnetIds",),),
        groups=(("VpcSecurityGroupIds",),),
        port="Port",
        ports={"": (8086,)},
    ),
    "AWS::NeptuneGraph::Graph": StoreKind(
        "Neptune graph", Publicity.SWITCH, public=("PublicConnectivity",), ports={"": (443,)}
    ),
    "AWS::NeptuneGraph::PrivateGraphEndpoint": StoreKind(
        "endpoint of a Neptune graph",
        subnets=(("SubnetIds",),),
        groups=(("SecurityGroupIds",),),
        ports={"": (8182, 443)},
    ),
    "AWS::DMS::ReplicationInstance": StoreKind(
        "replication instance",
        Publicity.SWITCH,
        subnet_group="ReplicationSubnetGroupIdentifier",
        groups=(("VpcSecurityGroupIds",),),
        ports={"": (3306, 5432)},
        is_store=False,
    ),
    "AWS::AmazonMQ::Broker": StoreKind(
        "message broker",
        Publicity.SWITCH,
        subnets=(("SubnetIds",),),
        groups=(("SecurityGroups",),),
        engine="EngineType",
        ports={"": (5671, 61617, 8883, 61614, 443)},
        is_store=False,
    ),
}

SELF_RUN_KINDS: dict[str, StoreKind] = {
    "AWS::EC2::Instance": StoreKind(
        "database on an instance",
        Publicity.HOST,
        subnets=(("SubnetId",), ("NetworkInterfaces", "*", "SubnetId")),
        groups=(("SecurityGroupIds",), ("SecurityGroups",), ("NetworkInterfaces", "*", "GroupSet")),
    ),
    "AWS::EC2::LaunchTemplate": StoreKind(
        "database on launched instances",
        Publicity.HOST,
        subnets=(("LaunchTemplateData", "NetworkInterfaces", "*", "SubnetId"),),
        groups=(
            ("LaunchTemplateData", "SecurityGroupIds"),
            ("LaunchTemplateData", "NetworkInterfaces", "*", "Groups"),
        ),
    ),
    "AWS::ECS::Service": StoreKind(
        "database in a container",
        Publicity.HOST,
        subnets=(("NetworkConfiguration", "AwsvpcConfiguration", "Subnets"),),
        groups=(("NetworkConfiguration", "AwsvpcConfiguration", "SecurityGroups"),),
    ),
}
"""Compute that is a store when it runs a database (see ``self_run``)."""


def kind_of(resource_type: str) -> StoreKind:
    """The entry of a store type, or of compute that runs a database; raises KeyError for all other types."""
    return STORE_KINDS.get(resource_type) or SELF_RUN_KINDS[resource_type]


CLUSTERS = ("AWS::RDS::DBCluster", "AWS::Neptune::DBCluster", "AWS::DocDB::DBCluster")
"""Types that hold placement and groups for their members."""

IAM_BOUNDED: dict[str, str] = {
    "AWS::DynamoDB::Table": "DynamoDB table",
    "AWS::DynamoDB::GlobalTable": "DynamoDB global table",
    "AWS::S3::Bucket": "bucket",
    "AWS::Timestream::Database": "Timestream database",
    "AWS::Timestream::Table": "Timestream table",
    "AWS::Cassandra::Keyspace": "Keyspaces keyspace",
    "AWS::Cassandra::Table": "Keyspaces table",
    "AWS::QLDB::Ledger": "QLDB ledger",
    "AWS::DSQL::Cluster": "Aurora DSQL cluster",
}
"""Stores without placement in a VPC: IAM and resource policies are their boundary."""
