"""Faults in forms that only SAM has: generated roles, stages, authorizers and URLs."""

from tests.mutations.edits import add, append, drop, put, section
from tests.mutations.mutation import HarmlessEdit, breaks, gone, harmless, too

_NO_ACL = "an HTTP or WebSocket API takes no web ACL"

_GRANTS = (
    breaks(
        "IAM001",
        "sam_services",
        "News",
        "a policy template that holds a whole service",
        append("News", "Policies", "{TextractPolicy: {}}"),
    ),
    breaks(
        "IAM003",
        "sam_services",
        "News",
        "a policy template for every bucket",
        append("News", "Policies", "{S3ReadPolicy: {BucketName: '*'}}"),
    ),
    breaks(
        "IAM003",
        "sam_services",
        "PartnerCheck",
        "an inline statement on every secret",
        put(
            "PartnerCheck",
            "Policies",
            "{Statement: [{Effect: Allow, Action: 'secretsmanager:GetSecretValue', Resource: '*'}]}",
        ),
    ),
    breaks(
        "IAM004",
        "sam_services",
        "Votes",
        "one managed policy, not in a list",
        put("Votes", "Policies", "arn:aws:iam::aws:policy/AmazonDynamoDBFullAccess"),
    ),
    breaks(
        "IAM005",
        "sam_services",
        "Export",
        "two functions name one role outside the template",
        add("""
            Import:
              Type: AWS::Serverless::Function
              Properties:
                InlineCode: "def handler(event, context): return {}"
                Role: arn:aws:iam::111122223333:role/export
        """),
    ),
    breaks(
        "IAM008",
        "sam_services",
        "News",
        "everyone may take the role that SAM makes",
        put(
            "News",
            "AssumeRolePolicyDocument",
            """
            Version: "2012-10-17"
            Statement: [{Effect: Allow, Principal: {AWS: "*"}, Action: "sts:AssumeRole"}]
            """,
        ),
    ),
)

_APIS = (
    breaks(
        "AUTH001",
        "sam_services",
        "Feed",
        "an HTTP API without authorizer",
        add("""
            Feed:
              Type: AWS::Serverless::HttpApi
            Reader:
              Type: AWS::Serverless::Function
              Properties:
                InlineCode: "def handler(event, context): return {}"
                Events:
                  Get: {Type: HttpApi, Properties: {ApiId: !Ref Feed, Path: /feed, Method: get}}
        """),
        target="GET /feed",
        also=too("WAF003", "Feed", _NO_ACL),
    ),
    breaks(
        "AUTH001",
        "sam_services",
        "News",
        "the implicit API's default goes with Globals",
        section("Globals", "{Api: {OpenApiVersion: 3.0.1}}"),
        target="GET /news",
    ),
    breaks(
        "AUTH002",
        "sam_services",
        "News",
        "Globals demand a key and nothing else",
        section("Globals", "{Api: {OpenApiVersion: 3.0.1, Auth: {ApiKeyRequired: true}}}"),
        target="GET /news",
        also=gone("AUTH001", "News", "a key alone is AUTH002's"),
    ),
    breaks(
        "AUTH005",
        "sam_services",
        "Socket",
        "a WebSocket API without Auth",
        add("""
            Socket:
              Type: AWS::Serverless::WebSocketApi
              Properties:
                RouteSelectionExpression: $request.body.action
                Routes:
                  $connect: {FunctionArn: !GetAtt PartnerCheck.Arn}
        """),
        also=too("WAF003", "Socket", _NO_ACL),
    ),
    breaks(
        "AUTH006",
        "sam_services",
        "Feed",
        "an HTTP API whose Lambda authorizer has no permission",
        add("""
            Feed:
              Type: AWS::Serverless::HttpApi
              Properties:
                Auth:
                  DefaultAuthorizer: Partners
                  Authorizers:
                    Partners:
                      FunctionArn: !GetAtt PartnerCheck.Arn
                      AuthorizerPayloadFormatVersion: "2.0"
                      Identity: {Headers: [Authorization]}
            Reader:
              Type: AWS::Serverless::Function
              Properties:
                InlineCode: "def handler(event, context): return {}"
                Events:
                  Get: {Type: HttpApi, Properties: {ApiId: !Ref Feed, Path: /feed, Method: get}}
        """),
        also=too("WAF003", "Feed", _NO_ACL),
    ),
    breaks(
        "AUTH008",
        "sam_services",
        "PartnerCheck",
        "every origin with credentials, on SAM's URL",
        put(
            "PartnerCheck",
            "FunctionUrlConfig",
            "{AuthType: AWS_IAM, Cors: {AllowOrigins: ['*'], AllowCredentials: true}}",
        ),
        also=too("WAF003", "PartnerCheck", "a function URL takes no web ACL"),
    ),
    breaks(
        "WAF001",
        "sam_services",
        "News",
        "no OpenApiVersion: the implicit API gets a second stage",
        section("Globals", "{Api: {Auth: {DefaultAuthorizer: AWS_IAM}}}"),
        put("VotesApi", "OpenApiVersion", "3.0.1"),
        target="stage Stage",
    ),
    breaks(
        "WAF001",
        "sam_services",
        "Desk",
        "one more API, its stage named by an intrinsic",
        add("""
            Desk:
              Type: AWS::Serverless::Api
              Properties: {StageName: !Sub "${AWS::Region}-desk"}
            Clerk:
              Type: AWS::Serverless::Function
              Properties:
                InlineCode: "def handler(event, context): return {}"
                Events:
                  Get: {Type: Api, Properties: {RestApiId: !Ref Desk, Path: /desk, Method: get}}
        """),
    ),
)

_TIERS = (
    breaks(
        "TIER004",
        "sam_services",
        "Graph",
        "a GraphQL API reads the table by SAM's data source",
        add("""
            Graph:
              Type: AWS::Serverless::GraphQLApi
              Properties:
                SchemaInline: "type Query { news(id: ID!): String } schema { query: Query }"
                Auth: {Type: AWS_IAM}
                DataSources:
                  DynamoDb: {Articles: {TableName: !Ref NewsTable, TableArn: !GetAtt NewsTable.Arn}}
                Resolvers:
                  Query:
                    news: {Runtime: {Name: APPSYNC_JS, Version: 1.0.0}, Pipeline: [read]}
                Functions:
                  read:
                    Runtime: {Name: APPSYNC_JS, Version: 1.0.0}
                    DataSource: Articles
                    InlineCode: export function request() { return {} } export function response() { return {} }
            AclOnGraph:
              Type: AWS::WAFv2::WebACLAssociation
              Properties: {WebACLArn: !GetAtt WebAcl.Arn, ResourceArn: !GetAtt Graph.Arn}
        """),
    ),
    breaks(
        "TIER009",
        "sam_services",
        "NewsTable",
        "a connector opens the other service's table",
        add("""
            VotesToNews:
              Type: AWS::Serverless::Connector
              Properties: {Source: {Id: Votes}, Destination: {Id: NewsTable}, Permissions: [Write]}
        """),
        append("News", "Policies", "{DynamoDBWritePolicy: {TableName: !Ref NewsTable}}"),
        put("Votes", "Environment Variables NEWS_TABLE", "!Ref NewsTable"),
        also=too("IAM013", "Votes", "the grant crosses services"),
    ),
)

MUTATIONS = (*_GRANTS, *_APIS, *_TIERS)

HARMLESS: tuple[HarmlessEdit, ...] = (
    harmless(
        "sam_services",
        "the policy template of the own table, written as a list of two",
        append("News", "Policies", "{DynamoDBStreamReadPolicy: {TableName: !Ref NewsTable, StreamName: live}}"),
    ),
    harmless(
        "sam_services",
        "one authorizer by name, which is the default",
        put("News", "Events List Properties Auth", "{Authorizer: AWS_IAM}"),
    ),
    harmless("sam_services", "no CORS", drop("VotesApi", "Cors")),
)
