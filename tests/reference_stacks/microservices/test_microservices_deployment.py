"""The five stacks are there, each resource as its template says, and joined as the README says."""

import json

import pytest

from tests.reference_stacks.emulator.process import ACCOUNT, REGION, Emulator
from tests.reference_stacks.emulator.stack import DeployedStack
from tests.reference_stacks.microservices.conftest import DOMAIN, Services

SERVICES = ("shows", "tickets", "payments")
WEB_ACL = {
    "AWS::WAFv2::LoggingConfiguration": "stub: recorded",
    "AWS::WAFv2::WebACLAssociation": "real: associated in AWS WAF; requests are not inspected",
}
METHODS = {
    "shows": {
        ("GET", "/"): ("COGNITO_USER_POOLS", ["showtime/shows.read"]),
        ("GET", "/{show_id}"): ("COGNITO_USER_POOLS", ["showtime/shows.read"]),
        ("POST", "/"): ("AWS_IAM", []),
    },
    "tickets": {
        ("GET", "/"): ("COGNITO_USER_POOLS", ["showtime/tickets.read"]),
        ("POST", "/"): ("COGNITO_USER_POOLS", ["showtime/tickets.buy"]),
    },
    "payments": {
        ("GET", "/"): ("COGNITO_USER_POOLS", ["showtime/payments.read"]),
        ("PUT", "/{ticket_id}"): ("COGNITO_USER_POOLS", ["showtime/payments.pay"]),
    },
}
KEYS = {
    ("shows", "ShowsTable"): ["show_id"],
    ("tickets", "TicketsTable"): ["show_id", "seat"],
    ("tickets", "ShowsOnSaleTable"): ["show_id"],
    ("payments", "PaymentsTable"): ["member_id", "ticket_id"],
}
HEARD = {
    "tickets": {
        "source": ["showtime.shows", "showtime.payments"],
        "detail-type": ["ShowAnnounced", "TicketPaid"],
    },
    "payments": {"source": ["showtime.tickets"], "detail-type": ["TicketReserved"]},
}


def test_what_the_emulator_was_given_handlers_for(services: Services) -> None:
    added = {service: stack.handlers_added for service, stack in services.items()}
    print(json.dumps(added, indent=2))

    assert added == {
        "platform": WEB_ACL
        | {
            "AWS::Cognito::ManagedLoginBranding": "stub: recorded",
            "AWS::Cognito::UserPoolRiskConfigurationAttachment": "stub: recorded",
        },
        **dict.fromkeys(SERVICES, WEB_ACL),
        "domain": {},
    }


@pytest.mark.parametrize("service", SERVICES)
def test_each_method_and_its_authorization(services: Services, service: str) -> None:
    stack = services[service]
    api, client = stack.outputs["ApiId"], stack.client("apigateway")
    found = {}
    for resource in client.get_resources(restApiId=api, embed=["methods"])["items"]:
        for verb in resource.get("resourceMethods", {}):
            method = client.get_method(restApiId=api, resourceId=resource["id"], httpMethod=verb)
            found[verb, resource["path"]] = method["authorizationType"], method.get("authorizationScopes", [])

    assert found == METHODS[service]


@pytest.mark.parametrize("service", SERVICES)
def test_the_authorizer_is_the_platform_s_user_pool(services: Services, service: str) -> None:
    client = services[service].client("apigateway")
    [authorizer] = client.get_authorizers(restApiId=services[service].outputs["ApiId"])["items"]

    assert authorizer["type"] == "COGNITO_USER_POOLS"
    assert authorizer["providerARNs"] == [services["platform"].outputs["UserPoolArn"]]


@pytest.mark.parametrize("service", SERVICES)
def test_the_stage_is_guarded_throttled_traced_and_the_only_one(services: Services, service: str) -> None:
    stack = services[service]
    api = stack.outputs["ApiId"]
    [stage] = stack.client("apigateway").get_stages(restApiId=api)["item"]
    resource = f"arn:aws:apigateway:{REGION}::/restapis/{api}/stages/v1"
    web_acl = stack.client("wafv2").get_web_acl_for_resource(ResourceArn=resource)["WebACL"]

    assert stage["stageName"] == "v1"
    settings = stage["methodSettings"]["*/*"]
    assert (settings["throttlingRateLimit"], settings["throttlingBurstLimit"]) == (50, 100)
    assert stage["tracingEnabled"] is True
    assert [rule["Name"] for rule in web_acl["Rules"]] == [
        "too-many-requests",
        "known-bad-addresses",
        "known-bad-inputs",
        "common-attacks",
    ]


@pytest.mark.parametrize(("service", "table"), KEYS, ids=str)
def test_each_table_belongs_to_one_service(services: Services, service: str, table: str) -> None:
    client = services[service].client("dynamodb")
    name = services[service].physical_id(table)
    described = client.describe_table(TableName=name)["Table"]

    assert [key["AttributeName"] for key in described["KeySchema"]] == KEYS[service, table]
    assert described["DeletionProtectionEnabled"] is True


@pytest.mark.parametrize("service", HEARD)
def test_a_rule_of_the_shared_bus_fills_the_service_s_queue(services: Services, service: str) -> None:
    stack = services[service]
    events = stack.client("events")
    bus = services["platform"].outputs["EventBusName"]
    of_the_bus = events.list_rules(EventBusName=bus)["Rules"]
    [rule] = [rule for rule in of_the_bus if rule["Name"] in stack.physical_id("InboxRule")]
    [target] = events.list_targets_by_rule(Rule=rule["Name"], EventBusName=bus)["Targets"]

    assert json.loads(rule["EventPattern"]) == HEARD[service]
    assert target["Arn"] == attributes(stack, "Inbox")["QueueArn"]
    assert target["DeadLetterConfig"]["Arn"] == attributes(stack, "InboxDeadLetters")["QueueArn"]


@pytest.mark.parametrize("service", HEARD)
def test_the_queue_takes_events_of_that_rule_only_and_gives_up_after_five_times(
    services: Services, service: str
) -> None:
    stack = services[service]
    inbox = attributes(stack, "Inbox")
    [statement] = json.loads(inbox["Policy"])["Statement"]
    dead_letters = attributes(stack, "InboxDeadLetters")["QueueArn"]

    assert statement["Principal"] == {"Service": "events.amazonaws.com"}
    assert statement["Condition"]["ArnEquals"]["aws:SourceArn"].startswith(
        f"arn:aws:events:{REGION}:{ACCOUNT}:rule/showtime-events/"
    )
    assert json.loads(inbox["RedrivePolicy"]) == {"deadLetterTargetArn": dead_letters, "maxReceiveCount": 5}


@pytest.mark.parametrize("service", HEARD)
def test_the_queue_feeds_the_inbox_and_takes_back_what_failed(services: Services, service: str) -> None:
    stack = services[service]
    [mapping] = stack.client("lambda").list_event_source_mappings(FunctionName=stack.physical_id("InboxFunction"))[
        "EventSourceMappings"
    ]

    assert mapping["EventSourceArn"] == attributes(stack, "Inbox")["QueueArn"]
    assert mapping["FunctionResponseTypes"] == ["ReportBatchItemFailures"]


def test_the_domain_leads_to_the_three_apis(services: Services, emulator: Emulator) -> None:
    client = emulator.client("apigateway")
    mappings = client.get_base_path_mappings(domainName=DOMAIN)["items"]

    assert {mapping["basePath"]: (mapping["restApiId"], mapping["stage"]) for mapping in mappings} == {
        service: (services[service].outputs["ApiId"], "v1") for service in SERVICES
    }
    domain = client.get_domain_name(domainName=DOMAIN)
    assert (domain["securityPolicy"], domain["endpointConfiguration"]["types"]) == ("TLS_1_2", ["REGIONAL"])


def test_what_a_service_exports_cannot_be_taken_away_while_the_domain_stands(services: Services) -> None:
    cloudformation = services["shows"].client("cloudformation")
    exports = {export["Name"] for export in cloudformation.list_exports()["Exports"]}

    assert exports == {
        "showtime-event-bus-name",
        "showtime-user-pool-arn",
        "showtime-alarm-topic-arn",
        "showtime-shows-api-id",
        "showtime-tickets-api-id",
        "showtime-payments-api-id",
    }
    assert cloudformation.list_imports(ExportName="showtime-shows-api-id")["Imports"] == ["showtime-domain"]


def test_each_function_has_a_role_of_its_own(services: Services) -> None:
    functions = services["platform"].client("lambda").list_functions()["Functions"]

    assert len(functions) == 8
    assert len({function["Role"] for function in functions}) == 8


@pytest.mark.parametrize(
    ("service", "role"),
    [
        ("shows", "AnnounceShowFunctionRole"),
        ("tickets", "ReserveTicketFunctionRole"),
        ("payments", "PayFunctionRole"),
    ],
)
def test_who_publishes_does_so_in_the_service_s_own_name(services: Services, service: str, role: str) -> None:
    """Read from the role: the emulator gives no `events:source` to judge a call by."""
    stack = services[service]
    iam, name = stack.client("iam"), stack.physical_id(role)
    [policy] = iam.list_role_policies(RoleName=name)["PolicyNames"]
    statements = iam.get_role_policy(RoleName=name, PolicyName=policy)["PolicyDocument"]["Statement"]
    [publishing] = [statement for statement in statements if statement["Action"] == "events:PutEvents"]

    assert publishing["Resource"] == f"arn:aws:events:{REGION}:{ACCOUNT}:event-bus/showtime-events"
    assert publishing["Condition"] == {"ForAllValues:StringEquals": {"events:source": f"showtime.{service}"}}


def attributes(stack: DeployedStack, queue: str) -> dict[str, str]:
    answer = stack.client("sqs").get_queue_attributes(QueueUrl=stack.physical_id(queue), AttributeNames=["All"])
    found: dict[str, str] = answer["Attributes"]
    return found
