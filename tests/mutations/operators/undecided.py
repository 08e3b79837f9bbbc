"""Edits after which the template does not decide a property any more: neither a pass nor a failure is right."""

from tests.mutations.edits import append, drop, put, section
from tests.mutations.mutation import HarmlessEdit, gone, too, undecides

_INPUT = section("Parameters", "{Input: {Type: String}}")
_SUBNETS = section("Parameters", "{Subnets: {Type: 'List<AWS::EC2::Subnet::Id>'}}")
_ELSEWHERE = "its subnets are those that the template does not show"

MUTATIONS = (
    undecides(
        "DATA002",
        "vpc_stores",
        "Cache",
        "the subnets are a parameter",
        _SUBNETS,
        put("CacheSubnetGroup", "SubnetIds", "!Ref Subnets"),
        also=too("DATA006", "Cache", _ELSEWHERE, verdict="unknown"),
    ),
    undecides(
        "DATA002",
        "vpc_stores",
        "Proxy",
        "the subnets are another stack's",
        put("Proxy", "VpcSubnetIds", "!Split [',', !ImportValue data-subnets]"),
        also=too("DATA006", "Proxy", _ELSEWHERE, verdict="unknown"),
    ),
    undecides(
        "DATA002",
        "vpc_stores",
        "Cluster Reports Cache Search Proxy FilesInA FilesInB",
        "the table of the data subnets is a parameter",
        _INPUT,
        put("DataSubnetATable", "RouteTableId", "!Ref Input"),
        put("DataSubnetBTable", "RouteTableId", "!Ref Input"),
    ),
    undecides(
        "DATA001",
        "vpc_stores",
        "Reports",
        "the switch is a parameter",
        _INPUT,
        put("Reports", "PubliclyAccessible", "!Ref Input"),
    ),
    undecides(
        "TIER002",
        "vpc_stores",
        "Reports",
        "a prefix list of somewhere else",
        append(
            "ReportsGroup",
            "SecurityGroupIngress",
            "{IpProtocol: tcp, FromPort: 5432, ToPort: 5432, SourcePrefixListId: pl-0a1b2c3d}",
        ),
    ),
    undecides(
        "TIER002",
        "vpc_stores",
        "Cache",
        "the range is a parameter",
        _INPUT,
        drop("CacheFromLogic", "SourceSecurityGroupId"),
        put("CacheFromLogic", "CidrIp", "!Ref Input"),
    ),
    undecides(
        "TIER005",
        "messages",
        "Uploads",
        "one switch of the block is a parameter",
        _INPUT,
        put("Uploads", "PublicAccessBlockConfiguration BlockPublicPolicy", "!Ref Input"),
    ),
    undecides(
        "IAM001",
        "rest_api",
        "TicketsRole",
        "an action that is a parameter",
        _INPUT,
        append("TicketsRole", "Policies 0 PolicyDocument Statement 0 Action", "!Ref Input"),
    ),
    undecides(
        "IAM003",
        "messages",
        "ImportGrants",
        "the resource is a parameter",
        _INPUT,
        put("ImportGrants", "PolicyDocument Statement 1 Resource", "!Ref Input"),
    ),
    undecides(
        "IAM004",
        "rest_api",
        "ShowsRole",
        "a managed policy that is a parameter",
        _INPUT,
        append("ShowsRole", "ManagedPolicyArns", "!Ref Input"),
    ),
    undecides(
        "AUTH001",
        "rest_api",
        "ListShows",
        "the type is a parameter",
        _INPUT,
        put("ListShows", "AuthorizationType", "!Ref Input"),
        target="GET /shows",
    ),
    undecides(
        "AUTH003",
        "edge",
        "QuoteUrl",
        "the URL's type is a parameter",
        _INPUT,
        put("QuoteUrl", "AuthType", "!Ref Input"),
        also=too("TIER007 WAF003", "QuoteUrl", "who may call it decides whether it leads around", verdict="unknown"),
    ),
    undecides(
        "WAF001",
        "rest_api",
        "Live",
        "the association names a parameter",
        _INPUT,
        put("WebAclOnLive", "ResourceArn", "!Ref Input"),
        target="stage live",
        also=too("WAF005", "WebAclOnLive", "what it protects is a parameter", verdict="unknown")
        + gone("WAF006", "WebAclOnLive", "no kind of resource is known that the scope could miss"),
    ),
    undecides(
        "WAF002",
        "edge",
        "Front",
        "a text that is no ARN",
        put("Front", "DistributionConfig WebACLId", "!Sub acl-of-${AWS::StackName}"),
        also=too("WAF003", "QuoteUrl Socket", "what guards it is the distribution's web ACL", verdict="unknown")
        + gone("WAF006", "Front", "no scope is known"),
    ),
)

HARMLESS: tuple[HarmlessEdit, ...] = ()
