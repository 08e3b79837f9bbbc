"""What CloudFormation made of the mobile backend's template, asked for through each service's own API."""

import ipaddress
import json
from collections import Counter
from typing import Any

from tests.reference_stacks.emulator.process import ACCOUNT, REGION
from tests.reference_stacks.emulator.stack import DeployedStack

# The whole stack after the SAM transform; a type that is not listed here is not in it.
RESOURCES = {
    "AWS::ApiGateway::Account": 1,
    "AWS::ApiGateway::Deployment": 1,
    "AWS::ApiGateway::RestApi": 1,
    "AWS::ApiGateway::Stage": 1,
    "AWS::CloudWatch::Alarm": 7,
    "AWS::Cognito::ManagedLoginBranding": 1,
    "AWS::Cognito::UserPool": 1,
    "AWS::Cognito::UserPoolClient": 1,
    "AWS::Cognito::UserPoolDomain": 1,
    "AWS::Cognito::UserPoolResourceServer": 1,
    "AWS::Cognito::UserPoolRiskConfigurationAttachment": 1,
    "AWS::DynamoDB::Table": 2,
    "AWS::EC2::FlowLog": 1,
    "AWS::EC2::RouteTable": 2,
    "AWS::EC2::SecurityGroup": 3,
    "AWS::EC2::SecurityGroupIngress": 2,
    "AWS::EC2::Subnet": 4,
    "AWS::EC2::SubnetRouteTableAssociation": 4,
    "AWS::EC2::VPC": 1,
    "AWS::EC2::VPCEndpoint": 1,
    "AWS::IAM::Role": 7,
    "AWS::KMS::Key": 1,
    "AWS::Lambda::Function": 4,
    "AWS::Lambda::Permission": 6,
    "AWS::Logs::LogGroup": 7,
    "AWS::RDS::DBInstance": 1,
    "AWS::RDS::DBParameterGroup": 1,
    "AWS::RDS::DBSubnetGroup": 1,
    "AWS::SNS::Topic": 1,
    "AWS::SNS::TopicPolicy": 1,
    "AWS::WAFv2::LoggingConfiguration": 1,
    "AWS::WAFv2::WebACL": 1,
    "AWS::WAFv2::WebACLAssociation": 2,
}
HANDLERS_ADDED = {
    "AWS::Cognito::ManagedLoginBranding": "stub: recorded",
    "AWS::Cognito::UserPoolRiskConfigurationAttachment": "stub: recorded",
    "AWS::EC2::FlowLog": "real: created in EC2",
    "AWS::EC2::SecurityGroupIngress": "real: a rule of the group in EC2",
    "AWS::RDS::DBInstance": "patched: endpoint, role and database in the tests' PostgreSQL; a managed secret",
    "AWS::WAFv2::LoggingConfiguration": "stub: recorded",
    "AWS::WAFv2::WebACLAssociation": "real: associated in AWS WAF; requests are not inspected",
}
ROUTES = {
    "GET /info": ("InfoFunction", ["backend/info.read"]),
    "GET /info/{topic}": ("InfoFunction", ["backend/info.read"]),
    "GET /shows": ("ShowsFunction", ["backend/shows.read"]),
    "GET /shows/{show_id}": ("ShowsFunction", ["backend/shows.read"]),
    "GET /tickets": ("TicketsFunction", ["backend/tickets.read"]),
    "POST /tickets": ("TicketsFunction", ["backend/tickets.buy"]),
}


def test_every_resource_is_there(backend: DeployedStack) -> None:
    assert Counter(kind for kind, _ in backend.resources.values()) == RESOURCES


def test_the_handlers_that_were_added_for_it(backend: DeployedStack) -> None:
    print("\n".join(f"{kind:<55} {how}" for kind, how in backend.handlers_added.items()))

    assert backend.handlers_added == HANDLERS_ADDED


def methods_of(backend: DeployedStack) -> dict[str, dict[str, Any]]:
    gateway, api = backend.client("apigateway"), backend.physical_id("BackendApi")
    return {
        f"{method} {resource['path']}": gateway.get_method(
            restApiId=api, resourceId=resource["id"], httpMethod=method
        )
        for resource in gateway.get_resources(restApiId=api, embed=["methods"], limit=500)["items"]
        for method in resource.get("resourceMethods", {})
    }


def test_every_route_has_its_function_the_authorizer_and_a_scope(backend: DeployedStack) -> None:
    gateway, api = backend.client("apigateway"), backend.physical_id("BackendApi")
    [authorizer] = gateway.get_authorizers(restApiId=api)["items"]
    methods = methods_of(backend)

    assert (authorizer["name"], authorizer["type"]) == ("MemberAuthorizer", "COGNITO_USER_POOLS")
    assert authorizer["providerARNs"] == [
        f"arn:aws:cognito-idp:{REGION}:{ACCOUNT}:userpool/{backend.outputs['UserPoolId']}"
    ]
    assert sorted(methods) == sorted(ROUTES)
    for route, (function, scopes) in ROUTES.items():
        method = methods[route]
        assert (method["authorizationType"], method["authorizerId"]) == ("COGNITO_USER_POOLS", authorizer["id"])
        assert (route, method["authorizationScopes"]) == (route, scopes)
        assert backend.physical_id(function) in method["methodIntegration"]["uri"]


def test_an_order_is_validated_against_its_model(backend: DeployedStack) -> None:
    gateway, api = backend.client("apigateway"), backend.physical_id("BackendApi")
    method = methods_of(backend)["POST /tickets"]
    validator = gateway.get_request_validator(restApiId=api, requestValidatorId=method["requestValidatorId"])
    schema = json.loads(gateway.get_model(restApiId=api, modelName="ticketorder")["schema"])

    assert (validator["validateRequestBody"], validator["validateRequestParameters"]) == (True, True)
    # SAM writes models' names in small letters.
    assert method["requestModels"] == {"application/json": "ticketorder"}
    assert (schema["required"], schema["additionalProperties"]) == (["show_id", "seat"], False)


def test_the_one_stage_is_throttled_traced_logged_and_guarded(backend: DeployedStack) -> None:
    gateway, api = backend.client("apigateway"), backend.physical_id("BackendApi")
    [stage] = gateway.get_stages(restApiId=api)["item"]
    settings = stage["methodSettings"]["*/*"]
    arn = f"arn:aws:apigateway:{REGION}::/restapis/{api}/stages/v1"
    web_acl = backend.client("wafv2").get_web_acl_for_resource(ResourceArn=arn)["WebACL"]

    assert (stage["stageName"], stage["tracingEnabled"]) == ("v1", True)
    assert (settings["throttlingRateLimit"], settings["throttlingBurstLimit"]) == (50.0, 100)
    access_log = backend.processed("BackendApiv1Stage")["AccessLogSetting"]
    assert access_log["DestinationArn"] == {"Fn::GetAtt": ["ApiAccessLogGroup", "Arn"]}
    assert json.loads(access_log["Format"])["member"] == "$context.authorizer.claims.sub"
    assert [rule["Name"] for rule in web_acl["Rules"]] == [
        "too-many-requests",
        "known-bad-addresses",
        "known-bad-inputs",
        "common-attacks",
    ]


def test_the_user_pool_is_guarded_by_the_same_web_acl(backend: DeployedStack) -> None:
    arn = f"arn:aws:cognito-idp:{REGION}:{ACCOUNT}:userpool/{backend.outputs['UserPoolId']}"
    web_acl = backend.client("wafv2").get_web_acl_for_resource(ResourceArn=arn)["WebACL"]

    assert web_acl["ARN"] == backend.physical_id("WebAclOnUserPool").split("|")[0]


def test_the_app_client_has_no_secret_and_signs_in_by_code(backend: DeployedStack) -> None:
    client = backend.client("cognito-idp").describe_user_pool_client(
        UserPoolId=backend.outputs["UserPoolId"], ClientId=backend.outputs["AppClientId"]
    )["UserPoolClient"]

    assert "ClientSecret" not in client
    assert client["AllowedOAuthFlows"] == ["code"]
    assert client["CallbackURLs"] == ["showtime://signed-in"]
    assert client["ExplicitAuthFlows"] == ["ALLOW_USER_SRP_AUTH", "ALLOW_REFRESH_TOKEN_AUTH"]
    assert client["PreventUserExistenceErrors"] == "ENABLED"


def test_a_weak_password_is_not_taken(backend: DeployedStack) -> None:
    pool = backend.client("cognito-idp").describe_user_pool(UserPoolId=backend.outputs["UserPoolId"])["UserPool"]
    policy = pool["Policies"]["PasswordPolicy"]

    assert policy["MinimumLength"] == 12
    assert all(policy[f"Require{kind}"] for kind in ("Lowercase", "Uppercase", "Numbers", "Symbols"))


def table(backend: DeployedStack, output: str) -> dict[str, Any]:
    described: dict[str, Any] = backend.client("dynamodb").describe_table(TableName=backend.outputs[output])["Table"]
    return described


def keys(description: dict[str, Any]) -> list[tuple[str, str]]:
    return [(key["AttributeName"], key["KeyType"]) for key in description["KeySchema"]]


def test_the_tables_have_their_keys_and_are_encrypted_and_kept(backend: DeployedStack) -> None:
    tickets, shows = table(backend, "TicketsTableName"), table(backend, "ShowsTableName")

    assert keys(tickets) == [("show_id", "HASH"), ("seat", "RANGE")]
    assert keys(shows) == [("show_id", "HASH")]
    assert [(index["IndexName"], keys(index)) for index in tickets["GlobalSecondaryIndexes"]] == [
        ("by-member", [("member_id", "HASH"), ("bought_at", "RANGE")])
    ]
    assert [(index["IndexName"], keys(index)) for index in shows["GlobalSecondaryIndexes"]] == [
        ("by-city", [("city", "HASH"), ("starts_at", "RANGE")])
    ]
    for each in (tickets, shows):
        assert each["DeletionProtectionEnabled"] is True
    for logical_id in ("TicketsTable", "ShowsTable"):
        assert backend.processed(logical_id)["SSESpecification"] == {
            "SSEEnabled": True,
            "SSEType": "KMS",
            "KMSMasterKeyId": {"Fn::GetAtt": ["DataKey", "Arn"]},
        }
        recovery = backend.processed(logical_id)["PointInTimeRecoverySpecification"]
        assert recovery == {"PointInTimeRecoveryEnabled": True}


def test_the_key_is_rotated(backend: DeployedStack) -> None:
    assert backend.client("kms").get_key_rotation_status(KeyId=backend.physical_id("DataKey"))["KeyRotationEnabled"]


def test_the_subnets_lie_apart_in_two_zones_without_a_way_out(backend: DeployedStack) -> None:
    ec2 = backend.client("ec2")
    subnets = backend.of_type("AWS::EC2::Subnet")
    described = {each["SubnetId"]: each for each in ec2.describe_subnets(SubnetIds=list(subnets.values()))["Subnets"]}
    ranges = [ipaddress.ip_network(each["CidrBlock"]) for each in described.values()]
    vpc = [{"Name": "vpc-id", "Values": [backend.physical_id("Vpc")]}]
    tables = ec2.describe_route_tables(RouteTableIds=list(backend.of_type("AWS::EC2::RouteTable").values()))
    zones = {name: described[subnet]["AvailabilityZone"] for name, subnet in subnets.items()}

    assert (
        zones["FunctionSubnetA"] == zones["DatabaseSubnetA"] != zones["FunctionSubnetB"] == zones["DatabaseSubnetB"]
    )
    assert all(each.subnet_of(ipaddress.ip_network("10.40.0.0/22")) for each in ranges)
    assert not any(one.overlaps(two) for one in ranges for two in ranges if one is not two)
    assert not any(each["MapPublicIpOnLaunch"] for each in described.values())
    for route_table in tables["RouteTables"]:
        assert [route.get("GatewayId") for route in route_table["Routes"]] == ["local"]
        assert len(route_table["Associations"]) == 2
    assert (
        ec2.describe_internet_gateways(Filters=[{"Name": "attachment.vpc-id", "Values": vpc[0]["Values"]}])[
            "InternetGateways"
        ]
        == []
    )
    assert ec2.describe_nat_gateways(Filter=vpc)["NatGateways"] == []


def test_only_the_functions_of_info_are_let_in_to_the_database(backend: DeployedStack) -> None:
    groups = backend.of_type("AWS::EC2::SecurityGroup")
    described = backend.client("ec2").describe_security_groups(GroupIds=list(groups.values()))["SecurityGroups"]
    by_id = {group["GroupId"]: group for group in described}

    def ways_in(name: str) -> list[tuple[int, list[str], list[str]]]:
        return [
            (
                rule["FromPort"],
                [pair["GroupId"] for pair in rule["UserIdGroupPairs"]],
                [each["CidrIp"] for each in rule["IpRanges"]],
            )
            for rule in by_id[groups[name]]["IpPermissions"]
        ]

    assert ways_in("DatabaseSecurityGroup") == [(5432, [groups["FunctionSecurityGroup"]], [])]
    assert ways_in("EndpointSecurityGroup") == [(443, [groups["FunctionSecurityGroup"]], [])]
    assert ways_in("FunctionSecurityGroup") == []


def test_the_database_is_private_encrypted_doubled_and_backed_up(backend: DeployedStack) -> None:
    [database] = backend.client("rds").describe_db_instances(DBInstanceIdentifier=backend.physical_id("Database"))[
        "DBInstances"
    ]

    assert database["PubliclyAccessible"] is False
    assert database["StorageEncrypted"] is True
    assert (database["MultiAZ"], database["DeletionProtection"], database["BackupRetentionPeriod"]) == (
        True,
        True,
        14,
    )
    assert database["DBSubnetGroup"]["DBSubnetGroupName"] == backend.physical_id("DatabaseSubnetGroup")
    assert [group["VpcSecurityGroupId"] for group in database["VpcSecurityGroups"]] == [
        backend.physical_id("DatabaseSecurityGroup")
    ]


def test_the_endpoint_lets_two_roles_read_one_secret(backend: DeployedStack) -> None:
    [endpoint] = backend.client("ec2").describe_vpc_endpoints(
        VpcEndpointIds=[backend.physical_id("SecretsManagerEndpoint")]
    )["VpcEndpoints"]
    described = backend.processed("SecretsManagerEndpoint")

    assert (endpoint["ServiceName"], endpoint["VpcEndpointType"]) == (
        f"com.amazonaws.{REGION}.secretsmanager",
        "Interface",
    )
    assert sorted(endpoint["SubnetIds"]) == sorted(
        backend.physical_id(name) for name in ("FunctionSubnetA", "FunctionSubnetB")
    )
    assert described["PrivateDnsEnabled"] is True
    assert described["PolicyDocument"]["Statement"] == [
        {
            "Sid": "CredentialsOfTheDatabase",
            "Effect": "Allow",
            "Principal": {"AWS": [{"Fn::GetAtt": [name, "Arn"]} for name in INFO_ROLES]},
            "Action": "secretsmanager:GetSecretValue",
            "Resource": {"Fn::GetAtt": ["Database", "MasterUserSecret.SecretArn"]},
        }
    ]


INFO_ROLES = ("InfoFunctionRole", "InfoSchemaFunctionRole")


def variables(backend: DeployedStack, function: str) -> dict[str, str]:
    configuration = backend.client("lambda").get_function_configuration(FunctionName=backend.physical_id(function))
    found: dict[str, str] = configuration["Environment"]["Variables"]
    return found


def test_each_function_has_a_role_and_a_log_group_of_its_own(backend: DeployedStack) -> None:
    configurations = {
        name: backend.client("lambda").get_function_configuration(FunctionName=physical)
        for name, physical in backend.of_type("AWS::Lambda::Function").items()
    }

    assert {name: each["Role"].rsplit("/", 1)[-1] for name, each in configurations.items()} == {
        name: backend.physical_id(f"{name}Role") for name in configurations
    }
    assert {each["LoggingConfig"]["LogGroup"] for each in configurations.values()} == {
        backend.physical_id(name)
        for name in ("InfoLogGroup", "InfoSchemaLogGroup", "ShowsLogGroup", "TicketsLogGroup")
    }
    assert {each["TracingConfig"]["Mode"] for each in configurations.values()} == {"Active"}


def statements(backend: DeployedStack, role: str) -> list[tuple[Any, Any]]:
    """Action and resource of each statement of a role's inline policies."""
    iam, name = backend.client("iam"), backend.physical_id(role)
    documents = [
        iam.get_role_policy(RoleName=name, PolicyName=policy)["PolicyDocument"]
        for policy in iam.list_role_policies(RoleName=name)["PolicyNames"]
    ]
    return [(each["Action"], each["Resource"]) for document in documents for each in document["Statement"]]


def test_the_policies_name_exact_actions_on_exact_resources(backend: DeployedStack) -> None:
    tickets, shows = table(backend, "TicketsTableName")["TableArn"], table(backend, "ShowsTableName")["TableArn"]
    key = f"arn:aws:kms:{REGION}:{ACCOUNT}:key/{backend.physical_id('DataKey')}"
    secret = variables(backend, "InfoFunction")["DATABASE_SECRET_ARN"]

    assert statements(backend, "TicketsFunctionRole") == [
        ("dynamodb:PutItem", tickets),
        ("dynamodb:Query", f"{tickets}/index/by-member"),
        ("kms:Decrypt", key),
    ]
    assert statements(backend, "ShowsFunctionRole") == [
        ("dynamodb:GetItem", shows),
        ("dynamodb:Query", f"{shows}/index/by-city"),
        ("kms:Decrypt", key),
    ]
    for role in INFO_ROLES:
        assert statements(backend, role) == [("secretsmanager:GetSecretValue", secret)]


def test_only_this_api_may_call_the_functions(backend: DeployedStack) -> None:
    api = f"arn:aws:execute-api:{REGION}:{ACCOUNT}:{backend.physical_id('BackendApi')}"
    sources = []
    for name in ("TicketsFunction", "ShowsFunction", "InfoFunction"):
        policy = json.loads(backend.client("lambda").get_policy(FunctionName=backend.physical_id(name))["Policy"])
        assert len(policy["Statement"]) == 2
        for statement in policy["Statement"]:
            assert statement["Principal"] == {"Service": "apigateway.amazonaws.com"}
            sources.append(statement["Condition"]["ArnLike"]["AWS:SourceArn"])
    assert sorted(sources) == sorted(
        f"{api}/*/{method}{path}"
        for method, path in [
            ("GET", "/info"),
            ("GET", "/info/*"),
            ("GET", "/shows"),
            ("GET", "/shows/*"),
            ("GET", "/tickets"),
            ("POST", "/tickets"),
        ]
    )


def test_logs_are_kept_for_a_while(backend: DeployedStack) -> None:
    names = set(backend.of_type("AWS::Logs::LogGroup").values())
    groups = backend.client("logs").describe_log_groups()["logGroups"]

    kept = {each["logGroupName"]: each["retentionInDays"] for each in groups if each["logGroupName"] in names}

    assert kept == dict.fromkeys(names, 90)


def test_the_vpc_s_traffic_is_logged(backend: DeployedStack) -> None:
    [log] = backend.client("ec2").describe_flow_logs(FlowLogIds=[backend.physical_id("FlowLog")])["FlowLogs"]

    assert (log["ResourceId"], log["TrafficType"]) == (backend.physical_id("Vpc"), "ALL")
    assert log["LogDestination"].split(":")[6] == backend.physical_id("FlowLogGroup")


def test_every_alarm_tells_the_topic(backend: DeployedStack) -> None:
    alarms = backend.of_type("AWS::CloudWatch::Alarm")
    described = backend.client("cloudwatch").describe_alarms(AlarmNames=list(alarms.values()))["MetricAlarms"]

    assert {alarm["AlarmName"] for alarm in described} == set(alarms.values())
    for name in alarms:
        assert backend.processed(name)["AlarmActions"] == [{"Ref": "AlarmTopic"}]
