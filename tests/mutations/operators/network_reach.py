"""Ways to let somebody besides the logic tier reach a store over the network (TIER001, TIER002, TIER008)."""

from tests.mutations.edits import add, append, drop, put, remove
from tests.mutations.mutation import breaks, gone, harmless, too

_OPEN_GROUP = add("""
    OpenGroup:
      Type: AWS::EC2::SecurityGroup
      Properties:
        VpcId: !Ref Vpc
        GroupDescription: Everyone
        SecurityGroupIngress: [{IpProtocol: tcp, FromPort: 5432, ToPort: 5439, CidrIp: 0.0.0.0/0}]
""")
_SECOND_PUBLIC_SUBNET = add("""
    PublicSubnetB:
      Type: AWS::EC2::Subnet
      Properties: {VpcId: !Ref Vpc, CidrBlock: 10.0.5.0/24, AvailabilityZone: eu-west-1b}
    PublicSubnetBTable:
      Type: AWS::EC2::SubnetRouteTableAssociation
      Properties: {SubnetId: !Ref PublicSubnetB, RouteTableId: !Ref PublicTable}
""")
_HALVES = "a public address, a public subnet and an open group are each a fault of their own"
_BASTION = add("""
    BastionGroup:
      Type: AWS::EC2::SecurityGroup
      Properties:
        VpcId: !Ref Vpc
        GroupDescription: The bastion host
        SecurityGroupIngress: [{IpProtocol: tcp, FromPort: 22, ToPort: 22, CidrIp: 198.51.100.0/24}]
    Bastion:
      Type: AWS::EC2::Instance
      Properties:
        ImageId: ami-0abcdef1234567890
        InstanceType: t4g.nano
        SubnetId: !Ref PublicSubnet
        SecurityGroupIds: [!GetAtt BastionGroup.GroupId]
""")

_REACHABLE = (
    breaks(
        "TIER001",
        "vpc_stores",
        "Reports",
        "public, in public subnets, its group open to everyone",
        _SECOND_PUBLIC_SUBNET,
        add("""
            PublicSubnets:
              Type: AWS::RDS::DBSubnetGroup
              Properties: {DBSubnetGroupDescription: Public, SubnetIds: [!Ref PublicSubnet, !Ref PublicSubnetB]}
        """),
        put("Reports", "DBSubnetGroupName", "!Ref PublicSubnets"),
        put("Reports", "PubliclyAccessible", "true"),
        put(
            "ReportsGroup",
            "SecurityGroupIngress 0",
            "{IpProtocol: tcp, FromPort: 5432, ToPort: 5432, CidrIp: 0.0.0.0/0}",
        ),
        also=(
            *too("DATA001", "Reports", _HALVES),
            *too("DATA002", "Reports", _HALVES),
            *too("TIER002", "Reports", _HALVES),
        ),
    ),
    breaks(
        "TIER001",
        "vpc_stores",
        "Search",
        "a domain outside the VPC whose policy lets everyone in",
        drop("Search", "VPCOptions"),
        put("Search", "AccessPolicies Statement 0 Principal", '{AWS: "*"}'),
        also=(
            *too("DATA003", "Search", "outside the VPC is what makes its endpoint public"),
            *too("IAM010", "Search", "its resource policy is what lets everyone in"),
            *gone("DATA002 DATA006 TIER002", "Search", "it has no subnets and no groups any more"),
        ),
    ),
    breaks(
        "TIER001",
        "vpc_stores",
        "Warehouse",
        "a warehouse beside, public by every switch",
        _OPEN_GROUP,
        _SECOND_PUBLIC_SUBNET,
        add("""
            WarehouseSubnets:
              Type: AWS::Redshift::ClusterSubnetGroup
              Properties: {Description: Public, SubnetIds: [!Ref PublicSubnet, !Ref PublicSubnetB]}
            Warehouse:
              Type: AWS::Redshift::Cluster
              Properties:
                ClusterType: multi-node
                NumberOfNodes: 2
                NodeType: ra3.large
                DBName: reports
                MasterUsername: app
                ManageMasterPassword: true
                PubliclyAccessible: true
                ClusterSubnetGroupName: !Ref WarehouseSubnets
                VpcSecurityGroupIds: [!GetAtt OpenGroup.GroupId]
        """),
        also=(
            *too("DATA001", "Warehouse", _HALVES),
            *too("DATA002", "Warehouse", _HALVES),
            *too("TIER002", "Warehouse", _HALVES),
        ),
    ),
    breaks(
        "TIER001",
        "mobile_backend",
        "Database",
        "every half opened in the reference stack",
        add("""
            Gateway:
              Type: AWS::EC2::InternetGateway
            GatewayAttachment:
              Type: AWS::EC2::VPCGatewayAttachment
              Properties: {VpcId: !Ref Vpc, InternetGatewayId: !Ref Gateway}
            WayOut:
              Type: AWS::EC2::Route
              Properties:
                {RouteTableId: !Ref DatabaseRouteTable, DestinationCidrBlock: 0.0.0.0/0, GatewayId: !Ref Gateway}
            FromAnywhere:
              Type: AWS::EC2::SecurityGroupIngress
              Properties:
                GroupId: !GetAtt DatabaseSecurityGroup.GroupId
                IpProtocol: tcp
                FromPort: 5432
                ToPort: 5432
                CidrIp: 0.0.0.0/0
        """),
        put("Database", "PubliclyAccessible", "true"),
        also=(
            *too("DATA001", "Database", _HALVES),
            *too("DATA002", "Database", _HALVES),
            *too("TIER002", "Database", _HALVES),
            *too("PATTERN001", "BackendApi", "the pattern's database stands in private subnets"),
        ),
    ),
)

_ADMITTING = (
    breaks(
        "TIER002",
        "vpc_stores",
        "Reports",
        "the inline rule admits 0.0.0.0/0",
        put(
            "ReportsGroup",
            "SecurityGroupIngress 0",
            "{IpProtocol: tcp, FromPort: 5432, ToPort: 5432, CidrIp: 0.0.0.0/0}",
        ),
    ),
    breaks(
        "TIER002",
        "vpc_stores",
        "Reports",
        "a separate rule admits half of the Internet",
        add("""
            Half:
              Type: AWS::EC2::SecurityGroupIngress
              Properties:
                {GroupId: !Ref ReportsGroup, IpProtocol: tcp, FromPort: 0, ToPort: 65535, CidrIp: 0.0.0.0/1}
        """),
    ),
    breaks(
        "TIER002",
        "vpc_stores",
        "Cluster",
        "everyone, spelt with host bits",
        append(
            "ClusterGroup",
            "SecurityGroupIngress",
            "{IpProtocol: tcp, FromPort: 5432, ToPort: 5432, CidrIp: 1.1.1.1/0}",
        ),
    ),
    breaks(
        "TIER002",
        "vpc_stores",
        "Cache",
        "everyone over IPv6, spelt 0000::/0",
        add("""
            Everyone:
              Type: AWS::EC2::SecurityGroupIngress
              Properties:
                {GroupId: !Ref CacheGroup, IpProtocol: tcp, FromPort: 6379, ToPort: 6379, CidrIpv6: "0000::/0"}
        """),
    ),
    breaks(
        "TIER002",
        "vpc_stores",
        "Cache",
        "the whole VPC by its attribute",
        drop("CacheFromLogic", "SourceSecurityGroupId"),
        put("CacheFromLogic", "CidrIp", "!GetAtt Vpc.CidrBlock"),
    ),
    breaks(
        "TIER002",
        "vpc_stores",
        "Reports",
        "all protocols, though the ports look narrow",
        append(
            "ReportsGroup", "SecurityGroupIngress", '{IpProtocol: "-1", FromPort: 22, ToPort: 22, CidrIp: 0.0.0.0/0}'
        ),
    ),
    breaks(
        "TIER002",
        "vpc_stores",
        "FilesInA FilesInB",
        "a prefix list of the run that holds everything",
        add("""
            Everything:
              Type: AWS::EC2::PrefixList
              Properties: {PrefixListName: all, AddressFamily: IPv4, MaxEntries: 1, Entries: [{Cidr: 0.0.0.0/0}]}
        """),
        append(
            "FilesGroup",
            "SecurityGroupIngress",
            "{IpProtocol: tcp, FromPort: 2049, ToPort: 2049, SourcePrefixListId: !GetAtt Everything.PrefixListId}",
        ),
    ),
    breaks(
        "TIER002",
        "vpc_stores",
        "Proxy",
        "the proxy admits a company's network",
        append(
            "ProxyGroup",
            "SecurityGroupIngress",
            "{IpProtocol: tcp, FromPort: 5432, ToPort: 5432, CidrIp: 203.0.113.0/24}",
        ),
    ),
    breaks(
        "TIER002",
        "vpc_stores",
        "Search",
        "one more group is worn, and it is open",
        add("""
            AnyoneGroup:
              Type: AWS::EC2::SecurityGroup
              Properties:
                VpcId: !Ref Vpc
                GroupDescription: Anyone
                SecurityGroupIngress: [{IpProtocol: tcp, FromPort: 443, ToPort: 443, CidrIpv6: "::/0"}]
        """),
        append("Search", "VPCOptions SecurityGroupIds", "!GetAtt AnyoneGroup.GroupId"),
    ),
    breaks(
        "TIER002",
        "conditions",
        "Store",
        "open in development only",
        put(
            "StoreGroup",
            "SecurityGroupIngress 1",
            """
            !If
            - IsProd
            - {IpProtocol: tcp, FromPort: 3306, ToPort: 3306, CidrIp: 10.2.1.0/24}
            - {IpProtocol: tcp, FromPort: 3307, ToPort: 3307, CidrIp: 0.0.0.0/0}
            """,
        ),
        when={"IsProd": False},
    ),
    breaks(
        "TIER002",
        "mobile_backend",
        "Database",
        "the source is the VPC's range instead of the functions",
        drop("DatabaseFromFunctions", "SourceSecurityGroupId"),
        put("DatabaseFromFunctions", "CidrIp", "!Ref VpcCidr"),
    ),
)

_COMPUTE = (
    breaks(
        "TIER008",
        "vpc_stores",
        "Bastion",
        "a bastion in a public subnet is admitted by the database",
        _BASTION,
        append(
            "ReportsGroup",
            "SecurityGroupIngress",
            "{IpProtocol: tcp, FromPort: 5432, ToPort: 5432, SourceSecurityGroupId: !GetAtt BastionGroup.GroupId}",
        ),
        also=too("TIER002", "Reports", "the admitted group faces the Internet"),
    ),
    breaks(
        "TIER008",
        "vpc_stores",
        "Shell",
        "a task with a public address wears the functions' group",
        add("""
            Tasks:
              Type: AWS::ECS::Cluster
            ShellTask:
              Type: AWS::ECS::TaskDefinition
              Properties:
                NetworkMode: awsvpc
                Cpu: "256"
                Memory: "512"
                RequiresCompatibilities: [FARGATE]
                ContainerDefinitions: [{Name: shell, Image: "public.ecr.aws/docker/library/busybox:1.37"}]
            Shell:
              Type: AWS::ECS::Service
              Properties:
                Cluster: !Ref Tasks
                TaskDefinition: !Ref ShellTask
                LaunchType: FARGATE
                DesiredCount: 1
                NetworkConfiguration:
                  AwsvpcConfiguration:
                    AssignPublicIp: ENABLED
                    Subnets: [!Ref PublicSubnet]
                    SecurityGroups: [!GetAtt ShellGroup.GroupId]
            ShellGroup:
              Type: AWS::EC2::SecurityGroup
              Properties: {VpcId: !Ref Vpc, GroupDescription: The shell}
            CacheFromShell:
              Type: AWS::EC2::SecurityGroupIngress
              Properties:
                GroupId: !GetAtt CacheGroup.GroupId
                IpProtocol: tcp
                FromPort: 6379
                ToPort: 6379
                SourceSecurityGroupId: !GetAtt ShellGroup.GroupId
        """),
        also=too("TIER002", "Cache", "the admitted group faces the Internet"),
    ),
)

MUTATIONS = (*_REACHABLE, *_ADMITTING, *_COMPUTE)

HARMLESS = (
    harmless(
        "vpc_stores",
        "the functions' own group gets an inert open rule",
        put(
            "LogicGroup",
            "SecurityGroupIngress",
            "[{IpProtocol: tcp, FromPort: 5432, ToPort: 5432, CidrIp: 0.0.0.0/0}]",
        ),
    ),
    harmless(
        "vpc_stores",
        "the database's group admits itself",
        add("""
        Peers:
          Type: AWS::EC2::SecurityGroupIngress
          Properties:
            GroupId: !GetAtt ReportsGroup.GroupId
            IpProtocol: "-1"
            SourceSecurityGroupId: !GetAtt ReportsGroup.GroupId
    """),
    ),
    harmless("vpc_stores", "the cache's group loses its only rule", remove("CacheFromLogic")),
)
