"""Ways to break the reference stacks, as somebody who adapts them would."""

from tests.mutations.edits import append, drop, put, remove
from tests.mutations.mutation import HarmlessEdit, breaks, gone, too

_EVERYONE = "{IpProtocol: tcp, FromPort: 0, ToPort: 65535, CidrIp: 0.0.0.0/0}"

MUTATIONS = (
    breaks(
        "TIER002",
        "lambda_in_vpc",
        "Database",
        "the office may reach the database",
        put(
            "DatabaseSecurityGroup",
            "SecurityGroupIngress",
            "[{IpProtocol: tcp, FromPort: 5432, ToPort: 5432, CidrIp: 203.0.113.0/24}]",
        ),
    ),
    breaks(
        "TIER002",
        "single_page_app",
        "Cache",
        "everyone may reach the cache",
        append("CacheSecurityGroup", "SecurityGroupIngress", _EVERYONE),
    ),
    breaks(
        "DATA001",
        "lambda_in_vpc",
        "Database",
        "the database gets a public address",
        put("Database", "PubliclyAccessible", "true"),
    ),
    breaks(
        "AUTH001",
        "web_app",
        "WebApi",
        "no default and no authorizer on one event",
        put("ListShowsFunction", "Events ListShows Properties Auth", "{Authorizer: NONE}"),
    ),
    breaks(
        "IAM001",
        "lambda_in_vpc",
        "ReportFunction",
        "the report may do all on its bucket",
        append(
            "ReportFunction",
            "Policies",
            "{Statement: [{Effect: Allow, Action: 's3:*', Resource: !Sub '${ReportBucket.Arn}/*'}]}",
        ),
        also=too("DATA005", "ReportFunction", "the endpoint's policy lets fewer actions through", verdict="unknown"),
    ),
    breaks(
        "IAM003",
        "web_app",
        "BuyTicketFunction",
        "buying writes every table",
        append(
            "BuyTicketFunction",
            "Policies",
            "{Statement: [{Effect: Allow, Action: 'dynamodb:PutItem', Resource: '*'}]}",
        ),
    ),
    breaks(
        "IAM004",
        "single_page_app",
        "TicketsFunction",
        "full access, since it was quicker",
        append("TicketsFunction", "Policies", "AmazonDynamoDBFullAccess"),
    ),
    breaks(
        "WAF001", "lambda_in_vpc", "OrdersApi", "the association is gone", remove("WebAclOnStage"), target="stage v1"
    ),
    breaks(
        "WAF001",
        "web_app",
        "WebApi",
        "SAM makes a second stage",
        drop("WebApi", "OpenApiVersion"),
        target="stage Stage",
        also=too("API020", "WebApi", "it is the second stage"),
    ),
    breaks(
        "WAF002",
        "web_app",
        "Distribution",
        "the distribution's web ACL is gone",
        drop("Distribution", "DistributionConfig WebACLId"),
        also=gone("WAF006", "Distribution", "no web ACL is named"),
    ),
    breaks("WAF004", "web_app", "UserPool", "the user pool is bare", remove("ApiWebAclOnUserPool")),
    breaks(
        "TIER005",
        "single_page_app",
        "InfoBucket",
        "the articles' bucket loses a switch",
        put("InfoBucket", "PublicAccessBlockConfiguration BlockPublicPolicy", "false"),
    ),
    breaks(
        "TIER006",
        "web_app",
        "Distribution",
        "the site's origin loses its access control",
        drop("Distribution", "DistributionConfig Origins 0 OriginAccessControlId"),
    ),
)

HARMLESS: tuple[HarmlessEdit, ...] = ()
