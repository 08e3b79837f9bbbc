"""Ways to lead around the logic tier or the front door (TIER003 to TIER007, TIER009)."""

from tests.mutations.edits import add, append, drop, put
from tests.mutations.mutation import breaks, harmless, too

_PEOPLE = (
    breaks(
        "TIER003",
        "edge",
        "MemberRole",
        "the grant is no longer narrowed to the caller's items",
        drop("MemberRole", "Policies 0 PolicyDocument Statement 0 Condition"),
    ),
    breaks(
        "TIER003",
        "edge",
        "MemberRole",
        "a second statement reads the whole table",
        append(
            "MemberRole",
            "Policies 0 PolicyDocument Statement",
            "{Effect: Allow, Action: dynamodb:Scan, Resource: !GetAtt Notes.Arn}",
        ),
    ),
    breaks(
        "TIER003",
        "edge",
        "GuestRole",
        "guests write their own items",
        add("""
            GuestRole:
              Type: AWS::IAM::Role
              Properties:
                AssumeRolePolicyDocument:
                  Version: "2012-10-17"
                  Statement:
                    - Effect: Allow
                      Principal: {Federated: cognito-identity.amazonaws.com}
                      Action: sts:AssumeRoleWithWebIdentity
                      Condition:
                        StringEquals: {"cognito-identity.amazonaws.com:aud": !Ref Identities}
                        ForAnyValue:StringLike: {"cognito-identity.amazonaws.com:amr": unauthenticated}
                Policies:
                  - PolicyName: own-notes
                    PolicyDocument:
                      Version: "2012-10-17"
                      Statement:
                        - Effect: Allow
                          Action: dynamodb:PutItem
                          Resource: !GetAtt Notes.Arn
                          Condition:
                            ForAllValues:StringEquals:
                              dynamodb:LeadingKeys: ["${cognito-identity.amazonaws.com:sub}"]
        """),
        put("IdentityRoles", "Roles unauthenticated", "!GetAtt GuestRole.Arn"),
        put("Identities", "AllowUnauthenticatedIdentities", "true"),
        also=too("AUTH009", "Identities", "guests exist only where the identity pool allows them"),
    ),
)

_DIRECT = (
    breaks(
        "TIER004",
        "rest_api",
        "PlaceOrder",
        "the integration writes the table instead of the queue",
        put(
            "PlaceOrder",
            "Integration Uri",
            "!Sub arn:${AWS::Partition}:apigateway:${AWS::Region}:dynamodb:action/PutItem",
        ),
    ),
    breaks(
        "TIER004",
        "rest_api",
        "PlaceOrder",
        "the integration puts objects into a bucket",
        put(
            "PlaceOrder",
            "Integration Uri",
            "!Sub arn:${AWS::Partition}:apigateway:${AWS::Region}:s3:path/orders-bucket/{key}",
        ),
        put("PlaceOrder", "Integration IntegrationHttpMethod", "PUT"),
    ),
    breaks(
        "TIER004",
        "openapi",
        "RestApi",
        "an operation of the body reads the table",
        put(
            "RestApi",
            "Body paths /articles get x-amazon-apigateway-integration",
            """
            type: aws
            httpMethod: POST
            credentials: arn:aws:iam::111122223333:role/articles
            uri: !Sub arn:aws:apigateway:${AWS::Region}:dynamodb:action/Query
            """,
        ),
        target="GET /articles",
    ),
    breaks(
        "TIER004",
        "edge",
        "GraphSource",
        "the resolver's source is the table itself",
        put("GraphSource", "Type", "AMAZON_DYNAMODB"),
        drop("GraphSource", "LambdaConfig"),
        put("GraphSource", "DynamoDBConfig", "{TableName: !Ref Notes, AwsRegion: !Ref AWS::Region}"),
    ),
)

_BUCKETS = (
    breaks(
        "TIER005",
        "messages",
        "Uploads",
        "the block is switched off",
        put(
            "Uploads",
            "PublicAccessBlockConfiguration",
            """
            BlockPublicAcls: false
            BlockPublicPolicy: false
            IgnorePublicAcls: false
            RestrictPublicBuckets: false
            """,
        ),
    ),
    breaks(
        "TIER005",
        "messages",
        "Uploads",
        "a partial block leaves two switches off",
        put(
            "Uploads",
            "PublicAccessBlockConfiguration",
            "{BlockPublicAcls: true, IgnorePublicAcls: true}",
        ),
    ),
    breaks(
        "TIER005",
        "messages",
        "UploadsPolicy",
        "everyone may read by the policy, and no block is declared",
        append(
            "UploadsPolicy",
            "PolicyDocument Statement",
            """
            Effect: Allow
            Principal: "*"
            Action: s3:GetObject
            Resource: !Sub arn:aws:s3:::uploads-${AWS::AccountId}/*
            """,
        ),
        drop("Uploads", "PublicAccessBlockConfiguration"),
        also=too("IAM010", "UploadsPolicy", "the bucket's policy is a resource policy"),
    ),
    breaks(
        "TIER005",
        "messages",
        "Uploads",
        "a public ACL where no block is declared",
        put("Uploads", "AccessControl", "PublicRead"),
        put("Uploads", "OwnershipControls", "{Rules: [{ObjectOwnership: BucketOwnerPreferred}]}"),
        drop("Uploads", "PublicAccessBlockConfiguration"),
    ),
    breaks(
        "TIER005",
        "conditions",
        "Articles",
        "one switch is off in development",
        put("Articles", "PublicAccessBlockConfiguration RestrictPublicBuckets", "!If [IsProd, true, false]"),
        when={"IsProd": False},
    ),
    breaks(
        "TIER006",
        "edge",
        "SitePolicy",
        "any distribution of the account may read",
        put(
            "SitePolicy",
            "PolicyDocument Statement 0 Condition",
            "{StringEquals: {AWS:SourceAccount: !Ref AWS::AccountId}}",
        ),
    ),
    breaks(
        "TIER006",
        "edge",
        "SitePolicy",
        "any distribution of anyone may read",
        drop("SitePolicy", "PolicyDocument Statement 0 Condition"),
    ),
    breaks(
        "TIER006",
        "edge",
        "Front",
        "the origin has no access control",
        drop("Front", "DistributionConfig Origins 0 OriginAccessControlId"),
    ),
)

_AROUND = (
    breaks(
        "TIER007",
        "rest_api",
        "Anyone",
        "everyone may invoke the function",
        add("""
            Anyone:
              Type: AWS::Lambda::Permission
              Properties: {FunctionName: !Ref Tickets, Action: lambda:InvokeFunction, Principal: "*"}
        """),
        also=too("IAM009", "Anyone", "the permission names nobody"),
    ),
    breaks(
        "TIER009",
        "sam_services",
        "VotesTable",
        "the function of one API writes the other's table",
        append("News", "Policies", "{DynamoDBWritePolicy: {TableName: !Ref VotesTable}}"),
        put("News", "Environment Variables VOTES_TABLE", "!Ref VotesTable"),
        also=too("IAM013", "News", "the grant crosses services"),
    ),
    breaks(
        "TIER009",
        "rest_api",
        "TicketsTable",
        "a function of a second API writes the table",
        add("""
            Desk:
              Type: AWS::ApiGateway::RestApi
              Properties: {Name: desk, EndpointConfiguration: {Types: [REGIONAL]}}
            RefundsResource:
              Type: AWS::ApiGateway::Resource
              Properties: {RestApiId: !Ref Desk, ParentId: !GetAtt Desk.RootResourceId, PathPart: refunds}
            DeskMethod:
              Type: AWS::ApiGateway::Method
              Properties:
                RestApiId: !Ref Desk
                ResourceId: !Ref RefundsResource
                HttpMethod: POST
                AuthorizationType: AWS_IAM
                Integration:
                  Type: AWS_PROXY
                  IntegrationHttpMethod: POST
                  Uri: !Sub >-
                    arn:aws:apigateway:${AWS::Region}:lambda:path/2015-03-31/functions/${Refund.Arn}/invocations
            Refund:
              Type: AWS::Lambda::Function
              Properties:
                Runtime: python3.13
                Handler: app.handler
                Role: !GetAtt RefundRole.Arn
                Code: {ZipFile: "def handler(event, context): return {}"}
                Environment: {Variables: {TABLE: !Ref TicketsTable}}
            RefundRole:
              Type: AWS::IAM::Role
              Properties:
                AssumeRolePolicyDocument:
                  Version: "2012-10-17"
                  Statement: [{Effect: Allow, Principal: {Service: lambda.amazonaws.com}, Action: sts:AssumeRole}]
                Policies:
                  - PolicyName: refund
                    PolicyDocument:
                      Version: "2012-10-17"
                      Statement: [{Effect: Allow, Action: dynamodb:DeleteItem, Resource: !GetAtt TicketsTable.Arn}]
            RefundPermission:
              Type: AWS::Lambda::Permission
              Properties:
                FunctionName: !Ref Refund
                Action: lambda:InvokeFunction
                Principal: apigateway.amazonaws.com
                SourceArn: !Sub arn:aws:execute-api:${AWS::Region}:${AWS::AccountId}:${Desk}/*/POST/refunds
        """),
        also=too("IAM013", "Refund", "the grant crosses services"),
    ),
)

MUTATIONS = (*_PEOPLE, *_DIRECT, *_BUCKETS, *_AROUND)

HARMLESS = (
    harmless("messages", "no block at all: AWS blocks by default", drop("Uploads", "PublicAccessBlockConfiguration")),
    harmless(
        "rest_api",
        "GET of static objects from a bucket",
        put("PlaceOrder", "HttpMethod", "GET"),
        put("PlaceOrder", "Integration IntegrationHttpMethod", "GET"),
        put(
            "PlaceOrder",
            "Integration Uri",
            "!Sub arn:${AWS::Partition}:apigateway:${AWS::Region}:s3:path/static/{key}",
        ),
    ),
)
