"""Traps of AWS's behaviour in grants, APIs and web ACLs: forms that a reader of single properties gets wrong."""

from tests.mutations.edits import add, append, drop, put, remove
from tests.mutations.mutation import breaks, gone, harmless, too

_IDENTITIES = (
    breaks(
        "IAM006",
        "messages",
        "AuditRole",
        "every role that the account may take",
        append(
            "AuditRole",
            "Policies 0 PolicyDocument Statement",
            "{Effect: Allow, Action: 'sts:AssumeRole', Resource: !Sub 'arn:aws:iam::${AWS::AccountId}:role/*'}",
        ),
    ),
    breaks(
        "IAM006",
        "rest_api",
        "ShowsPolicy",
        "a new version of an own policy",
        append(
            "ShowsPolicy",
            "PolicyDocument Statement",
            "{Effect: Allow, Action: 'iam:CreatePolicyVersion', Resource: 'arn:aws:iam::111122223333:policy/app-*'}",
        ),
    ),
    breaks(
        "IAM008",
        "messages",
        "DeployRole",
        "a condition on the subject that a missing key meets",
        drop(
            "DeployRole",
            "AssumeRolePolicyDocument Statement 0 Condition StringEquals token.actions.githubusercontent.com:sub",
        ),
        put(
            "DeployRole",
            "AssumeRolePolicyDocument Statement 0 Condition ForAllValues:StringEquals",
            "{'token.actions.githubusercontent.com:sub': 'repo:example/shop:ref:refs/heads/main'}",
        ),
    ),
    breaks(
        "IAM010",
        "messages",
        "Fanout",
        "a topic that a second statement opens",
        add("""
        Fanout:
          Type: AWS::SNS::TopicPolicy
          Properties:
            Topics: [!Ref Sales]
            PolicyDocument: !Sub >-
              {"Version": "2012-10-17",
              "Statement": [{"Effect": "Allow", "Principal": "*", "Action": "sns:Subscribe",
              "Resource": "${Sales}"}]}
    """),
    ),
    breaks(
        "IAM012",
        "messages",
        "Operator",
        "a person with a password",
        add("""
            Operator:
              Type: AWS::IAM::User
              Properties: {LoginProfile: {Password: "{{resolve:ssm-secure:operator:1}}", PasswordResetRequired: true}}
        """),
    ),
    breaks(
        "IAM001",
        "rest_api",
        "TicketsRole",
        "a policy that is a JSON text",
        append(
            "TicketsRole",
            "Policies",
            """
            PolicyName: text
            PolicyDocument: !Sub >-
              {"Version": "2012-10-17",
              "Statement": [{"Effect": "Allow", "Action": "dynamodb:*",
              "Resource": "${TicketsTable.Arn}"}]}
        """,
        ),
    ),
    breaks(
        "IAM003",
        "messages",
        "ImportGrants",
        "own account and Region filled in, the rest a star",
        put(
            "ImportGrants",
            "PolicyDocument Statement 3 Resource",
            "!Join [':', ['arn:aws:dynamodb', !Ref AWS::Region, !Ref AWS::AccountId, 'table/*']]",
        ),
    ),
    breaks(
        "IAM004",
        "rest_api",
        "Apart",
        "attached from the other side",
        add("""
        Apart:
          Type: AWS::IAM::Role
          Properties:
            AssumeRolePolicyDocument:
              Version: "2012-10-17"
              Statement: [{Effect: Allow, Principal: {Service: states.amazonaws.com}, Action: sts:AssumeRole}]
            ManagedPolicyArns: [!Join ["", ["arn:", !Ref AWS::Partition, ":iam::aws:policy/", AWSLambda_FullAccess]]]
    """),
        also=too("IAM006", "Apart", "that policy holds iam:PassRole on every role"),
    ),
)

_DOORS = (
    breaks(
        "AUTH001",
        "rest_api",
        "Anything",
        "ANY on a greedy path beside the guarded ones",
        add("""
        Rest:
          Type: AWS::ApiGateway::Resource
          Properties: {RestApiId: !Ref Api, ParentId: !GetAtt Api.RootResourceId, PathPart: "{proxy+}"}
        Anything:
          Type: AWS::ApiGateway::Method
          Properties:
            RestApiId: !Ref Api
            ResourceId: !Ref Rest
            HttpMethod: ANY
            AuthorizationType: NONE
            AuthorizerId: !Ref MemberAuthorizer
            Integration:
              Type: AWS_PROXY
              IntegrationHttpMethod: POST
              Uri: !Sub arn:aws:apigateway:${AWS::Region}:lambda:path/2015-03-31/functions/${Tickets.Arn}/invocations
    """),
        also=gone("IAM013", "Tickets", "the function answers every path now"),
    ),
    breaks(
        "AUTH001",
        "sam_services",
        "Stray",
        "an event without the API's name goes to the implicit API",
        add("""
            Stray:
              Type: AWS::Serverless::Function
              Properties:
                InlineCode: "def handler(event, context): return {}"
                Events:
                  Get: {Type: Api, Properties: {Path: /stray, Method: get, Auth: {Authorizer: NONE}}}
        """),
        target="GET /stray",
    ),
    breaks(
        "AUTH001",
        "openapi",
        "RestApi",
        "a method-wide extension switches it off",
        put("RestApi", "Body paths /articles get x-amazon-apigateway-auth", "{type: NONE}"),
        drop("RestApi", "Body paths /articles get security"),
        target="GET /articles",
    ),
    breaks(
        "AUTH006",
        "rest_api",
        "Members",
        "anyone signs up, and no scope is checked",
        put("Members", "AdminCreateUserConfig", "{AllowAdminCreateUserOnly: false}"),
        drop("ListTickets", "AuthorizationScopes"),
    ),
    breaks(
        "AUTH008",
        "rest_api",
        "Side",
        "every origin of an HTTP API, with credentials",
        add("""
            Side:
              Type: AWS::ApiGatewayV2::Api
              Properties:
                Name: side
                ProtocolType: HTTP
                CorsConfiguration: {AllowOrigins: ["*"], AllowCredentials: true}
        """),
        also=too("WAF003", "Side", "an HTTP API takes no web ACL"),
    ),
    breaks(
        "WAF001",
        "sam_services",
        "News",
        "the implicit API's stage is Prod, not prod",
        put(
            "AclOnNews",
            "ResourceArn",
            "!Sub arn:aws:apigateway:${AWS::Region}::/restapis/${ServerlessRestApi}/stages/prod",
        ),
        also=too("WAF005", "AclOnNews", "it associates nothing"),
    ),
    breaks(
        "WAF001",
        "openapi",
        "RestStage",
        "the association of the classic service",
        remove("WebAclOnStage"),
        add("""
            Classic:
              Type: AWS::WAFRegional::WebACLAssociation
              Properties:
                WebACLId: 473e64fd-f30b-4765-81a0-62ad96dd167a
                ResourceArn: !Sub arn:aws:apigateway:${AWS::Region}::/restapis/${RestApi}/stages/v1
        """),
        target="stage v1",
    ),
    breaks(
        "WAF002",
        "edge",
        "Tenant",
        "a tenant switches the web ACL off",
        add("""
        Tenant:
          Type: AWS::CloudFront::DistributionTenant
          Properties:
            Name: shop
            DistributionId: !Ref Front
            Domains: [shop.example.com]
            Customizations: {WebAcl: {Action: disable}}
    """),
    ),
    breaks(
        "WAF005",
        "edge",
        "RegionalAcl",
        "rules that only allow",
        put(
            "RegionalAcl",
            "Rules 0",
            """
            Name: office
            Priority: 0
            Action: {Allow: {}}
            Statement: {GeoMatchStatement: {CountryCodes: [IE]}}
            VisibilityConfig: {CloudWatchMetricsEnabled: true, MetricName: office, SampledRequestsEnabled: true}
        """,
        ),
        put("RegionalAcl", "Rules 1 OverrideAction", "{Count: {}}"),
        also=too("WAF007", "RegionalAcl", "no rate limit is left"),
    ),
)

MUTATIONS = (*_IDENTITIES, *_DOORS)

HARMLESS = (
    harmless(
        "rest_api",
        "the default endpoint of the user pool's ARN by Sub",
        put(
            "MemberAuthorizer",
            "ProviderARNs",
            "[!Sub 'arn:aws:cognito-idp:${AWS::Region}:${AWS::AccountId}:userpool/${Members}']",
        ),
    ),
)
