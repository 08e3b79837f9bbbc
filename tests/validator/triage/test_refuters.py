"""What the graph disproves of other engines' reports: each refuter with cases that it must leave alone."""

import pytest

from tests.harness import architecture, line_of
from validator.model import Refutation
from validator.triage import Refutations, refutations_of
from validator.triage.refutation import all_refuters

_ROLE = """\
  Role:
    Type: AWS::IAM::Role
    Properties:
      AssumeRolePolicyDocument:
        Statement: [{Effect: Allow, Principal: {Service: lambda.amazonaws.com}, Action: "sts:AssumeRole"}]
      ManagedPolicyArns: [arn:aws:iam::aws:policy/service-role/AWSLambdaBasicExecutionRole]
      Policies:
        - PolicyName: work
          PolicyDocument:
            Version: "2012-10-17"
            Statement: [{Effect: Allow, Action: "dynamodb:PutItem", Resource: !GetAtt Orders.Arn}]
"""
_TABLE = """\
  Orders:
    Type: AWS::DynamoDB::Table
    Properties: {KeySchema: [{AttributeName: id, KeyType: HASH}]}
"""
_WORK = """\
  Work:
    Type: AWS::Lambda::Function
    Properties:
      Handler: app.handler
      Runtime: python3.13
      Role: !GetAtt Role.Arn
      Code: {S3Bucket: code, S3Key: work.zip}
      Environment: {Variables: {TABLE: !Ref Orders, LEVEL: INFO}}
"""
_FUNCTION = f"Resources:\n{_ROLE}{_TABLE}{_WORK}"


def proof(template: str, rule: str, resource: str, **parameters: str) -> Refutation | None:
    found = refutations_of(architecture(template, **parameters), {rule})
    return found[("template.yaml", "checkov", rule, resource)]


def statement(template: str, rule: str, resource: str, **parameters: str) -> str:
    found = proof(template, rule, resource, **parameters)
    return "" if found is None else found.statement


def test_a_function_without_a_way_into_a_vpc_needs_none() -> None:
    found = proof(_FUNCTION, "CKV_AWS_117", "Work")
    assert found is not None
    assert found.statement == "Work is given nothing that lives in a VPC: outside of one it reaches all it uses"
    assert [(step.resource, step.span.line if step.span else 0) for step in found.proof] == [
        ("Work", line_of(_FUNCTION, "  Work:")),
        ("Role", 2),
    ]


@pytest.mark.parametrize(
    ("old", "new"),
    [
        ("LEVEL: INFO", "HOST: orders.cluster-abc.eu-west-1.rds.amazonaws.com"),
        ("LEVEL: INFO", "HOST: 10.0.3.7"),
        ("LEVEL: INFO", 'DATABASE_URL: "postgres://orders@db/orders"'),
        ("LEVEL: INFO", 'PASSWORD: "{{resolve:secretsmanager:orders}}"'),
        ("LEVEL: INFO", "HOST: !ImportValue OrdersHost"),
        ("LEVEL: INFO", "HOST: !GetAtt Cache.PrimaryEndPoint.Address"),
        ('"dynamodb:PutItem", Resource: !GetAtt Orders.Arn', '"secretsmanager:GetSecretValue", Resource: "*"'),
        ('"dynamodb:PutItem", Resource: !GetAtt Orders.Arn', '"rds-db:connect", Resource: "*"'),
        ('"dynamodb:PutItem", Resource: !GetAtt Orders.Arn', '"*", Resource: "*"'),
        ("service-role/AWSLambdaBasicExecutionRole", "service-role/AWSLambdaVPCAccessExecutionRole"),
        ("policy/service-role/AWSLambdaBasicExecutionRole", "policy/AdministratorAccess"),
        ("arn:aws:iam::aws:policy/service-role", "arn:aws:iam::111122223333:policy"),
        ("Role: !GetAtt Role.Arn", "Role: arn:aws:iam::111122223333:role/work"),
        (
            "Environment:",
            "FileSystemConfigs: [{Arn: !ImportValue Files, LocalMountPath: /mnt/f}]\n      Environment:",
        ),
        ("Code: {S3Bucket: code, S3Key: work.zip}", "Code: {ZipFile: \"connect('redis://cache')\"}"),
    ],
)
def test_a_function_that_may_use_something_in_a_vpc_is_left_alone(old: str, new: str) -> None:
    assert _FUNCTION.count(old) == 1
    cache = "  Cache: {Type: AWS::ElastiCache::ReplicationGroup, Properties: {CacheSubnetGroupName: g}}\n"
    assert proof(_FUNCTION.replace(old, new) + cache, "CKV_AWS_117", "Work") is None


def test_a_variable_under_a_condition_counts_in_both_scenarios() -> None:
    head = "Parameters: {Stage: {Type: String, Default: dev}}\nConditions: {Live: !Equals [!Ref Stage, live]}\n"
    bad = head + _FUNCTION.replace("LEVEL: INFO", 'HOST: !If [Live, 10.0.0.1, "none"]')
    good = head + _FUNCTION.replace("LEVEL: INFO", 'HOST: !If [Live, "one", "none"]')
    assert proof(bad, "CKV_AWS_117", "Work") is None
    assert proof(good, "CKV_AWS_117", "Work") is not None


_METHOD = """\
  Api: {Type: AWS::ApiGateway::RestApi, Properties: {Name: orders}}
  Post:
    Type: AWS::ApiGateway::Method
    Properties:
      RestApiId: !Ref Api
      ResourceId: !GetAtt Api.RootResourceId
      HttpMethod: POST
      AuthorizationType: NONE
      Integration:
        Type: AWS_PROXY
        IntegrationHttpMethod: POST
        Uri: !Sub arn:aws:apigateway:${AWS::Region}:lambda:path/2015-03-31/functions/${Work.Arn}/invocations
"""
_PERMISSION = """\
  Permission:
    Type: AWS::Lambda::Permission
    Properties: {Action: "lambda:InvokeFunction", FunctionName: !Ref Work, Principal: apigateway.amazonaws.com}
"""
_CALLED = _FUNCTION + _METHOD + _PERMISSION


def test_no_dead_letter_queue_for_a_function_that_is_called_synchronously_only() -> None:
    found = proof(_CALLED, "CKV_AWS_116", "Work")
    assert found is not None
    assert found.statement == "Work is called synchronously only: its dead-letter queue would stay empty"
    assert [(step.resource, step.relation) for step in found.proof] == [("Post", "calls it and waits for the answer")]


@pytest.mark.parametrize(
    "more",
    [
        # another caller that goes on
        "  Topic: {Type: AWS::SNS::Subscription, Properties: {Protocol: lambda, Endpoint: !GetAtt Work.Arn, "
        'TopicArn: "arn:aws:sns:eu-west-1:111122223333:t"}}\n',
        "  Every: {Type: AWS::Events::Rule, Properties: {ScheduleExpression: rate(1 day), "
        "Targets: [{Id: a, Arn: !GetAtt Work.Arn}]}}\n",
        "  Setup: {Type: Custom::Setup, Properties: {ServiceToken: !GetAtt Work.Arn}}\n",
        # callers that the workload does not show
        '  More: {Type: AWS::Lambda::Permission, Properties: {Action: "lambda:InvokeFunction", '
        "FunctionName: !Ref Work, Principal: s3.amazonaws.com}}\n",
        '  More: {Type: AWS::Lambda::Permission, Properties: {Action: "lambda:InvokeFunction", '
        'FunctionName: !Ref Work, Principal: "444455556666"}}\n',
        "  Nested: {Type: AWS::CloudFormation::Stack, Properties: {TemplateURL: https://example.com/t, "
        "Parameters: {F: !GetAtt Work.Arn}}}\n",
        "  Other: {Type: AWS::Lambda::Function, Properties: {Environment: {Variables: {NEXT: !Ref Work}}}}\n",
        "  Caller: {Type: AWS::IAM::Role, Properties: {Policies: [{PolicyName: p, PolicyDocument: {Statement: "
        '[{Effect: Allow, Action: "lambda:Invoke*", Resource: "*"}]}}]}}\n',
        "  Caller: {Type: AWS::IAM::Role, Properties: {ManagedPolicyArns: "
        "[arn:aws:iam::aws:policy/AdministratorAccess]}}\n",
        "Outputs: {Work: {Value: !GetAtt Work.Arn, Export: {Name: work}}}\n",
    ],
)
def test_a_function_that_something_may_call_without_waiting_is_left_alone(more: str) -> None:
    assert proof(_CALLED + more, "CKV_AWS_116", "Work") is None


def test_an_output_that_is_not_exported_calls_nothing() -> None:
    assert proof(_CALLED + "Outputs: {Work: {Value: !GetAtt Work.Arn}}\n", "CKV_AWS_116", "Work") is not None


def test_a_method_that_asks_for_an_asynchronous_call_is_left_alone() -> None:
    header = "        RequestParameters: {integration.request.header.X-Amz-Invocation-Type: \"'Event'\"}\n"
    template = _CALLED.replace("        Type: AWS_PROXY\n", "        Type: AWS\n" + header)
    assert template != _CALLED
    assert proof(template, "CKV_AWS_116", "Work") is None


def test_a_function_that_nothing_calls_is_left_alone() -> None:
    assert proof(_FUNCTION, "CKV_AWS_116", "Work") is None


def test_a_function_that_another_resource_names_by_hand_is_left_alone() -> None:
    named = _CALLED.replace(
        "      Handler: app.handler\n", "      Handler: app.handler\n      FunctionName: orders-work\n"
    )
    by_hand = (
        "  Every: {Type: AWS::Events::Rule, Properties: {ScheduleExpression: rate(1 day), "
        'Targets: [{Id: a, Arn: "arn:aws:lambda:eu-west-1:111122223333:function:orders-work"}]}}\n'
    )
    assert proof(named, "CKV_AWS_116", "Work") is not None
    assert proof(named + by_hand, "CKV_AWS_116", "Work") is None


def test_a_user_pool_waits_except_for_its_senders() -> None:
    pool = "  Pool: {Type: AWS::Cognito::UserPool, Properties: {LambdaConfig: {PreSignUp: !GetAtt Work.Arn}}}\n"
    sender = pool.replace(
        "PreSignUp: !GetAtt Work.Arn", "CustomEmailSender: {LambdaVersion: V1_0, LambdaArn: !GetAtt Work.Arn}"
    )
    assert proof(_FUNCTION + pool, "CKV_AWS_116", "Work") is not None
    assert proof(_FUNCTION + sender, "CKV_AWS_116", "Work") is None


_QUEUE = "  Jobs: {Type: AWS::SQS::Queue}\n"
_MAPPING = """\
  Poll:
    Type: AWS::Lambda::EventSourceMapping
    Properties:
      EventSourceArn: !GetAtt Jobs.Arn
      FunctionName: !Ref Work
      ScalingConfig: {MaximumConcurrency: 5}
"""


def test_a_function_behind_a_queue_needs_neither_a_queue_of_its_own_nor_a_reservation() -> None:
    template = _FUNCTION + _QUEUE + _MAPPING
    assert statement(template, "CKV_AWS_116", "Work") == (
        "Work is polled for by event source mappings only: what fails is the mappings' to keep, and its own queue "
        "would stay empty"
    )
    assert statement(template, "CKV_AWS_115", "Work") == (
        "only its queues call Work, and they run it 5 times at once at most"
    )
    without = template.replace("      ScalingConfig: {MaximumConcurrency: 5}\n", "")
    assert proof(without, "CKV_AWS_115", "Work") is None
    assert proof(template + _METHOD + _PERMISSION, "CKV_AWS_115", "Work") is None


_RULE = """\
  Placed:
    Type: AWS::Events::Rule
    Properties: {EventPattern: {source: [orders]}, Targets: [{Id: a, Arn: !GetAtt Work.Arn}]}
"""
_DESTINATION = """\
  Kept:
    Type: AWS::Lambda::EventInvokeConfig
    Properties:
      FunctionName: !Ref Work
      Qualifier: $LATEST
      DestinationConfig: {OnFailure: {Destination: !GetAtt Jobs.Arn}}
"""


def test_a_destination_keeps_failed_events_as_a_dead_letter_queue_would() -> None:
    template = _FUNCTION + _QUEUE + _RULE + _DESTINATION
    assert statement(template, "CKV_AWS_116", "Work") == "a destination keeps the events that Work fails on"
    assert proof(template.replace("OnFailure", "OnSuccess"), "CKV_AWS_116", "Work") is None
    assert proof(template.replace("$LATEST", "live"), "CKV_AWS_116", "Work") is None


def test_a_refused_sam_resource_may_hide_a_caller() -> None:
    refused = "Transform: AWS::Serverless-2016-10-31\n" + _CALLED + "  Broken: {Type: AWS::Serverless::Function}\n"
    assert proof(refused, "CKV_AWS_116", "Work") is None


_POLICY = """\
      EndpointConfiguration: {Types: [PRIVATE]}
      Policy:
        Statement:
          - Effect: Allow
            Principal: "*"
            Action: execute-api:Invoke
            Resource: "*"
            Condition: {StringEquals: {aws:SourceVpce: vpce-0123456789abcdef0}}
"""


def _private(policy: str) -> str:
    api = "  Api: {Type: AWS::ApiGateway::RestApi, Properties: {Name: orders}}\n"
    return _CALLED.replace(
        api, f"  Api:\n    Type: AWS::ApiGateway::RestApi\n    Properties:\n      Name: a\n{policy}"
    )


def test_a_method_of_a_private_api_with_a_policy_is_guarded() -> None:
    assert statement(_private(_POLICY), "CKV_AWS_59", "Post") == (
        "Post is guarded: Api is private and its policy names who gets through"
    )


@pytest.mark.parametrize(
    "policy",
    [
        "      EndpointConfiguration: {Types: [PRIVATE]}\n",
        _POLICY.replace("[PRIVATE]", "[REGIONAL]"),
        _POLICY.replace("vpce-0123456789abcdef0", '"*"'),
        _POLICY.replace("aws:SourceVpce: vpce-0123456789abcdef0", "aws:SourceVpce: !ImportValue Endpoint").replace(
            "Condition", "NoCondition"
        ),
    ],
)
def test_a_method_that_the_policy_does_not_guard_is_left_alone(policy: str) -> None:
    assert proof(_private(policy), "CKV_AWS_59", "Post") is None


_STAGE = "  Live: {Type: AWS::ApiGateway::Stage, Properties: {RestApiId: !Ref Api, StageName: live}}\n"


def test_a_cache_is_of_use_only_where_there_is_a_get() -> None:
    template = _CALLED + _STAGE
    assert statement(template, "CKV_AWS_120", "Live") == (
        "Api has no GET method (POST only): a cache of Live would hold nothing"
    )
    assert proof(template.replace("HttpMethod: POST", "HttpMethod: GET", 1), "CKV_AWS_120", "Live") is None
    assert proof(template.replace("HttpMethod: POST", "HttpMethod: ANY", 1), "CKV_AWS_120", "Live") is None


_BUCKET = "Resources:\n  Uploads: {Type: AWS::S3::Bucket}\n"
_BLOCKS = ("CKV_AWS_53", "CKV_AWS_54", "CKV_AWS_55", "CKV_AWS_56")


def test_a_bucket_without_a_block_has_all_four_switches_on() -> None:
    assert statement(_BUCKET, "CKV_AWS_53", "Uploads") == (
        "Uploads has BlockPublicAcls on by default: S3 blocks public access to buckets made since April 2023"
    )
    assert all(proof(_BUCKET, rule, "Uploads") is not None for rule in _BLOCKS)


@pytest.mark.parametrize(
    "opened",
    [
        "Resources:\n  Uploads: {Type: AWS::S3::Bucket, Properties: {AccessControl: PublicRead}}\n",
        "Resources:\n  Uploads: {Type: AWS::S3::Bucket, Properties: {AccessControl: !ImportValue Acl}}\n",
        "Resources:\n  Uploads: {Type: AWS::S3::Bucket, Properties: {WebsiteConfiguration: {IndexDocument: i}}}\n",
        _BUCKET + "  P: {Type: AWS::S3::BucketPolicy, Properties: {Bucket: !Ref Uploads, PolicyDocument: {Statement: "
        '[{Effect: Allow, Principal: "*", Action: "s3:GetObject", Resource: "*"}]}}}\n',
    ],
)
def test_a_bucket_that_the_workload_opens_is_left_alone(opened: str) -> None:
    assert [proof(opened, rule, "Uploads") for rule in _BLOCKS] == [None] * 4


def test_a_block_that_a_condition_sets_has_to_be_on_in_every_scenario() -> None:
    head = "Parameters: {Stage: {Type: String, Default: live}}\nConditions: {Live: !Equals [!Ref Stage, live]}\n"
    block = """\
Resources:
  Uploads:
    Type: AWS::S3::Bucket
    Properties:
      PublicAccessBlockConfiguration:
        BlockPublicAcls: !If [Live, true, OTHER]
        BlockPublicPolicy: !If [Live, true, false]
"""
    assert statement(head + block.replace("OTHER", "'true'"), "CKV_AWS_53", "Uploads") == (
        "Uploads has BlockPublicAcls switched on"
    )
    assert proof(head + block.replace("OTHER", "false"), "CKV_AWS_53", "Uploads") is None
    assert proof(head + block, "CKV_AWS_54", "Uploads") is None
    assert proof(head + block.replace("OTHER", "'true'"), "CKV_AWS_56", "Uploads") is None


def test_a_bucket_for_logs_writes_no_log_of_its_own() -> None:
    logs = (
        "Resources:\n  Logs: {Type: AWS::S3::Bucket}\n  Uploads: {Type: AWS::S3::Bucket, Properties: "
        "{LoggingConfiguration: {DestinationBucketName: !Ref Logs}}}\n"
    )
    assert statement(logs, "CKV_AWS_18", "Logs") == "Logs is itself where logs are kept"
    assert proof(logs, "CKV_AWS_18", "Uploads") is None
    events = logs.replace(
        "Logs: {Type: AWS::S3::Bucket}",
        "Logs: {Type: AWS::S3::Bucket, Properties: {NotificationConfiguration: {EventBridgeConfiguration: {}}}}",
    )
    assert proof(events, "CKV_AWS_18", "Logs") is None


def test_what_aws_encrypts_by_itself_is_encrypted() -> None:
    queue = "Resources:\n  Jobs: {Type: AWS::SQS::Queue}\n"
    off = "Resources:\n  Jobs: {Type: AWS::SQS::Queue, Properties: {SqsManagedSseEnabled: false}}\n"
    open_ = "Resources:\n  Jobs: {Type: AWS::SQS::Queue, Properties: {SqsManagedSseEnabled: !ImportValue On}}\n"
    assert statement(queue, "CKV_AWS_27", "Jobs") == (
        "Jobs is encrypted at rest: SQS does so where SqsManagedSseEnabled is absent"
    )
    assert proof(off, "CKV_AWS_27", "Jobs") is None
    assert proof(open_, "CKV_AWS_27", "Jobs") is None


def test_a_member_is_encrypted_by_its_cluster() -> None:
    template = """\
Resources:
  Cluster: {Type: AWS::RDS::DBCluster, Properties: {Engine: mysql, StorageEncrypted: true}}
  Member: {Type: AWS::RDS::DBInstance, Properties: {Engine: mysql, DBClusterIdentifier: !Ref Cluster}}
"""
    assert statement(template, "CKV_AWS_16", "Member") == (
        "Member is a member of Cluster, which is encrypted at rest (StorageEncrypted is true)"
    )
    assert proof(template.replace("true", "false"), "CKV_AWS_16", "Member") is None
    assert proof(template.replace("!Ref Cluster", "!ImportValue C"), "CKV_AWS_16", "Member") is None


_GRAPH = """\
Resources:
  Graph: {Type: AWS::AppSync::GraphQLApi, Properties: {Name: g, AuthenticationType: AWS_IAM}}
  Acl: {Type: AWS::WAFv2::WebACL, Properties: {Scope: REGIONAL, DefaultAction: {Allow: {}}}}
  On:
    Type: AWS::WAFv2::WebACLAssociation
    Properties: {ResourceArn: !GetAtt Graph.Arn, WebACLArn: !GetAtt Acl.Arn}
"""


def test_an_association_covers_a_graphql_api() -> None:
    assert proof(_GRAPH, "CKV2_AWS_33", "Graph") is not None
    assert proof(_GRAPH.replace("REGIONAL", "CLOUDFRONT"), "CKV2_AWS_33", "Graph") is None
    assert proof(_GRAPH.replace("!GetAtt Graph.Arn", "!ImportValue Other"), "CKV2_AWS_33", "Graph") is None


def test_firewall_manager_covers_a_distribution() -> None:
    template = """\
Resources:
  Site: {Type: AWS::CloudFront::Distribution, Properties: {DistributionConfig: {Enabled: true}}}
  Policy:
    Type: AWS::FMS::Policy
    Properties:
      SecurityServicePolicyData: {Type: WAFV2}
      ResourceType: AWS::CloudFront::Distribution
      RemediationEnabled: true
"""
    assert proof(template, "CKV_AWS_68", "Site") is not None
    assert (
        proof(template.replace("RemediationEnabled: true", "RemediationEnabled: false"), "CKV_AWS_68", "Site") is None
    )


def _role(action: str, resource: str = "*", more: str = "") -> str:
    return f"""\
Resources:
  Role:
    Type: AWS::IAM::Role
    Properties:
      Policies:
        - PolicyName: work
          PolicyDocument:
            Version: "2012-10-17"
            Statement:
              - {{Effect: Allow, Action: "{action}", Resource: "{resource}"}}
{more}"""


def test_actions_that_take_nothing_narrower_are_not_too_wide() -> None:
    assert statement(_role("xray:PutTraceSegments"), "CKV_AWS_111", "Role") == (
        "what Role allows on * takes no narrower resource"
    )


@pytest.mark.parametrize(
    "action", ["s3:PutObject", "cloudwatch:Put*", "*", "nosuchservice:PutIt", "logs:CreateLogGroup"]
)
def test_actions_that_could_name_a_resource_are_left_alone(action: str) -> None:
    assert proof(_role(action), "CKV_AWS_111", "Role") is None


def test_one_statement_too_wide_is_enough() -> None:
    more = '              - {Effect: Allow, Action: "dynamodb:PutItem", Resource: "*"}\n'
    assert proof(_role("xray:PutTraceSegments", more=more), "CKV_AWS_111", "Role") is None


def test_a_macro_over_the_template_proves_nothing() -> None:
    assert proof("Transform: [OwnMacro]\n" + _FUNCTION, "CKV_AWS_117", "Work") is None
    assert proof("Transform: [OwnMacro]\n" + _BUCKET, "CKV_AWS_53", "Uploads") is None


def test_a_resource_under_a_condition_is_refuted_where_it_exists() -> None:
    head = "Parameters: {Stage: {Type: String}}\nConditions: {Live: !Equals [!Ref Stage, live]}\n"
    template = head + "Resources:\n  Jobs: {Type: AWS::SQS::Queue, Condition: Live}\n"
    assert proof(template, "CKV_AWS_27", "Jobs") is not None


def test_every_stack_of_a_template_has_to_refute() -> None:
    sure = refutations_of(architecture(_BUCKET), {"CKV_AWS_53"})
    key = ("template.yaml", "checkov", "CKV_AWS_53", "Uploads")
    refutations = Refutations()
    refutations.add(sure)
    refutations.add({key: None})
    refutations.add(sure)
    assert refutations._found == {key: None}


def test_every_refuter_names_rules_that_exist_and_says_what_it_proves() -> None:
    from validator.engines import engine_rule_ids

    for refuter in all_refuters():
        assert set(refuter.rules) <= set(engine_rule_ids(refuter.engine))
        assert refuter.proves.endswith(".")
        assert refuter.refute.__doc__
