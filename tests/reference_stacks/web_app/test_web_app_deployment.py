"""The deployed web application: each resource is there as the template says, joined as the README's table says."""

import json

import pytest

from tests.reference_stacks.emulator.process import ACCOUNT, REGION, Emulator
from tests.reference_stacks.emulator.stack import DeployedStack, http
from tests.reference_stacks.web_app.conftest import REDIRECT, SITE

METHODS = {
    ("GET", "/shows"): ("COGNITO_USER_POOLS", ["web/shows.read"]),
    ("GET", "/shows/{show_id}"): ("COGNITO_USER_POOLS", ["web/shows.read"]),
    ("GET", "/tickets"): ("COGNITO_USER_POOLS", ["web/tickets.read"]),
    ("POST", "/tickets"): ("COGNITO_USER_POOLS", ["web/tickets.buy"]),
    ("OPTIONS", "/shows"): ("NONE", []),
    ("OPTIONS", "/shows/{show_id}"): ("NONE", []),
    ("OPTIONS", "/tickets"): ("NONE", []),
}
WEB_ACL_RULES = ["too-many-requests", "known-bad-addresses", "known-bad-inputs", "common-attacks"]


def test_what_the_emulator_was_given_handlers_for(app: DeployedStack) -> None:
    print(json.dumps(app.handlers_added, indent=2))

    assert app.handlers_added == {
        "AWS::Cognito::ManagedLoginBranding": "stub: recorded",
        "AWS::Cognito::UserPoolRiskConfigurationAttachment": "stub: recorded",
        "AWS::WAFv2::LoggingConfiguration": "stub: recorded",
        "AWS::WAFv2::WebACLAssociation": "real: associated in AWS WAF; requests are not inspected",
    }


# --------------------------------------------------------------------------------------------- presentation


def test_the_distribution_serves_the_private_bucket_over_tls_under_the_site_s_name(app: DeployedStack) -> None:
    cloudfront = app.client("cloudfront")
    described = cloudfront.get_distribution(Id=app.outputs["DistributionId"])["Distribution"]
    config = described["DistributionConfig"]
    [origin] = config["Origins"]["Items"]

    assert config["Aliases"]["Items"] == [SITE]
    assert config["DefaultRootObject"] == "index.html"
    assert config["DefaultCacheBehavior"]["ViewerProtocolPolicy"] == "redirect-to-https"
    assert config["DefaultCacheBehavior"]["AllowedMethods"]["Items"] == ["GET", "HEAD"]
    assert config["ViewerCertificate"]["MinimumProtocolVersion"] == "TLSv1.2_2021"
    assert origin["DomainName"] == f"{app.outputs['SiteBucketName']}.s3.{REGION}.amazonaws.com"
    control = cloudfront.get_origin_access_control(Id=origin["OriginAccessControlId"])["OriginAccessControl"]
    assert control["OriginAccessControlConfig"]["SigningBehavior"] == "always"
    assert config["Logging"]["Bucket"].startswith(app.physical_id("SiteLogBucket"))


@pytest.mark.parametrize("bucket", ["SiteBucket", "SiteLogBucket"])
def test_the_buckets_block_all_public_access(app: DeployedStack, bucket: str) -> None:
    s3 = app.client("s3")
    block = s3.get_public_access_block(Bucket=app.physical_id(bucket))["PublicAccessBlockConfiguration"]

    assert set(block.values()) == {True}
    assert s3.get_bucket_versioning(Bucket=app.physical_id(bucket))["Status"] == "Enabled"


def test_the_site_s_bucket_admits_that_distribution_and_nobody_else(app: DeployedStack, emulator: Emulator) -> None:
    s3, bucket = app.client("s3"), app.outputs["SiteBucketName"]
    allowed, denied = json.loads(s3.get_bucket_policy(Bucket=bucket)["Policy"])["Statement"]
    s3.put_object(Bucket=bucket, Key="probe.txt", Body=b"for the distribution")

    assert (allowed["Principal"], allowed["Action"]) == ({"Service": "cloudfront.amazonaws.com"}, "s3:GetObject")
    assert allowed["Condition"] == {
        "StringEquals": {
            "AWS:SourceArn": f"arn:aws:cloudfront::{ACCOUNT}:distribution/{app.outputs['DistributionId']}"
        }
    }
    assert (denied["Effect"], denied["Condition"]) == ("Deny", {"Bool": {"aws:SecureTransport": "false"}})
    assert http("GET", f"{emulator.url}/{bucket}/probe.txt").status == 403


def test_the_distribution_answers_over_https_with_the_security_headers(
    app: DeployedStack, emulator: Emulator
) -> None:
    app.client("s3").put_object(Bucket=app.outputs["SiteBucketName"], Key="probe.txt", Body=b"for the distribution")
    distribution = app.client("cloudfront").get_distribution(Id=app.outputs["DistributionId"])["Distribution"]
    host = {"Host": distribution["DomainName"]}

    plain = http("GET", f"{emulator.url}/probe.txt", headers=host)
    secure = http("GET", f"{emulator.url}/probe.txt", headers=host | {"X-Forwarded-Proto": "https"})
    headers = {name.lower(): value for name, value in secure.headers.items()}

    assert (plain.status, plain.headers["Location"]) == (301, f"https://{distribution['DomainName']}/probe.txt")
    assert (secure.status, secure.body) == (200, "for the distribution")
    assert headers["strict-transport-security"] == "max-age=63072000; includeSubDomains; preload"
    assert headers["x-frame-options"] == "DENY"
    assert headers["x-content-type-options"] == "nosniff"
    assert headers["referrer-policy"] == "no-referrer"
    assert headers["content-security-policy"] == (
        "default-src 'none'; script-src 'self'; style-src 'self'; img-src 'self'; connect-src 'self' "
        f"{app.outputs['ApiUrl'].removesuffix('/v1')} {app.outputs['SignInUrl']}; "
        "base-uri 'none'; form-action 'self'; frame-ancestors 'none'"
    )


def test_the_name_leads_to_the_distribution_and_has_a_certificate(app: DeployedStack) -> None:
    distribution = app.client("cloudfront").get_distribution(Id=app.outputs["DistributionId"])["Distribution"]
    route53 = app.client("route53")
    [zone] = route53.list_hosted_zones()["HostedZones"]
    records = route53.list_resource_record_sets(HostedZoneId=zone["Id"])["ResourceRecordSets"]
    aliases = {each["Type"]: each["AliasTarget"]["DNSName"] for each in records if "AliasTarget" in each}
    certificate = app.client("acm").describe_certificate(CertificateArn=app.physical_id("SiteCertificate"))

    assert aliases == dict.fromkeys(("A", "AAAA"), f"{distribution['DomainName']}.")
    assert certificate["Certificate"]["DomainName"] == SITE


def test_the_client_signs_in_by_code_with_pkce_and_has_no_secret(app: DeployedStack) -> None:
    cognito, pool = app.client("cognito-idp"), app.outputs["UserPoolId"]
    client = cognito.describe_user_pool_client(UserPoolId=pool, ClientId=app.outputs["AppClientId"])["UserPoolClient"]

    assert "ClientSecret" not in client
    assert client["AllowedOAuthFlows"] == ["code"]
    assert (client["CallbackURLs"], client["LogoutURLs"]) == ([REDIRECT], [REDIRECT])
    assert set(client["AllowedOAuthScopes"]) == {
        "openid",
        "email",
        "web/shows.read",
        "web/tickets.read",
        "web/tickets.buy",
    }


# -------------------------------------------------------------------------------------------- logic and data


def test_each_method_and_its_authorization(app: DeployedStack) -> None:
    client, api = app.client("apigateway"), app.physical_id("WebApi")
    found = {}
    for resource in client.get_resources(restApiId=api, embed=["methods"])["items"]:
        for verb in resource.get("resourceMethods", {}):
            method = client.get_method(restApiId=api, resourceId=resource["id"], httpMethod=verb)
            found[verb, resource["path"]] = method["authorizationType"], method.get("authorizationScopes", [])
            assert (method["methodIntegration"]["type"] == "MOCK") == (verb == "OPTIONS")

    assert found == METHODS


def test_every_front_has_a_web_acl(app: DeployedStack) -> None:
    waf = app.client("wafv2")
    distribution = app.client("cloudfront").get_distribution(Id=app.outputs["DistributionId"])["Distribution"]
    stage = f"arn:aws:apigateway:{REGION}::/restapis/{app.physical_id('WebApi')}/stages/v1"
    pool = f"arn:aws:cognito-idp:{REGION}:{ACCOUNT}:userpool/{app.outputs['UserPoolId']}"
    on_stage = waf.get_web_acl_for_resource(ResourceArn=stage)["WebACL"]
    on_pool = waf.get_web_acl_for_resource(ResourceArn=pool)["WebACL"]

    assert [rule["Name"] for rule in on_stage["Rules"]] == WEB_ACL_RULES
    assert on_pool["ARN"] == on_stage["ARN"]
    assert ":global/webacl/" in distribution["DistributionConfig"]["WebACLId"]


@pytest.mark.parametrize(
    ("table", "keys", "index"),
    [("ShowsTable", ["show_id"], "by-city"), ("TicketsTable", ["show_id", "seat"], "by-member")],
)
def test_the_tables(app: DeployedStack, table: str, keys: list[str], index: str) -> None:
    described = app.client("dynamodb").describe_table(TableName=app.physical_id(table))["Table"]

    assert [key["AttributeName"] for key in described["KeySchema"]] == keys
    assert [each["IndexName"] for each in described["GlobalSecondaryIndexes"]] == [index]
    assert described["DeletionProtectionEnabled"] is True
    assert described["BillingModeSummary"]["BillingMode"] == "PAY_PER_REQUEST"


def test_each_function_has_one_job_and_a_role_of_its_own(app: DeployedStack) -> None:
    functions = app.client("lambda").list_functions()["Functions"]

    assert set(app.of_type("AWS::Lambda::Function")) == {
        "ListShowsFunction",
        "GetShowFunction",
        "BuyTicketFunction",
        "ListTicketsFunction",
    }
    assert len({function["Role"] for function in functions}) == 4
    assert {function["TracingConfig"]["Mode"] for function in functions} == {"Active"}
