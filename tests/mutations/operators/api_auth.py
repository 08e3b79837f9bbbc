"""Ways to let people call without showing who they are (AUTH001 to AUTH009)."""

from tests.mutations.edits import add, append, both, drop, put, remove, section
from tests.mutations.mutation import breaks, gone, harmless, too

_WITHOUT_CERTIFICATE = drop("HttpDomain", "MutualTlsAuthentication")
_AROUND = "a client certificate guards every operation; without it the domain leads around the distribution"

_RESPONSE = "Integration IntegrationResponses 0 ResponseParameters"

_OTHER_FRONT = too(
    "TIER007", "Listener", "the function answers the WebSocket API too, and the open rule leads around it"
)

_METHODS = (
    breaks("AUTH001", "rest_api", "ListTickets", "the type is NONE", put("ListTickets", "AuthorizationType", "NONE")),
    breaks("AUTH001", "rest_api", "PlaceOrder", "the type is left out", drop("PlaceOrder", "AuthorizationType")),
    breaks(
        "AUTH001",
        "rest_api",
        "TicketsPreflight",
        "the preflight runs code",
        put(
            "TicketsPreflight",
            "Integration",
            """
            Type: AWS_PROXY
            IntegrationHttpMethod: POST
            Uri: !Sub arn:aws:apigateway:${AWS::Region}:lambda:path/2015-03-31/functions/${Tickets.Arn}/invocations
        """,
        ),
        also=gone("AUTH008", "TicketsPreflight", "the code sets the headers now"),
    ),
    breaks(
        "AUTH001",
        "openapi",
        "RestApi",
        "the operation has no security",
        drop("RestApi", "Body paths /articles get security"),
        target="GET /articles",
    ),
    breaks(
        "AUTH001",
        "openapi",
        "RestApi",
        "an empty list",
        put("RestApi", "Body paths /articles post security", "[]"),
        target="POST /articles",
    ),
    breaks(
        "AUTH001",
        "openapi",
        "RestApi",
        "a scheme that is not defined",
        put("RestApi", "Body paths /articles post security", "[{NONE: []}]"),
        target="POST /articles",
    ),
    breaks(
        "AUTH001",
        "openapi",
        "RestApi",
        "a scheme that REST import does not know",
        put("RestApi", "Body components securitySchemes signed", "{type: http, scheme: bearer}"),
        target="POST /articles",
        also=too(
            "AUTH002", "RestApi", "the other operation of the scheme keeps its key", target="DELETE /articles/{id}"
        ),
    ),
    breaks(
        "AUTH001",
        "openapi",
        "RestApi",
        "security at the root, which REST import does not apply",
        put("RestApi", "Body security", "[{members: []}]"),
        drop("RestApi", "Body paths /articles get security"),
        target="GET /articles",
    ),
    breaks(
        "AUTH001",
        "openapi",
        "HttpApi",
        "the operation empties the root's list",
        put("HttpApi", "Body paths /news get security", "[]"),
        _WITHOUT_CERTIFICATE,
        target="GET /news",
        also=too("WAF003", "HttpApi", _AROUND),
    ),
    breaks(
        "AUTH001",
        "openapi",
        "HttpApi",
        "no security at the root",
        drop("HttpApi", "Body security"),
        _WITHOUT_CERTIFICATE,
        target="GET /news",
        also=too("WAF003", "HttpApi", _AROUND),
    ),
    breaks(
        "AUTH001",
        "mobile_backend",
        "BackendApi",
        "an event switches the default off",
        put("InfoFunction", "Events ListTopics Properties Auth", "{Authorizer: NONE}"),
        target="GET /info",
    ),
    breaks(
        "AUTH001",
        "sam_services",
        "News VotesApi",
        "no default authorizer, in Globals or on the API",
        section("Globals", "{Api: {OpenApiVersion: 3.0.1}}"),
        drop("VotesApi", "Auth DefaultAuthorizer"),
    ),
    breaks(
        "AUTH001",
        "sam_services",
        "News",
        "an event switches the default of the implicit API off",
        put("News", "Events List Properties Auth", "{Authorizer: NONE}"),
        target="GET /news",
    ),
    breaks(
        "AUTH001",
        "conditions",
        "Read",
        "no authorization in development",
        put("Read", "AuthorizationType", "!If [IsProd, COGNITO_USER_POOLS, NONE]"),
        when={"IsPrivate": False, "IsProd": False},
    ),
    breaks(
        "AUTH001",
        "edge",
        "Listener",
        "the load balancer lets everyone through",
        put("Listener", "DefaultActions 0 AuthenticateCognitoConfig OnUnauthenticatedRequest", "allow"),
        also=_OTHER_FRONT,
    ),
    breaks(
        "AUTH001",
        "edge",
        "Listener",
        "the load balancer forwards at once",
        put("Listener", "DefaultActions", "[{Type: forward, TargetGroupArn: !Ref QuoteTargets}]"),
        also=_OTHER_FRONT,
    ),
)

_KEYS = (
    breaks(
        "AUTH002",
        "rest_api",
        "BuyTicket",
        "the key stays alone",
        put("BuyTicket", "AuthorizationType", "NONE"),
        drop("BuyTicket", "AuthorizerId"),
        drop("BuyTicket", "AuthorizationScopes"),
        also=gone("AUTH001", "BuyTicket", "a key alone is AUTH002's"),
    ),
    breaks(
        "AUTH002",
        "openapi",
        "RestApi",
        "the operation demands its key only",
        put("RestApi", "Body paths /articles/{id} delete security", "[{key: []}]"),
        target="DELETE /articles/{id}",
    ),
    breaks(
        "AUTH002",
        "sam_services",
        "VotesApi",
        "an event takes a key instead of the default",
        put("Votes", "Events Count Properties Auth", "{Authorizer: NONE, ApiKeyRequired: true}"),
        target="GET /votes",
    ),
)

_PUBLIC_URL = both(
    put("QuoteUrlPermission", "Principal", '"*"'),
    put("QuoteInvokePermission", "Principal", '"*"'),
    drop("QuoteUrlPermission", "SourceArn"),
    drop("QuoteInvokePermission", "SourceArn"),
    put("QuoteUrlPermission", "FunctionUrlAuthType", "AWS_IAM"),
)

_URLS = (
    breaks(
        "AUTH003",
        "edge",
        "QuoteUrl",
        "the URL demands nothing",
        put("QuoteUrl", "AuthType", "NONE"),
        also=too("WAF003", "QuoteUrl", "it answers callers that do not come through the distribution")
        + too("TIER007", "QuoteUrl", "the function answers the WebSocket API too, and the URL leads around it"),
    ),
    breaks(
        "AUTH003",
        "edge",
        "QuoteUrl",
        "IAM, and both permissions are for everyone",
        _PUBLIC_URL,
        also=too("WAF003", "QuoteUrl", "it answers callers that do not come through the distribution")
        + gone("IAM009", "QuoteUrlPermission QuoteInvokePermission", "AUTH003 judges the pair"),
    ),
    breaks(
        "AUTH003",
        "sam_services",
        "PartnerCheck",
        "SAM's URL demands nothing",
        put("PartnerCheck", "FunctionUrlConfig", "{AuthType: NONE}"),
        also=too("WAF003", "PartnerCheck", "a function URL cannot be given a web ACL"),
    ),
    breaks(
        "AUTH003",
        "messages",
        "ImportUrl",
        "a URL besides that demands nothing",
        add("""
            ImportUrl:
              Type: AWS::Lambda::Url
              Properties: {TargetFunctionArn: !GetAtt Import.Arn, AuthType: NONE}
        """),
        also=too("WAF003", "ImportUrl", "a function URL cannot be given a web ACL"),
    ),
)

_GRAPHS = (
    breaks(
        "AUTH004",
        "edge",
        "Graph",
        "a key is the default, and the mutation says nothing else",
        put("Graph", "AuthenticationType", "API_KEY"),
        drop("Graph", "UserPoolConfig"),
        put(
            "GraphSchema",
            "Definition",
            '"type Query { quote(id: ID!): String @aws_iam } type Mutation { rate(id: ID!): String }"',
        ),
        put("Graph", "AdditionalAuthenticationProviders", "[{AuthenticationType: AWS_IAM}]"),
    ),
    breaks(
        "AUTH004",
        "edge",
        "Graph",
        "a mutation takes the key by directive",
        put(
            "GraphSchema",
            "Definition",
            '"type Query { quote(id: ID!): String } type Mutation { rate(id: ID!): String @aws_api_key }"',
        ),
    ),
    breaks(
        "AUTH004",
        "edge",
        "Channel",
        "an event API lets the key publish",
        add("""
        Channel:
          Type: AWS::AppSync::Api
          Properties:
            Name: channel
            EventConfig:
              AuthProviders: [{AuthType: API_KEY}, {AuthType: AWS_IAM}]
              ConnectionAuthModes: [{AuthType: AWS_IAM}]
              DefaultPublishAuthModes: [{AuthType: API_KEY}]
              DefaultSubscribeAuthModes: [{AuthType: AWS_IAM}]
        AclOnChannel:
          Type: AWS::WAFv2::WebACLAssociation
          Properties: {WebACLArn: !GetAtt RegionalAcl.Arn, ResourceArn: !GetAtt Channel.ApiArn}
    """),
    ),
    breaks("AUTH005", "edge", "Connect", "anyone connects", put("Connect", "AuthorizationType", "NONE")),
    breaks("AUTH005", "edge", "Connect", "the route says nothing", drop("Connect", "AuthorizationType")),
)

_AUTHORIZERS = (
    breaks(
        "AUTH006",
        "rest_api",
        "SpareAuthorizer",
        "declared and not attached",
        add("""
        SpareAuthorizer:
          Type: AWS::ApiGateway::Authorizer
          Properties:
            RestApiId: !Ref Api
            Name: spare
            Type: COGNITO_USER_POOLS
            IdentitySource: method.request.header.Authorization
            ProviderARNs: [!GetAtt Members.Arn]
    """),
    ),
    breaks(
        "AUTH006", "rest_api", "PartnerAuthorizer", "API Gateway may not invoke it", remove("PartnerCheckPermission")
    ),
    breaks(
        "AUTH006", "rest_api", "PartnerAuthorizer", "no identity source", drop("PartnerAuthorizer", "IdentitySource")
    ),
    breaks(
        "AUTH006",
        "openapi",
        "HttpApi",
        "a JWT of any audience",
        drop(
            "HttpApi",
            "Body components securitySchemes token x-amazon-apigateway-authorizer jwtConfiguration audience",
        ),
    ),
    breaks(
        "AUTH007",
        "conditions",
        "Api",
        "the private API's policy names no endpoint",
        put("Api", "Policy Fn::If 1 Statement 0 Condition", "!Ref AWS::NoValue"),
        when={"IsPrivate": True},
        also=gone("IAM010", "Api", "what the policy lets through is AUTH007's"),
    ),
    breaks(
        "AUTH007",
        "openapi",
        "RestApi",
        "the distribution leads to the API, which answers without it too",
        append(
            "Front",
            "DistributionConfig Origins",
            """
            Id: articles
            DomainName: !Sub ${RestApi}.execute-api.${AWS::Region}.amazonaws.com
            OriginPath: /v1
            CustomOriginConfig: {OriginProtocolPolicy: https-only}
        """,
        ),
        put("RestApi", "Body paths /articles get security", "[]"),
        also=too(
            "AUTH001",
            "RestApi",
            "where every method demands authorization, the way around leads nowhere",
            target="GET /articles",
        ),
    ),
    breaks(
        "AUTH007",
        "rest_api",
        "Api",
        "the policy lets every account through to methods with IAM",
        put(
            "Api",
            "Policy",
            """
            Version: "2012-10-17"
            Statement: [{Effect: Allow, Principal: "*", Action: "execute-api:Invoke", Resource: "execute-api:/*"}]
        """,
        ),
    ),
    breaks(
        "AUTH008",
        "rest_api",
        "TicketsPreflight",
        "every origin, with credentials",
        put(
            "TicketsPreflight",
            f"{_RESPONSE} method.response.header.Access-Control-Allow-Origin",
            "\"'*'\"",
        ),
    ),
    breaks(
        "AUTH008",
        "edge",
        "QuoteUrl",
        "every origin of a function URL, with credentials",
        put("QuoteUrl", "Cors", "{AllowOrigins: ['*'], AllowCredentials: true}"),
    ),
    breaks("AUTH009", "edge", "Identities", "guests", put("Identities", "AllowUnauthenticatedIdentities", "true")),
    breaks("AUTH009", "rest_api", "Members", "no second factor", put("Members", "MfaConfiguration", '"OFF"')),
    breaks(
        "AUTH009", "edge", "Members", "short passwords", put("Members", "Policies PasswordPolicy MinimumLength", "6")
    ),
)

MUTATIONS = (*_METHODS, *_KEYS, *_URLS, *_GRAPHS, *_AUTHORIZERS)

HARMLESS = (
    harmless(
        "openapi",
        "both are demanded, not either",
        put("RestApi", "Body paths /articles post security", "[{signed: []}, {key: []}]"),
    ),
    harmless("openapi", "the root's list besides each operation's own", put("RestApi", "Body security", "[]")),
    harmless("rest_api", "a key besides", put("ListTickets", "ApiKeyRequired", "true")),
    harmless(
        "conditions",
        "the private branch may do without authorization",
        put("Read", "AuthorizationType", "!If [IsProd, COGNITO_USER_POOLS, !If [IsPrivate, NONE, AWS_IAM]]"),
    ),
    harmless(
        "sam_services",
        "an operation that IAM guards by name",
        append("Votes", "Policies", "AWSLambdaBasicExecutionRole"),
        put("Votes", "Events Count Properties Auth", "{Authorizer: AWS_IAM}"),
    ),
)
