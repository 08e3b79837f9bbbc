"""What the template says of the site, the API, its authorizer and the stores is really there once deployed."""

import json
from typing import Any

from tests.reference_stacks.emulator.stack import DeployedStack

FUNCTIONS = ("AuthorizerFunction", "ShowsFunction", "TicketsFunction", "InfoFunction")


def configuration(stack: DeployedStack, function: str) -> dict[str, Any]:
    found: dict[str, Any] = stack.client("lambda").get_function_configuration(
        FunctionName=stack.physical_id(function)
    )
    return found


def distribution(stack: DeployedStack) -> dict[str, Any]:
    found = stack.client("cloudfront").get_distribution(Id=stack.outputs["DistributionId"])["Distribution"]
    settings: dict[str, Any] = found["DistributionConfig"]
    return settings


def test_the_types_that_the_emulator_was_given(stack: DeployedStack) -> None:
    print(stack.handlers_added)

    assert stack.handlers_added == {
        "AWS::EC2::FlowLog": "real: created in EC2",
        "AWS::EC2::SecurityGroupIngress": "real: a rule of the group in EC2",
        "AWS::ElastiCache::ReplicationGroup": "patched: endpoints of the tests' Redis",
        "AWS::WAFv2::LoggingConfiguration": "stub: recorded",
        "AWS::WAFv2::WebACLAssociation": "real: associated in AWS WAF; requests are not inspected",
    }


def test_every_method_asks_the_authorizer(stack: DeployedStack) -> None:
    gateway, api = stack.client("apigateway"), stack.physical_id("SpaApi")
    [authorizer] = gateway.get_authorizers(restApiId=api)["items"]
    resources = gateway.get_resources(restApiId=api, embed=["methods"], limit=500)["items"]

    authorization = {
        (method, resource["path"]): (settings["authorizationType"], settings["authorizerId"])
        for resource in resources
        for method, settings in resource.get("resourceMethods", {}).items()
    }

    assert authorization == dict.fromkeys(
        [
            ("GET", "/info"),
            ("GET", "/info/{topic}"),
            ("GET", "/shows"),
            ("GET", "/shows/{show_id}"),
            ("GET", "/tickets"),
            ("POST", "/tickets"),
        ],
        ("CUSTOM", authorizer["id"]),
    )
    assert (authorizer["type"], authorizer["identitySource"]) == ("TOKEN", "method.request.header.Authorization")
    assert configuration(stack, "AuthorizerFunction")["FunctionArn"] in authorizer["authorizerUri"]


def test_the_only_stage_has_the_web_acl_that_asks_for_the_distribution_s_secret(stack: DeployedStack) -> None:
    """The emulator runs no web ACL and cannot show this one's rules (their secret is no base64 there)."""
    api, web_acl = stack.physical_id("SpaApi"), stack.physical_id("StageWebAcl").split("|")
    stages = [stage["stageName"] for stage in stack.client("apigateway").get_stages(restApiId=api)["item"]]
    guarded = stack.client("wafv2").list_resources_for_web_acl(
        WebACLArn=f"arn:aws:wafv2:us-east-1:000000000000:regional/webacl/{web_acl[0]}/{web_acl[1]}",
        ResourceType="API_GATEWAY",
    )
    kept = stack.client("secretsmanager").get_secret_value(SecretId=stack.physical_id("OriginSecret"))
    [origin] = [each for each in distribution(stack)["Origins"]["Items"] if each["Id"] == "api"]

    assert stages == ["api"]
    assert guarded["ResourceArns"] == [f"arn:aws:apigateway:us-east-1::/restapis/{api}/stages/api"]
    assert origin["CustomHeaders"]["Items"] == [
        {"HeaderName": "x-origin-secret", "HeaderValue": json.loads(kept["SecretString"])["header"]}
    ]


def test_the_distribution_speaks_tls_behind_a_web_acl(stack: DeployedStack) -> None:
    settings = distribution(stack)
    certificate = settings["ViewerCertificate"]

    assert certificate["MinimumProtocolVersion"] == "TLSv1.2_2021"
    assert certificate["ACMCertificateArn"] == stack.physical_id("Certificate")
    assert ":global/webacl/" in settings["WebACLId"]
    assert settings["Aliases"]["Items"] == ["tickets.example.com"]
    assert settings["DefaultCacheBehavior"]["ViewerProtocolPolicy"] == "redirect-to-https"
    assert [
        (each["PathPattern"], each["TargetOriginId"], each["ViewerProtocolPolicy"])
        for each in settings["CacheBehaviors"]["Items"]
    ] == [("/api/*", "api", "https-only")]


def test_the_site_s_bucket_lets_in_this_distribution_only(stack: DeployedStack) -> None:
    s3, bucket = stack.client("s3"), stack.outputs["SiteBucketName"]
    policy = json.loads(s3.get_bucket_policy(Bucket=bucket)["Policy"])
    block = s3.get_public_access_block(Bucket=bucket)["PublicAccessBlockConfiguration"]
    [origin] = [each for each in distribution(stack)["Origins"]["Items"] if each["Id"] == "site"]
    allowed = [each for each in policy["Statement"] if each["Effect"] == "Allow"]

    assert origin["OriginAccessControlId"] == stack.physical_id("SiteAccess")
    assert set(block.values()) == {True}
    assert [(each["Principal"], each["Action"], list(each["Condition"])) for each in allowed] == [
        ({"Service": "cloudfront.amazonaws.com"}, "s3:GetObject", ["StringEquals"])
    ]
    [source] = allowed[0]["Condition"]["StringEquals"].values()
    assert source.endswith(f":distribution/{stack.outputs['DistributionId']}")


def test_tables_are_protected_from_deletion(stack: DeployedStack) -> None:
    for output, key in (("TicketsTableName", ["show_id", "seat"]), ("ShowsTableName", ["show_id"])):
        table = stack.client("dynamodb").describe_table(TableName=stack.outputs[output])["Table"]
        assert [each["AttributeName"] for each in table["KeySchema"]] == key, output
        assert table["DeletionProtectionEnabled"] is True, output


def test_the_cache_is_encrypted_and_admits_the_function_of_shows_only(stack: DeployedStack) -> None:
    [group] = stack.client("elasticache").describe_replication_groups(ReplicationGroupId=stack.physical_id("Cache"))[
        "ReplicationGroups"
    ]
    [admitting] = stack.client("ec2").describe_security_groups(GroupIds=[stack.physical_id("CacheSecurityGroup")])[
        "SecurityGroups"
    ]

    assert (group["TransitEncryptionEnabled"], group["AtRestEncryptionEnabled"]) == (True, True)
    assert [
        (rule["FromPort"], rule["ToPort"], [pair["GroupId"] for pair in rule["UserIdGroupPairs"]], rule["IpRanges"])
        for rule in admitting["IpPermissions"]
    ] == [(6379, 6379, [stack.physical_id("FunctionSecurityGroup")], [])]


def test_endpoints_stand_for_what_the_function_of_shows_calls(stack: DeployedStack) -> None:
    endpoints = stack.client("ec2").describe_vpc_endpoints()["VpcEndpoints"]

    assert sorted((endpoint["ServiceName"], endpoint["VpcEndpointType"]) for endpoint in endpoints) == [
        ("com.amazonaws.us-east-1.dynamodb", "Gateway"),
        ("com.amazonaws.us-east-1.secretsmanager", "Interface"),
    ]
    assert stack.of_type("AWS::EC2::InternetGateway") == {}
    assert stack.of_type("AWS::EC2::NatGateway") == {}


def test_every_function_has_a_role_of_its_own_and_holds_no_secret(stack: DeployedStack) -> None:
    """The emulator does not keep a function's VpcConfig; that it names private subnets is what tierlens proves."""
    found = {name: configuration(stack, name) for name in FUNCTIONS}
    secret = json.loads(
        stack.client("secretsmanager").get_secret_value(SecretId=stack.physical_id("CacheSecret"))["SecretString"]
    )["token"]

    assert len({each["Role"] for each in found.values()}) == len(FUNCTIONS)
    assert [name for name, each in found.items() if secret in each["Environment"]["Variables"].values()] == []
