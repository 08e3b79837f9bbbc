"""What the template says of the VPC, its endpoints and its API is really there in the deployed account."""

import json
from typing import Any

from tests.reference_stacks.emulator.stack import DeployedStack

FUNCTIONS = ("OrdersFunction", "ReportFunction", "SchemaFunction", "RotationFunction")


def routes(stack: DeployedStack, route_table: str) -> list[tuple[str, str]]:
    [table] = stack.client("ec2").describe_route_tables(RouteTableIds=[stack.physical_id(route_table)])["RouteTables"]
    return [
        (route.get("DestinationCidrBlock") or route["DestinationPrefixListId"], route["GatewayId"])
        for route in table["Routes"]
    ]


def configuration(stack: DeployedStack, function: str) -> dict[str, Any]:
    found: dict[str, Any] = stack.client("lambda").get_function_configuration(
        FunctionName=stack.physical_id(function)
    )
    return found


def test_the_types_that_the_emulator_was_given(stack: DeployedStack) -> None:
    print(stack.handlers_added)

    assert stack.handlers_added == {
        "AWS::EC2::FlowLog": "real: created in EC2",
        "AWS::EC2::SecurityGroupIngress": "real: a rule of the group in EC2",
        "AWS::RDS::DBInstance": "patched: endpoint, role and database in the tests' PostgreSQL; a managed secret",
        "AWS::SecretsManager::RotationSchedule": "real: kept by Secrets Manager; nothing is rotated",
        "AWS::WAFv2::LoggingConfiguration": "stub: recorded",
        "AWS::WAFv2::WebACLAssociation": "real: associated in AWS WAF; requests are not inspected",
    }


def test_every_method_asks_for_a_signature(stack: DeployedStack) -> None:
    gateway, api = stack.client("apigateway"), stack.physical_id("OrdersApi")
    resources = gateway.get_resources(restApiId=api, embed=["methods"], limit=500)["items"]

    authorization = {
        (method, resource["path"]): settings["authorizationType"]
        for resource in resources
        for method, settings in resource.get("resourceMethods", {}).items()
    }

    assert authorization == {("GET", "/orders"): "AWS_IAM", ("GET", "/orders/{order_id}"): "AWS_IAM"}


def test_the_only_stage_has_a_web_acl(stack: DeployedStack) -> None:
    api = stack.physical_id("OrdersApi")
    stages = [stage["stageName"] for stage in stack.client("apigateway").get_stages(restApiId=api)["item"]]
    arn = f"arn:aws:apigateway:us-east-1::/restapis/{api}/stages/v1"

    acl = stack.client("wafv2").get_web_acl_for_resource(ResourceArn=arn)["WebACL"]

    assert stages == ["v1"]
    assert [rule["Name"] for rule in acl["Rules"]] == [
        "too-many-requests",
        "known-bad-addresses",
        "known-bad-inputs",
        "common-attacks",
    ]


def test_the_vpc_has_no_way_to_the_internet(stack: DeployedStack) -> None:
    ec2, vpc = stack.client("ec2"), stack.physical_id("Vpc")

    attached = [
        gateway["InternetGatewayId"]
        for gateway in ec2.describe_internet_gateways()["InternetGateways"]
        if vpc in [attachment["VpcId"] for attachment in gateway["Attachments"]]
    ]

    assert attached == []
    assert ec2.describe_nat_gateways(Filter=[{"Name": "vpc-id", "Values": [vpc]}])["NatGateways"] == []
    assert routes(stack, "DatabaseRouteTable") == [("10.41.0.0/22", "local")]
    assert ("0.0.0.0/0" in [destination for destination, _ in routes(stack, "FunctionRouteTable")]) is False


def test_subnets_lie_in_two_zones_under_their_own_tables(stack: DeployedStack) -> None:
    ec2 = stack.client("ec2")
    zones = {}
    for name in ("FunctionSubnetA", "FunctionSubnetB", "DatabaseSubnetA", "DatabaseSubnetB"):
        [subnet] = ec2.describe_subnets(SubnetIds=[stack.physical_id(name)])["Subnets"]
        zones[name] = (subnet["CidrBlock"], subnet["AvailabilityZone"], subnet["MapPublicIpOnLaunch"])

    assert zones == {
        "FunctionSubnetA": ("10.41.0.0/26", "us-east-1a", False),
        "FunctionSubnetB": ("10.41.0.64/26", "us-east-1b", False),
        "DatabaseSubnetA": ("10.41.0.128/26", "us-east-1a", False),
        "DatabaseSubnetB": ("10.41.0.192/26", "us-east-1b", False),
    }


def test_the_database_is_private_and_admits_the_functions_only(stack: DeployedStack) -> None:
    [database] = stack.client("rds").describe_db_instances(DBInstanceIdentifier=stack.physical_id("Database"))[
        "DBInstances"
    ]
    [group] = stack.client("ec2").describe_security_groups(GroupIds=[stack.physical_id("DatabaseSecurityGroup")])[
        "SecurityGroups"
    ]

    assert (database["PubliclyAccessible"], database["StorageEncrypted"], database["MultiAZ"]) == (False, True, True)
    assert [
        (rule["FromPort"], rule["ToPort"], [pair["GroupId"] for pair in rule["UserIdGroupPairs"]], rule["IpRanges"])
        for rule in group["IpPermissions"]
    ] == [(5432, 5432, [stack.physical_id("FunctionSecurityGroup")], [])]


def test_endpoints_stand_for_what_the_functions_call(stack: DeployedStack) -> None:
    endpoints = stack.client("ec2").describe_vpc_endpoints()["VpcEndpoints"]

    assert sorted((endpoint["ServiceName"], endpoint["VpcEndpointType"]) for endpoint in endpoints) == [
        ("com.amazonaws.us-east-1.s3", "Gateway"),
        ("com.amazonaws.us-east-1.secretsmanager", "Interface"),
    ]


def test_every_function_has_a_role_of_its_own(stack: DeployedStack) -> None:
    """The emulator does not keep a function's VpcConfig; that it names private subnets is what tierlens proves."""
    found = {name: configuration(stack, name) for name in FUNCTIONS}

    assert len({each["Role"] for each in found.values()}) == len(FUNCTIONS)
    assert {name: each["Runtime"] for name, each in found.items()} == dict.fromkeys(FUNCTIONS, "python3.13")


def test_the_functions_hold_no_password(stack: DeployedStack) -> None:
    for name in FUNCTIONS:
        variables = configuration(stack, name)["Environment"]["Variables"]
        assert not [key for key in variables if "PASSWORD" in key], name
        assert variables["DATABASE_SECRET_ARN"].startswith("arn:aws:secretsmanager:"), name


def test_the_policy_of_callers_names_the_methods(stack: DeployedStack) -> None:
    iam, arn = stack.client("iam"), stack.outputs["OrdersCallerPolicyArn"]
    version = iam.get_policy(PolicyArn=arn)["Policy"]["DefaultVersionId"]
    document = iam.get_policy_version(PolicyArn=arn, VersionId=version)["PolicyVersion"]["Document"]
    document = json.loads(document) if isinstance(document, str) else document
    method = f"arn:aws:execute-api:us-east-1:000000000000:{stack.physical_id('OrdersApi')}/v1/GET"

    assert [(each["Action"], each["Resource"]) for each in document["Statement"]] == [
        ("execute-api:Invoke", [f"{method}/orders", f"{method}/orders/*"])
    ]


def test_the_secret_is_rotated_and_the_report_written_by_schedule(stack: DeployedStack) -> None:
    secret = stack.client("secretsmanager").describe_secret(SecretId=stack.outputs["ReaderSecretArn"])
    [rule] = stack.of_type("AWS::Events::Rule").values()

    assert secret["RotationEnabled"] is True
    assert secret["RotationLambdaARN"] == configuration(stack, "RotationFunction")["FunctionArn"]
    assert stack.client("events").describe_rule(Name=rule)["ScheduleExpression"] == "cron(0 3 * * ? *)"


def test_the_bucket_of_reports_is_closed_and_versioned(stack: DeployedStack) -> None:
    s3, bucket = stack.client("s3"), stack.outputs["ReportBucketName"]
    block = s3.get_public_access_block(Bucket=bucket)["PublicAccessBlockConfiguration"]

    assert set(block.values()) == {True}
    assert s3.get_bucket_versioning(Bucket=bucket)["Status"] == "Enabled"
