"""Databases, rollouts, sizes, starts, chains, workflows and polling (FUNC012 to FUNC018, FUNC021 to FUNC025)."""

import pytest

from tests.harness import findings, line_of, verdicts
from tests.rules.function_operations.templates import (
    QUEUE,
    SAM,
    TOPIC,
    function,
    mapping,
    resources,
    sam_function,
    subscription,
)

DATABASE = "Base: {Type: AWS::RDS::DBInstance, Properties: {Engine: postgres, DBInstanceClass: db.t4g.small}}\n"
CLUSTER = "Base: {Type: AWS::RDS::DBCluster, Properties: {Engine: aurora-postgresqlMORE}}\n"
HOST = "Environment: {Variables: {HOST: !GetAtt Base.Endpoint.Address}}"
GET = "Events: {Get: {Type: Api, Properties: {Path: /, Method: get}}}"
FEED = "Events: {New: {Type: SQS, Properties: {Queue: !GetAtt Orders.ArnMORE}}}"


def connections(store: str, *lines: str) -> dict[tuple[str, str], str]:
    return verdicts(resources(QUEUE, store, sam_function("Book", HOST, *lines), head=SAM), "FUNC012")


def test_what_bounds_the_connections() -> None:
    scaled = CLUSTER.replace("MORE", ", ServerlessV2ScalingConfiguration: {MinCapacity: 0.5, MaxCapacity: 8}")

    assert connections(DATABASE, GET) == {("Book", "Base"): "fail"}
    assert connections(CLUSTER.replace("MORE", ""), GET) == {("Book", "Base"): "fail"}
    assert connections(scaled, GET) == {("Book", "Base"): "pass"}
    assert connections(DATABASE, GET, "ReservedConcurrentExecutions: 5") == {("Book", "Base"): "pass"}
    assert connections(DATABASE) == {}
    assert connections(DATABASE, FEED.replace("MORE", "")) == {}
    bounded = FEED.replace("MORE", ", ScalingConfig: {MaximumConcurrency: 5}")
    assert connections(DATABASE, bounded) == {("Book", "Base"): "pass"}


def test_a_proxy_pools_the_connections() -> None:
    proxy = (
        "Base: {Type: AWS::RDS::DBProxy, Properties: {DBProxyName: p, EngineFamily: POSTGRESQL, "
        "RoleArn: 'arn:aws:iam::1:role/r', "
        "VpcSubnetIds: [subnet-1, subnet-2], Auth: []}}\n"
    )
    template = resources(proxy, sam_function("Book", GET, HOST.replace(".Address", "")), head=SAM)
    assert verdicts(template, "FUNC012") == {("Book", "Base"): "pass"}


WATCH = (
    "Errors:\n  Type: AWS::CloudWatch::Alarm\n  Properties: {Namespace: AWS/Lambda, MetricName: Errors, "
    "ComparisonOperator: GreaterThanThreshold, EvaluationPeriods: 1, Threshold: 0}\n"
)
PREFERENCES = {
    "none": ((), "fail", "gives a new version all traffic at once"),
    "all at once": (("DeploymentPreference: {Type: AllAtOnce}",), "fail", "gives a new version all traffic at once"),
    "unwatched": (
        ("DeploymentPreference: {Type: Linear10PercentEvery1Minute}",),
        "fail",
        "shifts traffic in steps, and no alarm or hook stops it",
    ),
    "an alarm": (
        ("DeploymentPreference: {Type: Canary10Percent5Minutes, Alarms: [!Ref Errors]}",),
        "pass",
        "shifts traffic in steps and stops by itself",
    ),
    "a hook": (
        ("DeploymentPreference: {Type: Canary10Percent5Minutes, Hooks: {PreTraffic: !Ref Hook}}",),
        "pass",
        "shifts traffic in steps and stops by itself",
    ),
    "switched off": (
        ("DeploymentPreference: {Enabled: false, Type: Canary10Percent5Minutes}",),
        "fail",
        "gives a new version all traffic at once",
    ),
}


@pytest.mark.parametrize(("lines", "expected", "said"), PREFERENCES.values(), ids=PREFERENCES)
def test_rollouts_of_sam(lines: tuple[str, ...], expected: str, said: str) -> None:
    book = sam_function("Book", "AutoPublishAlias: live", *lines)
    found = findings(resources(WATCH, book, sam_function("Hook"), head=SAM), "FUNC013")

    assert [(f.resource, f.verdict.value, f.message) for f in found] == [
        ("Book", expected, f"Book (alias live) {said}")
    ]


def test_functions_without_an_alias_are_not_judged() -> None:
    assert verdicts(resources(function()), "FUNC013") == {}


def live(policy: str = "", more: str = "") -> str:
    return (
        "Version: {Type: AWS::Lambda::Version, Properties: {FunctionName: !Ref Book}}\n"
        f"Live:\n  Type: AWS::Lambda::Alias\n{policy}"
        f"  Properties: {{Name: live, FunctionName: !Ref Book, FunctionVersion: !GetAtt Version.Version{more}}}\n"
    )


def test_a_plain_alias_and_its_deployment_group() -> None:
    policy = (
        "  UpdatePolicy: {CodeDeployLambdaAliasUpdate: {ApplicationName: app, DeploymentGroupName: !Ref Group}}\n"
    )
    group = (
        "Group:\n  Type: AWS::CodeDeploy::DeploymentGroup\n  Properties: {ApplicationName: app, "
        "ServiceRoleArn: 'arn:aws:iam::1:role/r', DeploymentConfigName: WAY, AlarmConfiguration: "
        "{Enabled: ON, Alarms: [{Name: a}]}}\n"
    )

    def of(way: str, enabled: str = "true") -> dict[tuple[str, str], str]:
        changed = group.replace("WAY", way).replace("ON,", f"{enabled},")
        return verdicts(resources(function(), live(policy), changed), "FUNC013")

    assert of("CodeDeployDefault.LambdaCanary10Percent5Minutes") == {("Live", "alias live"): "pass"}
    assert of("CodeDeployDefault.LambdaAllAtOnce") == {("Live", "alias live"): "fail"}
    assert of("CodeDeployDefault.LambdaCanary10Percent5Minutes", "false") == {("Live", "alias live"): "fail"}
    assert verdicts(resources(function(), live()), "FUNC013") == {("Live", "alias live"): "fail"}
    weights = live(more=", RoutingConfig: {AdditionalVersionWeights: [{FunctionVersion: '2', FunctionWeight: 0.1}]}")
    assert verdicts(resources(function(), weights), "FUNC013") == {("Live", "alias live"): "pass"}


def test_who_goes_past_the_alias() -> None:
    def of(endpoint: str) -> str:
        (found,) = findings(resources(TOPIC, function(), live(), subscription(endpoint)), "FUNC014")
        return found.verdict.value

    assert [of("!Ref Live"), of("!GetAtt Book.Arn"), of("!Sub '${Book.Arn}:live'")] == ["pass", "fail", "pass"]
    assert of("!Sub '${Book.Arn}:${AWS::StackName}'") == "pass"
    assert verdicts(resources(TOPIC, function(), subscription()), "FUNC014") == {}


def test_apis_name_the_alias_in_their_uri() -> None:
    path = "arn:aws:apigateway:${AWS::Region}:lambda:path/2015-03-31/functions/${Book.Arn}TAIL/invocations"
    template = resources(
        function(),
        live(),
        f"""
Shop: {{Type: AWS::ApiGateway::RestApi, Properties: {{Name: shop}}}}
Get:
  Type: AWS::ApiGateway::Method
  Properties:
    RestApiId: !Ref Shop
    ResourceId: !GetAtt Shop.RootResourceId
    HttpMethod: GET
    Integration: {{Type: AWS_PROXY, IntegrationHttpMethod: POST, Uri: !Sub '{path}'}}
""",
    )

    assert verdicts(template.replace("TAIL", ""), "FUNC014") == {("Book", "Get"): "fail"}
    assert verdicts(template.replace("TAIL", ":live"), "FUNC014") == {("Book", "Get"): "pass"}
    assert verdicts(template.replace("TAIL", ":${!stageVariables.alias}"), "FUNC014") == {("Book", "Get"): "pass"}


SIZES = {
    "nothing": ({}, "fail"),
    "both": ({"MemorySize": "256", "Timeout": "5"}, "pass"),
    "the most": ({"MemorySize": "10240", "Timeout": "5"}, "fail"),
}


@pytest.mark.parametrize(("written", "expected"), SIZES.values(), ids=SIZES)
def test_sizes(written: dict[str, str], expected: str) -> None:
    assert verdicts(resources(function(**written)), "FUNC015") == {("Book", ""): expected}


def test_half_a_size_says_nothing_and_globals_count() -> None:
    assert verdicts(resources(function(Timeout="5")), "FUNC015") == {}
    head = SAM + "Globals: {Function: {MemorySize: 256, Timeout: 5, Architectures: [arm64]}}\n"
    (found,) = findings(resources(sam_function("Book"), head=head), "FUNC015")
    assert found.message == "Book has a size of its own (arm64)"


def starts(runtime: str, *lines: str) -> dict[tuple[str, str], str]:
    template = resources(sam_function("Book", GET, *lines), head=SAM).replace("python3.13", runtime)
    return verdicts(template, "FUNC016")


def test_slow_starts() -> None:
    snap = "SnapStart: {ApplyOn: PublishedVersions}"

    assert starts("python3.13") == {}
    assert starts("java21") == {("Book", ""): "fail"}
    assert starts("java21", snap) == {("Book", ""): "fail"}
    assert starts("java21", snap, "AutoPublishAlias: live") == {("Book", ""): "pass"}
    ready = "ProvisionedConcurrencyConfig: {ProvisionedConcurrentExecutions: 2}"
    assert starts("java21", "AutoPublishAlias: live", ready) == {("Book", ""): "pass"}
    assert verdicts(resources(sam_function("Book"), head=SAM).replace("python3.13", "java21"), "FUNC016") == {}


def test_functions_that_may_wait_for_functions() -> None:
    policy = "Policies: [LambdaInvokePolicy: {FunctionName: !Ref Pay}]"
    template = resources(sam_function("Book", policy), sam_function("Pay"), head=SAM)
    (found,) = findings(template, "FUNC017")
    durable = template.replace(policy, policy + "\n      DurableConfig: {ExecutionTimeout: 60}")

    assert (found.verdict.value, found.missing[0].key) == ("unknown", "call:Book:Pay")
    assert verdicts(durable, "FUNC017") == {("Book", "Pay"): "pass"}
    assert verdicts(resources(sam_function("Book"), sam_function("Pay"), head=SAM), "FUNC017") == {}


def flow(definition: str) -> str:
    return (
        "Flow:\n  Type: AWS::StepFunctions::StateMachine\n"
        f"  Properties:\n    RoleArn: arn:aws:iam::1:role/r\n    {definition}\n"
    )


TASK = '{"Type": "Task", "Resource": "arn:aws:states:::lambda:invoke", "End": trueMORE}'
RETRY = ', "Retry": [{"ErrorEquals": ["States.ALL"]}]'
STATES = {
    "bare task": (TASK.replace("MORE", ""), "fail"),
    "retried": (TASK.replace("MORE", RETRY), "pass"),
    "empty retry": (TASK.replace("MORE", ', "Retry": []'), "fail"),
    "caught": (TASK.replace("MORE", ', "Catch": [{"ErrorEquals": ["States.ALL"], "Next": "A"}]'), "pass"),
    "in a map that retries": (
        '{"Type": "Map", "End": true, "ItemProcessor": {"StartAt": "B", "States": {"B": '
        + TASK.replace("MORE", "")
        + "}}"
        + RETRY
        + "}",
        "pass",
    ),
    "in a map that does not": (
        '{"Type": "Map", "End": true, "Iterator": {"StartAt": "B", "States": {"B": '
        + TASK.replace("MORE", "")
        + "}}}",
        "fail",
    ),
    "in a branch": (
        '{"Type": "Parallel", "End": true, "Branches": [{"StartAt": "B", "States": {"B": '
        + TASK.replace("MORE", "")
        + "}}]}",
        "fail",
    ),
}


@pytest.mark.parametrize("form", ["text", "object"])
@pytest.mark.parametrize(("state", "expected"), STATES.values(), ids=STATES)
def test_workflows(state: str, expected: str, form: str) -> None:
    document = f'{{"StartAt": "A", "States": {{"A": {state}}}}}'
    written = f"DefinitionString: '{document}'" if form == "text" else f"Definition: {document}"
    assert verdicts(resources(flow(written)), "FUNC018") == {("Flow", ""): expected}


def test_a_workflow_without_tasks_or_without_text() -> None:
    waits = flow("""Definition: {StartAt: A, States: {A: {Type: Wait, Seconds: 1, End: true}}}""")
    assert verdicts(resources(waits), "FUNC018") == {}
    assert verdicts(resources(flow("DefinitionString: 'no workflow'")), "FUNC018") == {("Flow", ""): "unknown"}
    assert verdicts(resources(flow("DefinitionString: !ImportValue flow")), "FUNC018") == {("Flow", ""): "unknown"}


def test_signs_that_repeated_events_were_thought_of() -> None:
    store = "Done: {Type: AWS::DynamoDB::Table, Properties: {BillingMode: PAY_PER_REQUEST}}\n"
    variable = "{Variables: {POWERTOOLS_IDEMPOTENCY_TABLE: !Ref Done}}"
    fifo = "Orders: {Type: AWS::SQS::Queue, Properties: {FifoQueue: true}}\n"
    off = "{Variables: {POWERTOOLS_IDEMPOTENCY_DISABLED: 'true'}}"

    assert verdicts(resources(QUEUE, store, function(Environment=variable), mapping()), "FUNC021") == {
        ("Book", "variable POWERTOOLS_IDEMPOTENCY_TABLE"): "pass"
    }
    assert verdicts(resources(fifo, function(), mapping()), "FUNC021") == {("Book", "queue Orders"): "pass"}
    filtered = mapping(FilterCriteria="{Filters: [{Pattern: '{}'}]}")
    assert verdicts(resources(QUEUE, function(), filtered), "FUNC021") == {("Book", "filter on Orders"): "pass"}
    assert verdicts(resources(QUEUE, function(Environment=off), mapping()), "FUNC021") == {}
    assert verdicts(resources(store, function(Environment=variable)), "FUNC021") == {}


STREAM = "Clicks: {Type: AWS::Kinesis::Stream, Properties: {ShardCount: 1}}\n"


def test_records_at_a_time() -> None:
    def of(source: str, **more: str) -> dict[tuple[str, str], str]:
        return verdicts(resources(QUEUE, STREAM, function(), mapping(source, **more)), "FUNC022")

    clicks, orders = "!GetAtt Clicks.Arn", "!GetAtt Orders.Arn"
    assert of(clicks) == {("Feed", "stream Clicks"): "pass"}
    assert of(clicks, BatchSize="1") == {("Feed", "stream Clicks"): "fail"}
    assert of(clicks, BatchSize="1", ParallelizationFactor="10") == {}
    assert of(orders, BatchSize="1") == {}
    assert of(orders) == {("Feed", "queue Orders"): "pass"}


def test_a_schedule_that_polls() -> None:
    grant = "Policies: [{Statement: [{Effect: Allow, Action: 'sqs:ReceiveMessage', Resource: !GetAtt Orders.Arn}]}]"
    tick = "Events: {Tick: {Type: Schedule, Properties: {Schedule: rate(1 minute)}}}"
    template = resources(QUEUE, sam_function("Book", grant, tick), head=SAM)
    (found,) = findings(template, "FUNC023")

    assert (found.verdict.value, found.target, found.span.line) == ("fail", "Orders", line_of(template, "Book:"))
    assert verdicts(resources(QUEUE, sam_function("Book", grant), head=SAM), "FUNC023") == {}
    source = (
        "Work: {Type: AWS::SQS::Queue, Properties: {RedrivePolicy: {deadLetterTargetArn: "
        "!GetAtt Orders.Arn, maxReceiveCount: 3}}}\n"
    )
    assert verdicts(resources(QUEUE, source, sam_function("Book", grant, tick), head=SAM), "FUNC023") == {}


def test_services_called_without_a_function() -> None:
    def of(resource: str) -> dict[tuple[str, str], str]:
        task = f'{{"Type": "Task", "Resource": "{resource}", "End": true}}'
        return verdicts(resources(flow(f'Definition: {{"StartAt": "A", "States": {{"A": {task}}}}}')), "FUNC025")

    assert of("arn:aws:states:::sqs:sendMessage") == {("Flow", ""): "pass"}
    assert of("arn:aws:states:::aws-sdk:dynamodb:getItem") == {("Flow", ""): "pass"}
    assert of("arn:aws:states:::lambda:invoke") == {}
    assert of("arn:aws:lambda:eu-west-1:1:function:x") == {}
