"""Ways to run the reference stacks' APIs and distributions worse than they come (API001 …, EDGE001 …)."""

from tests.mutations.edits import append, drop, put
from tests.mutations.mutation import HarmlessEdit, breaks, gone, harmless, too, undecides

_FAR_CERTIFICATE = "arn:aws:acm:eu-west-1:111122223333:certificate/0a1b2c3d"
_ANOTHER_METHOD = "{ResourcePath: /tickets, HttpMethod: GET, LoggingLevel: INFO, ThrottlingRateLimit: 10}"

_API = (
    breaks(
        "API001",
        "web_app",
        "WebApi",
        "no access log",
        drop("WebApi", "AccessLogSetting"),
        also=gone("API002", "WebApi", "there is no log that could have a structure"),
    ),
    breaks(
        "API002",
        "web_app",
        "WebApi",
        "a line for people",
        put("WebApi", "AccessLogSetting Format", "$context.requestId $context.status"),
    ),
    breaks(
        "API002",
        "lambda_in_vpc",
        "OrdersApi",
        "lines that name no request",
        put("OrdersApi", "AccessLogSetting Format", """'{"status": "$context.status"}'"""),
    ),
    breaks(
        "API003",
        "lambda_in_vpc",
        "OrdersApi",
        "the execution log is off",
        put("OrdersApi", "MethodSettings 0 LoggingLevel", "'OFF'"),
        also=gone("API004", "OrdersApi", "a log that is off holds no requests"),
    ),
    breaks(
        "API004",
        "web_app",
        "WebApi",
        "whole requests are logged",
        put("WebApi", "MethodSettings 0 DataTraceEnabled", "true"),
    ),
    breaks("API005", "mobile_backend", "BackendApi", "no trace", drop("BackendApi", "TracingEnabled")),
    breaks(
        "API006",
        "mobile_backend",
        "BackendApi",
        "metrics of the whole API only",
        put("BackendApi", "MethodSettings 0 MetricsEnabled", "false"),
    ),
    breaks(
        "API010",
        "web_app",
        "WebApi",
        "the order is passed on unchecked",
        put("BuyTicketFunction", "Events BuyTicket Properties RequestModel ValidateBody", "false"),
        target="POST /tickets",
    ),
)

_EDGE = (
    breaks(
        "EDGE001",
        "single_page_app",
        "Distribution",
        "one path answers over plain HTTP",
        put("Distribution", "DistributionConfig CacheBehaviors 0 ViewerProtocolPolicy", "allow-all"),
        target="behavior /api/*",
    ),
    breaks(
        "EDGE002",
        "web_app",
        "Distribution",
        "TLS 1.1",
        put("Distribution", "DistributionConfig ViewerCertificate MinimumProtocolVersion", "TLSv1.1_2016"),
    ),
    breaks(
        "EDGE003",
        "single_page_app",
        "Distribution",
        "the API is asked over plain HTTP",
        put("Distribution", "DistributionConfig Origins 1 CustomOriginConfig OriginProtocolPolicy", "http-only"),
        target="origin api",
    ),
    breaks(
        "EDGE004",
        "web_app",
        "Distribution",
        "a certificate of another Region",
        put("Distribution", "DistributionConfig ViewerCertificate AcmCertificateArn", _FAR_CERTIFICATE),
    ),
    breaks(
        "EDGE004",
        "web_app",
        "Distribution",
        "names and no certificate",
        drop("Distribution", "DistributionConfig ViewerCertificate"),
        also=too("EDGE002", "Distribution", "CloudFront's own certificate takes TLS 1.0"),
    ),
    breaks(
        "EDGE005",
        "single_page_app",
        "Distribution",
        "headers for CORS only",
        put(
            "Distribution",
            "DistributionConfig DefaultCacheBehavior ResponseHeadersPolicyId",
            "60669652-455b-4ae9-85a4-c4c02393f86c",
        ),
    ),
    breaks(
        "EDGE006",
        "single_page_app",
        "Distribution",
        "no log",
        drop("Distribution", "DistributionConfig Logging"),
        also=gone("EDGE007", "Distribution", "no bucket has to take a log"),
    ),
    breaks(
        "EDGE007",
        "single_page_app",
        "Distribution",
        "the bucket takes no lists",
        put("LogBucket", "OwnershipControls Rules 0 ObjectOwnership", "BucketOwnerEnforced"),
    ),
    breaks(
        "EDGE008",
        "web_app",
        "Distribution",
        "no root object",
        drop("Distribution", "DistributionConfig DefaultRootObject"),
    ),
    breaks(
        "EDGE009",
        "single_page_app",
        "SiteAddress",
        "the hosted zone of something else",
        put("SiteAddress", "AliasTarget HostedZoneId", "Z35SXDOTRQ7X7K"),
    ),
    undecides(
        "EDGE001",
        "single_page_app",
        "Distribution",
        "an input decides the protocol of one path",
        put("Distribution", "DistributionConfig CacheBehaviors 0 ViewerProtocolPolicy", "!ImportValue policy"),
        target="behavior /api/*",
    ),
)

MUTATIONS = (*_API, *_EDGE)

HARMLESS: tuple[HarmlessEdit, ...] = (
    harmless("web_app", "one method has settings of its own", append("WebApi", "MethodSettings", _ANOTHER_METHOD)),
    harmless(
        "single_page_app",
        "HTTPS by redirect",
        put("Distribution", "DistributionConfig CacheBehaviors 0 ViewerProtocolPolicy", "redirect-to-https"),
    ),
    harmless(
        "web_app",
        "a newer security policy",
        put("Distribution", "DistributionConfig ViewerCertificate MinimumProtocolVersion", "TLSv1.3_2025"),
    ),
)
