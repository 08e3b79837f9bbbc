"""Traps of AWS's behaviour in networks, stores and tiers: forms that a reader of single properties gets wrong."""

from tests.mutations.edits import add, append, both, drop, put, remove
from tests.mutations.mutation import breaks, harmless, too

_IPV6 = both(
    add("""
        Range:
          Type: AWS::EC2::VPCCidrBlock
          Properties: {VpcId: !Ref Vpc, AmazonProvidedIpv6CidrBlock: true}
        DataRoute:
          Type: AWS::EC2::Route
          Properties:
            {RouteTableId: !Ref DataTable, DestinationIpv6CidrBlock: "::/0", GatewayId: !Ref InternetGateway}
    """),
    put("DataSubnetA", "Ipv6CidrBlock", "!Select [0, !Cidr [!Select [0, !GetAtt Vpc.Ipv6CidrBlocks], 2, 64]]"),
    put("DataSubnetB", "Ipv6CidrBlock", "!Select [1, !Cidr [!Select [0, !GetAtt Vpc.Ipv6CidrBlocks], 2, 64]]"),
)

_NETWORK = (
    breaks(
        "DATA001",
        "vpc_stores",
        "Relations",
        "a Neptune instance has the switch, its cluster has not",
        add("""
        Relatives:
          Type: AWS::Neptune::DBCluster
          Properties:
            DBSubnetGroupName: !Ref RelativesSubnets
            VpcSecurityGroupIds: [!GetAtt ReportsGroup.GroupId]
            StorageEncrypted: true
        RelativesSubnets:
          Type: AWS::Neptune::DBSubnetGroup
          Properties: {DBSubnetGroupDescription: Isolated, SubnetIds: [!Ref DataSubnetA, !Ref DataSubnetB]}
        Relations:
          Type: AWS::Neptune::DBInstance
          Properties: {DBClusterIdentifier: !Ref Relatives, DBInstanceClass: db.r6g.large, PubliclyAccessible: true}
    """),
    ),
    breaks(
        "DATA001",
        "vpc_stores",
        "Clicks",
        "a Multi-AZ cluster without subnet group is on by default",
        add("""
            Clicks:
              Type: AWS::RDS::DBCluster
              Properties:
                Engine: mysql
                DBClusterInstanceClass: db.m6gd.large
                AllocatedStorage: 100
                StorageType: io1
                Iops: 1000
                MasterUsername: app
                ManageMasterUserPassword: true
                VpcSecurityGroupIds: [!GetAtt ReportsGroup.GroupId]
        """),
        also=too("DATA003", "Clicks", "no subnet group is what makes the default on"),
    ),
    breaks(
        "DATA001",
        "vpc_stores",
        "Metrics",
        "Timestream for InfluxDB lives in a VPC and has a switch",
        add("""
        Metrics:
          Type: AWS::Timestream::InfluxDBInstance
          Properties:
            AllocatedStorage: 20
            DbInstanceType: db.influx.medium
            DeploymentType: WITH_MULTIAZ_STANDBY
            PubliclyAccessible: true
            VpcSubnetIds: [!Ref DataSubnetA, !Ref DataSubnetB]
            VpcSecurityGroupIds: [!GetAtt MetricsGroup.GroupId]
        MetricsGroup:
          Type: AWS::EC2::SecurityGroup
          Properties: {VpcId: !Ref Vpc, GroupDescription: Nobody}
    """),
    ),
    breaks(
        "DATA002",
        "vpc_stores",
        "Cluster Proxy Cache Search FilesInA FilesInB",
        "IPv6 leads to the gateway, and one database says that it speaks IPv4",
        _IPV6,
        put("Reports", "NetworkType", "IPV4"),
    ),
    breaks(
        "TIER001",
        "vpc_stores",
        "Vectors",
        "a collection that the Internet may reach",
        add("""
            Vectors:
              Type: AWS::OpenSearchServerless::Collection
              DependsOn: VectorsNetwork
              Properties: {Name: vectors, Type: SEARCH}
            VectorsNetwork:
              Type: AWS::OpenSearchServerless::SecurityPolicy
              Properties:
                Name: vectors
                Type: network
                Policy: >-
                  [{"Rules": [{"ResourceType": "collection", "Resource": ["collection/vec*"]}],
                  "AllowFromPublic": true}]
        """),
        also=too("DATA001", "Vectors", "its network policy is its public switch"),
    ),
    breaks(
        "TIER002",
        "vpc_stores",
        "Proxy",
        "both halves of the Internet",
        append(
            "ProxyGroup", "SecurityGroupIngress", "{IpProtocol: tcp, FromPort: 5432, ToPort: 5432, CidrIp: 0.0.0.0/1}"
        ),
        append(
            "ProxyGroup",
            "SecurityGroupIngress",
            "{IpProtocol: tcp, FromPort: 5432, ToPort: 5432, CidrIp: 128.0.0.0/1}",
        ),
    ),
    breaks(
        "DATA004",
        "vpc_stores",
        "Worker",
        "a public subnet gives a function no way out",
        put("Worker", "VpcConfig SubnetIds", "[!Ref PublicSubnet, !Ref LogicSubnetB]"),
        also=(
            *too(
                "DATA005",
                "Worker",
                "neither a NAT gateway nor the table's endpoint serves the public subnet",
                target="dynamodb",
            ),
            *too("TIER002", "Search", "the left subnet's range is no longer the logic tier's"),
        ),
    ),
)

_STORES = (
    breaks(
        "TIER003",
        "edge",
        "MemberRole",
        "reading by a mapping's role is reading by people",
        drop("IdentityRoles", "Roles authenticated"),
        put(
            "IdentityRoles",
            "RoleMappings",
            """
            members:
              IdentityProvider: !Sub "cognito-idp.${AWS::Region}.amazonaws.com/${Members}:${Client}"
              Type: Rules
              AmbiguousRoleResolution: Deny
              RulesConfiguration:
                Rules: [{Claim: "custom:plan", MatchType: Equals, Value: gold, RoleARN: !GetAtt MemberRole.Arn}]
        """,
        ),
        drop("MemberRole", "Policies 0 PolicyDocument Statement 0 Condition"),
    ),
    breaks(
        "TIER005",
        "messages",
        "UploadsPolicy",
        "a Referer is written by the caller",
        append(
            "UploadsPolicy",
            "PolicyDocument Statement",
            """
            Effect: Allow
            Principal: "*"
            Action: s3:GetObject
            Resource: !Sub arn:aws:s3:::uploads-${AWS::AccountId}/*
            Condition: {StringLike: {aws:Referer: "https://shop.example.com/*"}}
        """,
        ),
        drop("Uploads", "PublicAccessBlockConfiguration"),
        also=too("IAM010", "UploadsPolicy", "the bucket's policy is a resource policy"),
    ),
    breaks(
        "TIER005",
        "messages",
        "UploadsPolicy",
        "half of the Internet by address",
        append(
            "UploadsPolicy",
            "PolicyDocument Statement",
            """
            Effect: Allow
            Principal: {AWS: "*"}
            Action: s3:GetObject
            Resource: !Sub arn:aws:s3:::uploads-${AWS::AccountId}/*
            Condition: {IpAddress: {aws:SourceIp: 0.0.0.0/1}}
        """,
        ),
        drop("Uploads", "PublicAccessBlockConfiguration"),
        also=too("IAM010", "UploadsPolicy", "the bucket's policy is a resource policy"),
    ),
    breaks(
        "TIER005",
        "messages",
        "Uploads",
        "every AWS account by ACL",
        put("Uploads", "AccessControl", "AuthenticatedRead"),
        put("Uploads", "OwnershipControls", "{Rules: [{ObjectOwnership: ObjectWriter}]}"),
        drop("Uploads", "PublicAccessBlockConfiguration"),
    ),
    breaks(
        "TIER006",
        "edge",
        "Front",
        "an access control that signs nothing",
        put("SiteAccess", "OriginAccessControlConfig SigningBehavior", "never"),
    ),
    breaks(
        "TIER004",
        "edge",
        "GraphSource",
        "a resolver on the relational database",
        put("GraphSource", "Type", "RELATIONAL_DATABASE"),
        drop("GraphSource", "LambdaConfig"),
        put(
            "GraphSource",
            "RelationalDatabaseConfig",
            """
            RelationalDatabaseSourceType: RDS_HTTP_ENDPOINT
            RdsHttpEndpointConfig:
              AwsRegion: !Ref AWS::Region
              DbClusterIdentifier: !Sub arn:aws:rds:${AWS::Region}:${AWS::AccountId}:cluster:quotes
              AwsSecretStoreArn: !Sub arn:aws:secretsmanager:${AWS::Region}:${AWS::AccountId}:secret:quotes-a1b2c3
        """,
        ),
    ),
    breaks(
        "TIER007",
        "rest_api",
        "Listener",
        "a load balancer leads to the API's function as well",
        add("""
        Balancer:
          Type: AWS::ElasticLoadBalancingV2::LoadBalancer
          Properties: {Type: application, Subnets: [subnet-0a1b2c3d, subnet-1a2b3c4d], SecurityGroups: [sg-0a1b2c3d]}
        WebAclOnBalancer:
          Type: AWS::WAFv2::WebACLAssociation
          Properties: {WebACLArn: !GetAtt WebAcl.Arn, ResourceArn: !Ref Balancer}
        Listener:
          Type: AWS::ElasticLoadBalancingV2::Listener
          Properties:
            LoadBalancerArn: !Ref Balancer
            Port: 443
            Protocol: HTTPS
            Certificates: [{CertificateArn: !Sub "arn:aws:acm:${AWS::Region}:${AWS::AccountId}:certificate/4c1f"}]
            DefaultActions:
              - {Type: forward, TargetGroupArn: !Ref Targets}
        Targets:
          Type: AWS::ElasticLoadBalancingV2::TargetGroup
          Properties: {TargetType: lambda, Targets: [{Id: !GetAtt Tickets.Arn}]}
        BalancerPermission:
          Type: AWS::Lambda::Permission
          Properties:
            FunctionName: !Ref Tickets
            Action: lambda:InvokeFunction
            Principal: elasticloadbalancing.amazonaws.com
            SourceAccount: !Ref AWS::AccountId
    """),
        also=too("AUTH001", "Listener", "a door that demands authorization is no way around"),
    ),
)

MUTATIONS = (*_NETWORK, *_STORES)

HARMLESS = (
    harmless(
        "vpc_stores",
        "a table of the template is never the main one",
        both(
            remove("DataSubnetATable"),
            add("""
            Alone:
              Type: AWS::EC2::RouteTable
              Properties: {VpcId: !Ref Vpc}
            AloneRoute:
              Type: AWS::EC2::Route
              Properties: {RouteTableId: !Ref Alone, DestinationCidrBlock: 0.0.0.0/0, GatewayId: !Ref InternetGateway}
        """),
        ),
    ),
    harmless(
        "messages",
        "everyone, by a fixed VPC endpoint",
        append(
            "UploadsPolicy",
            "PolicyDocument Statement",
            """
            Effect: Allow
            Principal: "*"
            Action: s3:GetObject
            Resource: !Sub arn:aws:s3:::uploads-${AWS::AccountId}/*
            Condition: {StringEquals: {aws:SourceVpce: vpce-0a1b2c3d4e5f60718}}
        """,
        ),
    ),
    harmless("vpc_stores", "the cluster itself takes no switch", put("Cluster", "PubliclyAccessible", "true")),
)
