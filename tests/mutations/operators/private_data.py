"""Ways to take data out of its private subnets (DATA001 to DATA006; DATA007 never fails)."""

from tests.mutations.edits import add, append, drop, put, remove, section
from tests.mutations.mutation import breaks, gone, harmless, too

_IN_DATA_SUBNETS = "Reports Cluster Cache Search Proxy"
_NO_SUBNETS = "no subnets of the template are left to judge"
_GATEWAY = """
    Gateway:
      Type: AWS::EC2::InternetGateway
    GatewayAttachment:
      Type: AWS::EC2::VPCGatewayAttachment
      Properties: {VpcId: !Ref Vpc, InternetGatewayId: !Ref Gateway}
"""

_PUBLIC = (
    breaks("DATA001", "vpc_stores", "Reports", "the switch is on", put("Reports", "PubliclyAccessible", "true")),
    breaks(
        "DATA001",
        "vpc_stores",
        "Writer",
        "a member of the cluster switches it on",
        put("Writer", "PubliclyAccessible", '"true"'),
    ),
    breaks(
        "DATA001",
        "vpc_stores",
        "Reports",
        "the group named default makes on the default",
        put("Reports", "DBSubnetGroupName", "default"),
        drop("Reports", "PubliclyAccessible"),
        also=(
            *too("DATA003", "Reports", "the group named default is that of the default VPC"),
            *gone("DATA002 DATA006", "Reports", _NO_SUBNETS),
        ),
    ),
    breaks(
        "DATA001",
        "conditions",
        "Store",
        "on in development",
        put("Store", "PubliclyAccessible", "!If [IsProd, false, true]"),
        when={"IsProd": False},
    ),
    breaks(
        "DATA001",
        "mobile_backend",
        "Database",
        "the reference stack's switch is on",
        put("Database", "PubliclyAccessible", "true"),
    ),
    breaks(
        "DATA001",
        "vpc_stores",
        "Migration",
        "a DMS instance says nothing, and its default is on",
        add("""
        MigrationSubnets:
          Type: AWS::DMS::ReplicationSubnetGroup
          Properties:
            ReplicationSubnetGroupDescription: Isolated
            SubnetIds: [!Ref DataSubnetA, !Ref DataSubnetB]
        Migration:
          Type: AWS::DMS::ReplicationInstance
          Properties:
            ReplicationInstanceClass: dms.t3.small
            ReplicationSubnetGroupIdentifier: !Ref MigrationSubnets
            VpcSecurityGroupIds: [!GetAtt ProxyGroup.GroupId]
    """),
    ),
)

_ROUTED = (
    breaks(
        "DATA002",
        "vpc_stores",
        f"{_IN_DATA_SUBNETS} FilesInA FilesInB",
        "the data tier's table gets a route to the internet gateway",
        add("""
        DataRoute:
          Type: AWS::EC2::Route
          Properties: {RouteTableId: !Ref DataTable, DestinationCidrBlock: 0.0.0.0/0, GatewayId: !Ref InternetGateway}
    """),
    ),
    breaks(
        "DATA002",
        "vpc_stores",
        f"{_IN_DATA_SUBNETS} FilesInA FilesInB",
        "half of the Internet is routed to the gateway",
        add("""
        DataRoute:
          Type: AWS::EC2::Route
          Properties: {RouteTableId: !Ref DataTable, DestinationCidrBlock: 0.0.0.0/1, GatewayId: !Ref InternetGateway}
    """),
    ),
    breaks(
        "DATA002",
        "vpc_stores",
        f"{_IN_DATA_SUBNETS} FilesInB",
        "one subnet is moved to the public table",
        put("DataSubnetBTable", "RouteTableId", "!Ref PublicTable"),
    ),
    breaks(
        "DATA002",
        "vpc_stores",
        "Cache",
        "the subnet group takes a public subnet besides",
        append("CacheSubnetGroup", "SubnetIds", "!Ref PublicSubnet"),
    ),
    breaks(
        "DATA002",
        "vpc_stores",
        "Proxy",
        "the proxy stands in a public subnet",
        put("Proxy", "VpcSubnetIds", "[!Ref PublicSubnet, !Ref DataSubnetB]"),
    ),
    breaks(
        "DATA002",
        "vpc_stores",
        "FilesInA",
        "a mount target in a public subnet",
        put("FilesInA", "SubnetId", "!Ref PublicSubnet"),
    ),
    breaks(
        "DATA002",
        "vpc_stores",
        "Search",
        "the domain takes a public subnet",
        put("Search", "VPCOptions SubnetIds 0", "!Ref PublicSubnet"),
    ),
    breaks(
        "DATA002",
        "conditions",
        "Store",
        "one subnet's table is the public one in production",
        put("SubnetBTable", "RouteTableId", "!If [IsProd, !Ref PublicTable, !Ref PrivateTable]"),
        when={"IsProd": True},
        also=(
            *too("DATA004", "Reader", "the function stands in the same subnet"),
            *too("DATA005", "Reader", "the endpoint serves the other table only"),
        ),
    ),
    breaks(
        "DATA002",
        "mobile_backend",
        "Database",
        "the reference stack's table gets a gateway",
        add(
            _GATEWAY
            + """
    WayOut:
      Type: AWS::EC2::Route
      Properties:
        {RouteTableId: !Ref DatabaseRouteTable, DestinationCidrBlock: 198.51.100.0/24, GatewayId: !Ref Gateway}
"""
        ),
        also=too("PATTERN001", "BackendApi", "the pattern's database stands in private subnets"),
    ),
)

_UNPLACED = (
    breaks(
        "DATA003",
        "vpc_stores",
        "Reports",
        "no subnet group",
        drop("Reports", "DBSubnetGroupName"),
        also=gone("DATA002 DATA006", "Reports", _NO_SUBNETS),
    ),
    breaks(
        "DATA003",
        "vpc_stores",
        "Cluster",
        "an Aurora cluster without subnet group",
        drop("Cluster", "DBSubnetGroupName"),
        also=gone("DATA002 DATA006", "Cluster", _NO_SUBNETS),
    ),
    breaks(
        "DATA003",
        "vpc_stores",
        "Cache",
        "a cache without subnet group",
        drop("Cache", "CacheSubnetGroupName"),
        also=gone("DATA002 DATA006", "Cache", _NO_SUBNETS),
    ),
    breaks(
        "DATA003",
        "vpc_stores",
        "Search",
        "a domain without VPC options, its policy still narrow",
        drop("Search", "VPCOptions"),
        also=gone("DATA002 DATA006 TIER002", "Search", _NO_SUBNETS),
    ),
    breaks(
        "DATA003",
        "conditions",
        "Store",
        "no subnet group in development",
        put("Store", "DBSubnetGroupName", "!If [IsProd, !Ref StoreSubnets, !Ref AWS::NoValue]"),
        put("Store", "PubliclyAccessible", "false"),
        when={"IsProd": False},
    ),
)

_FUNCTIONS = (
    breaks(
        "DATA004",
        "vpc_stores",
        "Worker",
        "the function is not attached",
        drop("Worker", "VpcConfig"),
        also=(
            *gone("DATA005 DATA006", "Worker", "outside a VPC there is always a way out"),
            *too("TIER002", "Search", "no subnet is left that is known to be the logic tier's", verdict="unknown"),
        ),
    ),
    breaks(
        "DATA004",
        "vpc_stores",
        "Worker",
        "empty lists detach it",
        put("Worker", "VpcConfig", "{SubnetIds: [], SecurityGroupIds: []}"),
        also=(
            *gone("DATA005 DATA006", "Worker", "outside a VPC there is always a way out"),
            *too("TIER002", "Search", "no subnet is left that is known to be the logic tier's", verdict="unknown"),
        ),
    ),
    breaks(
        "DATA004",
        "conditions",
        "Reader",
        "not attached in development",
        put(
            "Reader",
            "VpcConfig",
            """
            !If
            - IsProd
            - {SubnetIds: [!Ref SubnetA, !Ref SubnetB], SecurityGroupIds: [!GetAtt LogicGroup.GroupId]}
            - !Ref AWS::NoValue
            """,
        ),
        when={"IsProd": False},
    ),
    breaks(
        "DATA004",
        "mobile_backend",
        "InfoFunction",
        "the reference stack's function is not attached",
        drop("InfoFunction", "VpcConfig"),
        also=(
            *gone("DATA005 DATA006", "InfoFunction", "outside a VPC there is always a way out"),
            *too("PATTERN001", "BackendApi", "the pattern's function stands beside its database"),
        ),
    ),
    breaks(
        "DATA005",
        "mobile_backend",
        "InfoFunction InfoSchemaFunction",
        "the endpoint is taken away",
        remove("SecretsManagerEndpoint"),
    ),
    breaks(
        "DATA005",
        "mobile_backend",
        "InfoFunction InfoSchemaFunction",
        "the endpoint loses its private name",
        drop("SecretsManagerEndpoint", "PrivateDnsEnabled"),
    ),
    breaks(
        "DATA005",
        "mobile_backend",
        "InfoFunction InfoSchemaFunction",
        "the VPC gives no host names",
        drop("Vpc", "EnableDnsHostnames"),
    ),
    breaks(
        "DATA005",
        "mobile_backend",
        "InfoFunction InfoSchemaFunction",
        "the endpoint's group admits nobody",
        remove("EndpointFromFunctions"),
    ),
    breaks(
        "DATA005",
        "vpc_stores",
        "Worker",
        "the gateway endpoint serves another table, and the NAT route is gone",
        remove("LogicRoute"),
        put("TableEndpoint", "RouteTableIds", "[!Ref DataTable]"),
    ),
    breaks(
        "DATA005",
        "conditions",
        "Reader",
        "no endpoint of the bucket's service",
        remove("ArticlesEndpoint"),
        when={"IsProd": True},
    ),
    breaks(
        "DATA006",
        "vpc_stores",
        "Worker",
        "the function stands in one zone",
        put("Worker", "VpcConfig SubnetIds", "[!Ref LogicSubnetA]"),
        also=too("TIER002", "Search", "the other subnet's range is no longer the logic tier's"),
    ),
    breaks(
        "DATA006",
        "vpc_stores",
        f"{_IN_DATA_SUBNETS} Files",
        "both data subnets are in one zone",
        put("DataSubnetB", "AvailabilityZone", '!Select [0, !GetAZs ""]'),
    ),
    breaks(
        "DATA006",
        "conditions",
        "Store Reader",
        "both subnets take the first zone",
        put("SubnetB", "AvailabilityZone", '!Select [0, !GetAZs ""]'),
    ),
)

MUTATIONS = (*_PUBLIC, *_ROUTED, *_UNPLACED, *_FUNCTIONS)

HARMLESS = (
    harmless(
        "vpc_stores", "the switch is left out: a named subnet group means off", drop("Reports", "PubliclyAccessible")
    ),
    harmless(
        "vpc_stores",
        "the data tier's table gets a route to the NAT gateway",
        add("""
        DataRoute:
          Type: AWS::EC2::Route
          Properties: {RouteTableId: !Ref DataTable, DestinationCidrBlock: 0.0.0.0/0, NatGatewayId: !Ref NatGateway}
    """),
    ),
    harmless(
        "vpc_stores", "subnets without association are isolated", remove("DataSubnetATable", "DataSubnetBTable")
    ),
    harmless(
        "vpc_stores",
        "addresses at launch make no subnet public",
        put("DataSubnetA", "MapPublicIpOnLaunch", "true"),
        put("DataSubnetB", "MapPublicIpOnLaunch", "true"),
    ),
    harmless(
        "vpc_stores",
        "a VPN gateway is no internet gateway",
        add("""
        Vpn:
          Type: AWS::EC2::VPNGateway
          Properties: {Type: ipsec.1}
        DataRoute:
          Type: AWS::EC2::Route
          Properties: {RouteTableId: !Ref DataTable, DestinationCidrBlock: 192.168.0.0/16, GatewayId: !Ref Vpn}
    """),
    ),
    harmless(
        "conditions",
        "a parameter beside, nobody uses it",
        section("Parameters", "{Spare: {Type: String, Default: x}}"),
    ),
)
