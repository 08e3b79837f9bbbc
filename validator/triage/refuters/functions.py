"""What the graph disproves of reports on functions: no VPC, no dead-letter queue, no concurrency limit."""

import re
from collections.abc import Iterator
from typing import Final

from validator.graph import Architecture, Resource
from validator.graph.functions.failures import failed_events_kept
from validator.graph.iam.actions import matches
from validator.graph.iam.execution import execution_role
from validator.graph.iam.identities import identity_of
from validator.graph.stores.usage import environment_of, uses_of
from validator.model import Evidence, Refutation
from validator.resolve import DynamicReference, Text, Value
from validator.triage.refuters.callers import Callers, callers_of, texts_in

_WITHOUT_VPC: Final = frozenset(
    (
        "AWS::DynamoDB::Table",
        "AWS::DynamoDB::GlobalTable",
        "AWS::S3::Bucket",
        "AWS::SQS::Queue",
        "AWS::SNS::Topic",
        "AWS::Lambda::Function",
        "AWS::Lambda::Alias",
        "AWS::Lambda::Version",
        "AWS::StepFunctions::StateMachine",
        "AWS::StepFunctions::Activity",
        "AWS::Events::EventBus",
        "AWS::Kinesis::Stream",
        "AWS::KinesisFirehose::DeliveryStream",
        "AWS::Cognito::UserPool",
        "AWS::Cognito::UserPoolClient",
        "AWS::Cognito::IdentityPool",
        "AWS::AppSync::GraphQLApi",
        "AWS::KMS::Key",
        "AWS::KMS::Alias",
        "AWS::Logs::LogGroup",
        "AWS::IAM::Role",
        "AWS::IoT::Thing",
        "AWS::Scheduler::ScheduleGroup",
        "AWS::CloudFront::Distribution",
    )
)
"""Types that a variable may name: all answer at endpoints of the Region, none lives in a VPC."""
_ATTACHED: Final = re.compile(
    r"AWSLambdaBasicExecutionRole|AWSXRayDaemonWriteAccess|AWSXrayWriteOnlyAccess|AWSLambda(SQSQueue|DynamoDB|Kinesis)"
    r"ExecutionRole|CloudWatchLambdaInsightsExecutionRolePolicy|CloudWatchLambdaApplicationSignalsExecutionRolePolicy|"
    r"Amazon(DynamoDB|S3|SQS|SNS|Bedrock|Rekognition|Polly|Textract|Translate|Comprehend)\w*|AWSStepFunctions\w*"
)
"""AWS managed policies that open nothing inside a VPC and no secret."""
_LEADS_INTO_VPC: Final = (
    "rds-db:connect",
    "rds-data:ExecuteStatement",
    "elasticache:Connect",
    "memorydb:Connect",
    "neptune-db:connect",
    "es:ESHttpGet",
    "aoss:APIAccessAll",
    "dax:GetItem",
    "kafka-cluster:Connect",
    "kafka:GetBootstrapBrokers",
    "elasticfilesystem:ClientMount",
    "redshift:GetClusterCredentials",
    "redshift-serverless:GetCredentials",
    "docdb-elastic:GetCluster",
    "dsql:DbConnect",
    "mq:DescribeBroker",
    "ec2:CreateNetworkInterface",
    "secretsmanager:GetSecretValue",
    "ssm:GetParameter",
    "ssm:GetParameters",
    "ssm:GetParametersByPath",
    "sts:AssumeRole",
    "appconfig:GetLatestConfiguration",
)
"""Actions of those who use what lives in a VPC, or who read an address or a password that is not shown."""
_ADDRESS: Final = re.compile(
    r"\b(10|127|192\.168|172\.(1[6-9]|2\d|3[01]))\.\d+\.\d+"
    r"|\.(rds|cache|docdb|neptune|redshift|dax-clusters|kafka|mq|es|elb|efs|memorydb)\b[\w.-]*amazonaws\.com"
    r"|\b(jdbc|postgres(ql)?|mysql|mariadb|mongodb(\+srv)?|rediss?|amqps?|kafka|bolt|ldaps?):"
    r"|\.(internal|local|lan|corp)\b",
    re.IGNORECASE,
)
"""What an address inside a network looks like."""


def not_in_a_vpc(graph: Architecture, function: Resource, _rule: str) -> Refutation | None:
    """A function that is given no way to anything in a VPC gains nothing from running in one.

    All that it is given must be known: its variables, its mounts, its code where that is inline, and its role.
    """
    if uses_of(graph, function) or not function.prop("FileSystemConfigs").is_absent:
        return None
    if not function.prop("VpcConfig").is_absent or not _has_plain_variables(graph, function):
        return None
    user = execution_role(function, graph)
    if user is None or user.role is None:
        return None
    identity = identity_of(user.role, graph)
    attached = [one for one in identity.attachments if one.resource is None]
    if identity.missing or not all(one.aws_name and _ATTACHED.fullmatch(one.aws_name) for one in attached):
        return None
    for policy in identity.policies:
        for statement in policy.statements:
            if statement.missing is not None or statement.not_actions:
                return None
            if statement.allows and any(map(_leads_into_vpc, statement.actions)):
                return None
    what = f"{function.name} is given nothing that lives in a VPC: outside of one it reaches all it uses"
    steps = (
        function.states("names no store in a VPC in its variables and mounts nothing"),
        user.role.states(f"lets {function.name} connect to nothing in a VPC and read no secret"),
    )
    return Refutation(what, steps)


def _leads_into_vpc(action: Value) -> bool:
    pattern = action.literal
    return pattern is None or any(matches(pattern, one) for one in _LEADS_INTO_VPC)


def _has_plain_variables(graph: Architecture, function: Resource) -> bool:
    """Whether every variable is known and none is, or names, an address in a VPC."""
    variables = function.prop("Environment", "Variables")
    if function.prop("Environment").missing is not None or variables.missing is not None:
        return False
    inline = function.body.get("Properties")
    code = function.prop("Code", "ZipFile")
    if not code.is_absent and inline is not None and any(map(_ADDRESS.search, texts_in(inline))):
        return False
    return all(_is_plain(graph, value) for _, value, _ in environment_of(function))


def _is_plain(graph: Architecture, value: Value) -> bool:
    if not isinstance(value, Text) or value.missing is not None:
        return False
    if any(isinstance(part, DynamicReference) for part in value.parts) or _ADDRESS.search(str(value)):
        return False
    named = (graph.resource_of(reference) for reference in value.references)
    return all(resource is not None and resource.type in _WITHOUT_VPC for resource in named)


def no_dead_letter_queue(graph: Architecture, function: Resource, _rule: str) -> Refutation | None:
    """A dead-letter queue receives asynchronous events only: none come, or a destination keeps those that fail."""
    callers = callers_of(graph, function)
    if callers is None or not callers.any:
        return None
    kept: list[Evidence] = []
    for trigger in callers.handing_over:
        found = failed_events_kept(graph, trigger.invoked)
        if not found.holds or found.step is None:
            return None
        kept += (trigger.step, found.step)
    if kept:
        return Refutation(f"a destination keeps the events that {function.name} fails on", tuple(dict.fromkeys(kept)))
    return Refutation(_only_called(function, callers), tuple(_ways(function, callers)))


def _only_called(function: Resource, callers: Callers) -> str:
    if not callers.mappings:
        return f"{function.name} is called synchronously only: its dead-letter queue would stay empty"
    how = "is polled for by event source mappings" if not callers.waiting else "is called synchronously or polled for"
    return f"{function.name} {how} only: what fails is the mappings' to keep, and its own queue would stay empty"


def _ways(function: Resource, callers: Callers) -> Iterator[Evidence]:
    yield from callers.waiting
    yield from (one.states(f"polls for it by mapping {one.logical_id}") for one in callers.mappings)


def no_concurrency_limit(graph: Architecture, function: Resource, _rule: str) -> Refutation | None:
    """Mappings with a maximum concurrency, the function's only callers, limit it as a reservation would."""
    callers = callers_of(graph, function)
    if callers is None or not callers.mappings or callers.waiting or callers.handing_over:
        return None
    limits = [(one, one.prop("ScalingConfig", "MaximumConcurrency")) for one in callers.mappings]
    if not all(limit.integer() is not None for _, limit in limits):
        return None
    total = sum(limit.integer() or 0 for _, limit in limits)
    steps = tuple(one.states(f"runs it {limit.literal} times at once at most", limit.span) for one, limit in limits)
    return Refutation(f"only its queues call {function.name}, and they run it {total} times at once at most", steps)
