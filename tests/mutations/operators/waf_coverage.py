"""Ways to leave a front door without a web ACL that does something (WAF001 to WAF007)."""

from tests.mutations.edits import add, attribute, drop, put, remove, section
from tests.mutations.mutation import breaks, gone, harmless, too

_PARAMETER = section("Parameters", "{Guarded: {Type: String, Default: 'yes', AllowedValues: ['yes', 'no']}}")
_CONDITION = section("Conditions", "{IsGuarded: !Equals [!Ref Guarded, 'yes']}")

_NO_ACL = (
    *too("WAF003", "QuoteUrl Socket", "what guarded it was the distribution's web ACL"),
    *gone("WAF006", "Front", "no web ACL is named"),
)

_STAGES = (
    breaks("WAF001", "rest_api", "Live", "the association is gone", remove("WebAclOnLive"), target="stage live"),
    breaks(
        "WAF001",
        "rest_api",
        "Live",
        "the association names another stage",
        put("WebAclOnLive", "ResourceArn", "!Sub arn:aws:apigateway:${AWS::Region}::/restapis/${Api}/stages/Live"),
        target="stage live",
        also=too("WAF005", "WebAclOnLive", "it associates nothing"),
    ),
    breaks(
        "WAF001",
        "rest_api",
        "Live",
        "the association names the API only",
        put("WebAclOnLive", "ResourceArn", "!Sub arn:aws:apigateway:${AWS::Region}::/restapis/${Api}"),
        target="stage live",
        also=too("WAF005", "WebAclOnLive", "it associates nothing"),
    ),
    breaks(
        "WAF001",
        "rest_api",
        "Live",
        "the association names every stage",
        put("WebAclOnLive", "ResourceArn", "!Sub arn:aws:apigateway:${AWS::Region}::/restapis/${Api}/stages/*"),
        target="stage live",
        also=too("WAF005", "WebAclOnLive", "it associates nothing"),
    ),
    breaks(
        "WAF001",
        "rest_api",
        "Live",
        "the association gives the web ACL's name for its ARN",
        put("WebAclOnLive", "WebACLArn", "!Ref WebAcl"),
        target="stage live",
        also=(
            *too("WAF005", "WebAclOnLive", "it associates nothing"),
            *gone("WAF006", "WebAclOnLive", "no web ACL is named whose scope could be wrong"),
        ),
    ),
    breaks(
        "WAF001",
        "rest_api",
        "Live",
        "a web ACL of the service that has ended",
        put("WebAclOnLive", "WebACLArn", "arn:aws:waf-regional:eu-west-1:111122223333:webacl/0a1b"),
        target="stage live",
        also=(
            *too("WAF005", "WebAclOnLive", "it associates nothing"),
            *gone("WAF006", "WebAclOnLive", "no web ACL is named whose scope could be wrong"),
        ),
    ),
    breaks(
        "WAF001",
        "rest_api",
        "Next",
        "a second stage",
        add("""
        Next:
          Type: AWS::ApiGateway::Stage
          Properties: {RestApiId: !Ref Api, DeploymentId: !Ref Deployment, StageName: next}
    """),
        target="stage next",
    ),
    breaks(
        "WAF001",
        "rest_api",
        "Deployment",
        "the deployment makes a stage besides",
        put("Deployment", "StageName", "preview"),
        target="stage preview",
    ),
    breaks(
        "WAF001",
        "openapi",
        "RestStage",
        "the stage is renamed, the association is not",
        put("RestStage", "StageName", "v2"),
        target="stage v2",
        also=too("WAF005", "WebAclOnStage", "it associates nothing"),
    ),
    breaks(
        "WAF001",
        "conditions",
        "Live",
        "the association exists in production only",
        attribute("WebAclOnLive", "Condition", "IsProd"),
        when={"IsPrivate": False, "IsProd": False},
    ),
    breaks(
        "WAF001",
        "mobile_backend",
        "BackendApi",
        "SAM makes a second stage",
        drop("BackendApi", "OpenApiVersion"),
        target="stage Stage",
        also=too("API020", "BackendApi", "it is the second stage"),
    ),
    breaks(
        "WAF001",
        "mobile_backend",
        "BackendApi",
        "the reference stack's stage is renamed, the association is written out",
        put(
            "WebAclOnStage",
            "ResourceArn",
            "!Sub arn:aws:apigateway:${AWS::Region}::/restapis/${BackendApi}/stages/prod",
        ),
        target="stage v1",
        also=too("WAF005", "WebAclOnStage", "it associates nothing"),
    ),
)

_DISTRIBUTIONS = (
    breaks("WAF002", "edge", "Front", "no web ACL", drop("Front", "DistributionConfig WebACLId"), also=_NO_ACL),
    breaks(
        "WAF002",
        "openapi",
        "Front",
        "an empty text",
        put("Front", "DistributionConfig WebACLId", '""'),
        also=too("WAF003", "HttpApi", "what guarded the API was the distribution's web ACL")
        + gone("WAF006", "Front", "no web ACL is named"),
    ),
    breaks(
        "WAF002",
        "edge",
        "Front",
        "the id of a service that has ended",
        put("Front", "DistributionConfig WebACLId", "473e64fd-f30b-4765-81a0-62ad96dd167a"),
        also=_NO_ACL,
    ),
    breaks(
        "WAF002",
        "edge",
        "Front",
        "none where a parameter says so",
        _PARAMETER,
        _CONDITION,
        put("Front", "DistributionConfig WebACLId", "!If [IsGuarded, !GetAtt FrontAcl.Arn, !Ref AWS::NoValue]"),
        when={"IsGuarded": False},
        also=too("WAF003", "QuoteUrl Socket", "what guarded it was the distribution's web ACL"),
    ),
    breaks(
        "WAF002",
        "edge",
        "Front",
        "the Ref of a web ACL is not its ARN",
        put("Front", "DistributionConfig WebACLId", "!Ref RegionalAcl"),
        also=_NO_ACL,
    ),
)

_NO_WAF = (
    breaks(
        "WAF003",
        "rest_api",
        "Side",
        "an HTTP API besides",
        add("""
            Side:
              Type: AWS::ApiGatewayV2::Api
              Properties: {Name: side, ProtocolType: HTTP}
            SideRoute:
              Type: AWS::ApiGatewayV2::Route
              Properties:
                ApiId: !Ref Side
                RouteKey: GET /side
                AuthorizationType: AWS_IAM
                Target: !Sub integrations/${SideIntegration}
            SideIntegration:
              Type: AWS::ApiGatewayV2::Integration
              Properties:
                ApiId: !Ref Side
                IntegrationType: AWS_PROXY
                IntegrationUri: !GetAtt Shows.Arn
                PayloadFormatVersion: "2.0"
            SideStage:
              Type: AWS::ApiGatewayV2::Stage
              Properties: {ApiId: !Ref Side, StageName: $default, AutoDeploy: true}
        """),
    ),
    breaks(
        "WAF003",
        "openapi",
        "HttpApi",
        "the domain no longer asks for a certificate",
        drop("HttpDomain", "MutualTlsAuthentication"),
    ),
    breaks(
        "WAF003",
        "openapi",
        "HttpApi",
        "the default endpoint answers besides",
        put("HttpApi", "DisableExecuteApiEndpoint", "false"),
    ),
    breaks(
        "WAF003",
        "messages",
        "ImportUrl",
        "a function URL besides, for IAM callers",
        add("""
        ImportUrl:
          Type: AWS::Lambda::Url
          Properties: {TargetFunctionArn: !GetAtt Import.Arn, AuthType: AWS_IAM}
    """),
    ),
)

_OTHERS = (
    breaks("WAF004", "edge", "Graph", "the graph's association is gone", remove("AclOnGraph")),
    breaks("WAF004", "edge", "Members", "the user pool's association is gone", remove("AclOnMembers")),
    breaks(
        "WAF004", "mobile_backend", "UserPool", "the reference stack's user pool is bare", remove("WebAclOnUserPool")
    ),
    breaks(
        "WAF004",
        "edge",
        "Balancer",
        "the load balancer faces the Internet",
        put("Balancer", "Scheme", "internet-facing"),
    ),
)

_CONTENT = (
    breaks(
        "WAF005",
        "rest_api",
        "WebAcl",
        "no rules",
        put("WebAcl", "Rules", "[]"),
        also=too("WAF007", "WebAcl", "no rules: no rate limit and no common rules either"),
    ),
    breaks(
        "WAF005",
        "rest_api",
        "WebAcl",
        "everything is only counted",
        put("WebAcl", "Rules 0 Action", "{Count: {}}"),
        put("WebAcl", "Rules 1 OverrideAction", "{Count: {}}"),
    ),
    breaks(
        "WAF005",
        "mobile_backend",
        "Stray",
        "an association to an API that is not there",
        add("""
        Stray:
          Type: AWS::WAFv2::WebACLAssociation
          Properties:
            WebACLArn: !GetAtt WebAcl.Arn
            ResourceArn: !Sub arn:aws:apigateway:${AWS::Region}::/restapis/${BackendApi}/stages/V1
    """),
    ),
    breaks(
        "WAF006",
        "rest_api",
        "WebAclOnLive WebAclOnMembers",
        "a web ACL for distributions on a stage",
        put("WebAcl", "Scope", "CLOUDFRONT"),
        also=(
            *too("WAF001", "Live", "a web ACL of the other scope does not cover"),
            *too("WAF004", "Members", "a web ACL of the other scope does not cover"),
        ),
    ),
    breaks(
        "WAF006",
        "edge",
        "Front",
        "a regional web ACL on the distribution",
        put("Front", "DistributionConfig WebACLId", "!GetAtt RegionalAcl.Arn"),
        also=(
            *too("WAF002", "Front", "a web ACL of the other scope does not cover"),
            *too("WAF003", "QuoteUrl Socket", "what guarded it was the distribution's web ACL"),
        ),
    ),
    breaks("WAF007", "rest_api", "WebAcl", "no logs", remove("WebAclLogs")),
    breaks("WAF007", "edge", "RegionalAcl", "no rate limit", drop("RegionalAcl", "Rules 0")),
    breaks("WAF007", "conditions", "WebAcl", "no common rules", drop("WebAcl", "Rules 1")),
)

MUTATIONS = (*_STAGES, *_DISTRIBUTIONS, *_NO_WAF, *_OTHERS, *_CONTENT)

HARMLESS = (
    harmless(
        "rest_api",
        "the association written with Join",
        put(
            "WebAclOnLive",
            "ResourceArn",
            "!Join ['', ['arn:aws:apigateway:', !Ref AWS::Region, '::/restapis/', !Ref Api, /stages/, !Ref Live]]",
        ),
    ),
    harmless(
        "rest_api",
        "the stage's name written out",
        put("WebAclOnLive", "ResourceArn", "!Sub arn:aws:apigateway:${AWS::Region}::/restapis/${Api}/stages/live"),
    ),
    harmless(
        "conditions",
        "the association without its condition's web ACL in the private branch",
        put("WebAclOnLive", "WebACLArn", "!If [IsPublic, !GetAtt WebAcl.Arn, !Ref AWS::NoValue]"),
    ),
)
