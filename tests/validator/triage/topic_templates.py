"""For each topic a template with the fault, so that every rule of the topic reports it on one resource."""

_API = """\
Resources:
  Api: {Type: AWS::ApiGateway::RestApi, Properties: {Name: tickets}}
"""
_FUNCTION = """\
  Work:
    Type: AWS::Lambda::Function
    Properties:
      Handler: app.handler
      Runtime: python3.13
      Role: arn:aws:iam::111122223333:role/work
      Code: {ZipFile: pass}
"""
_ROLE = """\
Resources:
  Role:
    Type: AWS::IAM::Role
    Properties:
      AssumeRolePolicyDocument:
        Version: "2012-10-17"
        Statement: [{Effect: Allow, Principal: {Service: lambda.amazonaws.com}, Action: sts:AssumeRole}]
      Policies:
        - PolicyName: work
          PolicyDocument:
            Version: "2012-10-17"
            Statement:
"""
_DISTRIBUTION = """\
Resources:
  Site:
    Type: AWS::CloudFront::Distribution
    Properties:
      DistributionConfig:
        Enabled: true
        DefaultCacheBehavior:
          TargetOriginId: web
          ViewerProtocolPolicy: allow-all
          ForwardedValues: {QueryString: false}
        Origins:
          - Id: web
            DomainName: www.example.com
            CustomOriginConfig: {OriginProtocolPolicy: http-only}
        Aliases: [shop.example.com]
        ViewerCertificate:
          AcmCertificateArn: arn:aws:acm:us-east-1:111122223333:certificate/1a2b3c4d-1a2b-1a2b-1a2b-1a2b3c4d5e6f
          SslSupportMethod: sni-only
          MinimumProtocolVersion: TLSv1
"""
_STAGES = (
    _API
    + """\
  Live:
    Type: AWS::ApiGateway::Stage
    Properties: {RestApiId: !Ref Api, DeploymentId: d1, StageName: live}
  Http: {Type: AWS::ApiGatewayV2::Api, Properties: {Name: tickets, ProtocolType: HTTP}}
  HttpLive:
    Type: AWS::ApiGatewayV2::Stage
    Properties: {ApiId: !Ref Http, StageName: live}
"""
)

TEMPLATES = {
    "method without authorization": _API
    + """\
  Get:
    Type: AWS::ApiGateway::Method
    Properties:
      RestApiId: !Ref Api
      ResourceId: !GetAtt Api.RootResourceId
      HttpMethod: GET
      AuthorizationType: NONE
      Integration: {Type: HTTP_PROXY, IntegrationHttpMethod: GET, Uri: https://example.com}
""",
    "function URL open to everyone": "Resources:\n"
    + _FUNCTION
    + "  Url: {Type: AWS::Lambda::Url, Properties: {AuthType: NONE, TargetFunctionArn: !GetAtt Work.Arn}}\n",
    "guests of an identity pool": """\
Resources:
  Pool: {Type: AWS::Cognito::IdentityPool, Properties: {AllowUnauthenticatedIdentities: true}}
""",
    "function permission without a source": "Resources:\n"
    + _FUNCTION
    + """\
  Permission:
    Type: AWS::Lambda::Permission
    Properties: {Action: "lambda:InvokeFunction", FunctionName: !Ref Work, Principal: sns.amazonaws.com}
""",
    "public access to a store": """\
Resources:
  Orders:
    Type: AWS::RDS::DBInstance
    Properties: {DBInstanceClass: db.t4g.micro, Engine: postgres, AllocatedStorage: "20", PubliclyAccessible: true}
  Warehouse:
    Type: AWS::Redshift::Cluster
    Properties:
      ClusterType: single-node
      DBName: sales
      MasterUsername: admin
      ManageMasterPassword: true
      NodeType: ra3.large
      PubliclyAccessible: true
""",
    "public access block of a bucket": """\
Resources:
  Uploads:
    Type: AWS::S3::Bucket
    Properties:
      PublicAccessBlockConfiguration:
        {BlockPublicAcls: false, BlockPublicPolicy: false, IgnorePublicAcls: false, RestrictPublicBuckets: false}
""",
    "public ACL of a bucket": """\
Resources:
  Uploads: {Type: AWS::S3::Bucket, Properties: {AccessControl: PublicRead}}
  Inbox: {Type: AWS::S3::Bucket, Properties: {AccessControl: PublicReadWrite}}
""",
    "bucket policy open to everyone": """\
Resources:
  Uploads: {Type: AWS::S3::Bucket}
  UploadsPolicy:
    Type: AWS::S3::BucketPolicy
    Properties:
      Bucket: !Ref Uploads
      PolicyDocument:
        Version: "2012-10-17"
        Statement: [{Effect: Allow, Principal: "*", Action: s3:GetObject, Resource: !Sub "${Uploads.Arn}/*"}]
  Pages:
    Type: AWS::S3::Bucket
    Properties: {WebsiteConfiguration: {IndexDocument: index.html}}
  PagesPolicy:
    Type: AWS::S3::BucketPolicy
    Properties:
      Bucket: !Ref Pages
      PolicyDocument:
        Version: "2012-10-17"
        Statement: [{Effect: Allow, Principal: "*", Action: s3:GetObject, Resource: !Sub "${Pages.Arn}/*"}]
""",
    "encryption at rest": """\
Resources:
  Uploads: {Type: AWS::S3::Bucket}
  Jobs: {Type: AWS::SQS::Queue}
  Search: {Type: AWS::Elasticsearch::Domain, Properties: {EncryptionAtRestOptions: {Enabled: false}}}
  Orders:
    Type: AWS::RDS::DBInstance
    Properties: {DBInstanceClass: db.t4g.micro, Engine: postgres, AllocatedStorage: "20", StorageEncrypted: false}
  Cache:
    Type: AWS::ElastiCache::ReplicationGroup
    Properties: {ReplicationGroupDescription: cache, Engine: redis, AtRestEncryptionEnabled: false}
  Files: {Type: AWS::EFS::FileSystem, Properties: {Encrypted: false}}
  Clicks: {Type: AWS::Kinesis::Stream, Properties: {ShardCount: 1}}
  Graph: {Type: AWS::Neptune::DBCluster, Properties: {StorageEncrypted: false}}
  Accelerator:
    Type: AWS::DAX::Cluster
    Properties: {IAMRoleARN: "arn:aws:iam::111122223333:role/dax", NodeType: dax.t3.small, ReplicationFactor: 1}
  Warehouse:
    Type: AWS::Redshift::Cluster
    Properties:
      ClusterType: single-node
      DBName: sales
      MasterUsername: admin
      ManageMasterPassword: true
      NodeType: ra3.large
      Encrypted: false
  Documents: {Type: AWS::DocDB::DBCluster, Properties: {StorageEncrypted: false}}
  Aurora: {Type: AWS::RDS::DBCluster, Properties: {Engine: aurora-postgresql, StorageEncrypted: false}}
""",
    "backup of a store": """\
Resources:
  Orders:
    Type: AWS::DynamoDB::Table
    Properties:
      BillingMode: PAY_PER_REQUEST
      AttributeDefinitions: [{AttributeName: id, AttributeType: S}]
      KeySchema: [{AttributeName: id, KeyType: HASH}]
  Everywhere:
    Type: AWS::DynamoDB::GlobalTable
    Properties:
      BillingMode: PAY_PER_REQUEST
      AttributeDefinitions: [{AttributeName: id, AttributeType: S}]
      KeySchema: [{AttributeName: id, KeyType: HASH}]
      Replicas: [{Region: eu-west-1}]
""",
    "versions of a bucket": "Resources:\n  Uploads: {Type: AWS::S3::Bucket}\n",
    "web ACL of a distribution": _DISTRIBUTION,
    "web ACL of a GraphQL API": """\
Resources:
  Graph: {Type: AWS::AppSync::GraphQLApi, Properties: {Name: graph, AuthenticationType: AWS_IAM}}
""",
    "access log of an API": _STAGES,
    "tracing of an API": _STAGES,
    "plain HTTP for viewers": _DISTRIBUTION,
    "old TLS for viewers": _DISTRIBUTION,
    "plain HTTP to an origin": _DISTRIBUTION.replace(
        "www.example.com", "media.data.mediastore.us-east-1.amazonaws.com"
    ),
    "access log of a distribution": _DISTRIBUTION,
    "every action allowed": _ROLE + '              - {Effect: Allow, Action: "*", Resource: "*"}\n',
    "grant on every resource": _ROLE
    + """\
              - Effect: Allow
                Action: [s3:PutObject, s3:GetObject, s3:PutBucketPolicy, dynamodb:DeleteTable]
                Resource: "*"
""",
    "way to more privilege": _ROLE
    + """\
              - Effect: Allow
                Action: [iam:PassRole, lambda:CreateFunction, lambda:InvokeFunction, iam:CreateAccessKey]
                Resource: "*"
""",
    "grant by exclusion": _ROLE + '              - {Effect: Allow, NotAction: "iam:*", Resource: "*"}\n',
    "role that strangers can assume": """\
Resources:
  Guests:
    Type: AWS::IAM::Role
    Properties:
      AssumeRolePolicyDocument:
        Version: "2012-10-17"
        Statement: [{Effect: Allow, Principal: {AWS: "*"}, Action: sts:AssumeRole}]
  Partner:
    Type: AWS::IAM::Role
    Properties:
      AssumeRolePolicyDocument:
        Version: "2012-10-17"
        Statement: [{Effect: Allow, Principal: {AWS: ["arn:aws:iam::444455556666:root"]}, Action: sts:AssumeRole}]
""",
    "key policy open to everyone": """\
Resources:
  Key:
    Type: AWS::KMS::Key
    Properties:
      KeyPolicy:
        Version: "2012-10-17"
        Statement: [{Effect: Allow, Principal: {AWS: "*"}, Action: "kms:*", Resource: "*"}]
""",
    "repository policy open to everyone": """\
Resources:
  Images:
    Type: AWS::ECR::Repository
    Properties:
      RepositoryPolicyText:
        Version: "2012-10-17"
        Statement: [{Effect: Allow, Principal: "*", Action: "ecr:BatchGetImage"}]
""",
    "events that a function fails on": "Resources:\n"
    + _FUNCTION
    + """\
  Placed:
    Type: AWS::Events::Rule
    Properties: {EventPattern: {source: [orders]}, Targets: [{Id: a, Arn: !GetAtt Work.Arn}]}
""",
    "secret in a function's environment": "Resources:\n"
    + _FUNCTION
    + "      Environment: {Variables: {DB_PASSWORD: tr0ub4dor-3, ACCESS: AKIAIOSFODNN7EXAMPLE}}\n",
    "limit of a function's concurrency": """\
Transform: AWS::Serverless-2016-10-31
Resources:
  Database:
    Type: AWS::RDS::DBInstance
    Properties: {DBInstanceClass: db.t4g.small, Engine: postgres, ManageMasterUserPassword: true}
  Book:
    Type: AWS::Serverless::Function
    Properties:
      Runtime: python3.13
      Handler: a.h
      InlineCode: pass
      Environment: {Variables: {HOST: !GetAtt Database.Endpoint.Address}}
      Events: {Get: {Type: HttpApi, Properties: {Path: /, Method: get}}}
""",
    "runtime without support": """\
Resources:
  Blocked:
    Type: AWS::Lambda::Function
    Properties:
      Handler: app.handler
      Runtime: nodejs12.x
      Role: arn:aws:iam::111122223333:role/work
      Code: {ZipFile: pass}
  Ending:
    Type: AWS::Lambda::Function
    Properties:
      Handler: app.handler
      Runtime: python3.7
      Role: arn:aws:iam::111122223333:role/work
      Code: {ZipFile: pass}
  Late:
    Type: AWS::Lambda::Function
    Properties:
      Handler: app.handler
      Runtime: nodejs20.x
      Role: arn:aws:iam::111122223333:role/work
      Code: {ZipFile: pass}
""",
    "password parameter that is shown": """\
Parameters:
  MasterPassword: {Type: String}
Resources:
  Orders:
    Type: AWS::RDS::DBInstance
    Properties:
      DBInstanceClass: db.t4g.micro
      Engine: postgres
      AllocatedStorage: "20"
      MasterUsername: orders
      MasterUserPassword: !Ref MasterPassword
""",
    "SSH open to the Internet": """\
Resources:
  Door:
    Type: AWS::EC2::SecurityGroup
    Properties:
      GroupDescription: door
      SecurityGroupIngress: [{IpProtocol: tcp, FromPort: 22, ToPort: 22, CidrIp: 0.0.0.0/0}]
""",
    "RDP open to the Internet": """\
Resources:
  Door:
    Type: AWS::EC2::SecurityGroup
    Properties:
      GroupDescription: door
      SecurityGroupIngress: [{IpProtocol: tcp, FromPort: 3389, ToPort: 3389, CidrIp: 0.0.0.0/0}]
""",
}
