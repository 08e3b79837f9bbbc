"""What is drawn as a node of its own, in which lane, and what is only a part of something else.

An architect draws the API and not its forty methods: stages, methods, permissions, versions, log groups and
roles are parts. Kinds are those of the CloudFormation resource specification.
"""

from typing import Final

from validator.graph.architecture import Architecture
from validator.graph.resource import Resource
from validator.graph.tiers import Tier, tier_of_type
from validator.model import Lane

# Of these services only the named kinds are drawn; of the other services of a tier, all are.
_WHOLES: Final = {
    "AWS::ApiGateway": {"RestApi", "DomainName", "DomainNameV2", "VpcLink"},
    "AWS::ApiGatewayV2": {"Api", "DomainName", "VpcLink"},
    "AWS::Amplify": {"App"},
    "AWS::AppSync": {"GraphQLApi", "Api"},
    "AWS::CloudFront": {"Distribution", "MultitenantDistribution"},
    "AWS::Cognito": {"UserPool", "IdentityPool"},
    "AWS::DynamoDB": {"Table", "GlobalTable"},
    "AWS::ECS": {"Service", "Cluster"},
    "AWS::EFS": {"FileSystem"},
    "AWS::ElasticLoadBalancingV2": {"LoadBalancer"},
    "AWS::Events": {"Rule", "EventBus", "ApiDestination"},
    "AWS::Kinesis": {"Stream"},
    "AWS::Lambda": {"Function"},
    "AWS::RDS": {"DBInstance", "DBCluster", "DBProxy", "GlobalCluster"},
    "AWS::Route53": {"HostedZone"},
    "AWS::S3": {"Bucket", "AccessPoint", "MultiRegionAccessPoint"},
    "AWS::SNS": {"Topic"},
    "AWS::SQS": {"Queue"},
    "AWS::SecretsManager": {"Secret"},
    "AWS::StepFunctions": {"StateMachine"},
}

# Types that carry no tier for the checks and still are what people draw.
_LANES: Final = {
    "AWS::AppRunner::Service": Lane.LOGIC,
    "AWS::AutoScaling::AutoScalingGroup": Lane.LOGIC,
    "AWS::Batch::JobDefinition": Lane.LOGIC,
    "AWS::EC2::Instance": Lane.LOGIC,
    "AWS::EKS::Cluster": Lane.LOGIC,
    "AWS::ElasticBeanstalk::Environment": Lane.LOGIC,
    "AWS::ElasticLoadBalancing::LoadBalancer": Lane.PRESENTATION,
    "AWS::KinesisFirehose::DeliveryStream": Lane.LOGIC,
    "AWS::SageMaker::Endpoint": Lane.LOGIC,
    "AWS::Serverless::Function": Lane.LOGIC,
    "AWS::Serverless::Api": Lane.LOGIC,
    "AWS::Serverless::HttpApi": Lane.LOGIC,
}

_BY_TIER: Final = {
    Tier.PRESENTATION: Lane.PRESENTATION,
    Tier.LOGIC: Lane.LOGIC,
    Tier.DATA: Lane.DATA,
    Tier.SUPPORT: Lane.SUPPORT,
}

# Where a part names the whole it belongs to, first match first.
_OWNER_PROPERTIES: Final = (
    "RestApiId",
    "ApiId",
    "FunctionName",
    "TargetFunctionArn",
    "UserPoolId",
    "IdentityPoolId",
    "DBClusterIdentifier",
    "FileSystemId",
    "SecretId",
    "TableName",
    "StreamARN",
    "LoadBalancerArn",
    "ListenerArn",
    "Bucket",
    "TopicArn",
    "QueueUrl",
    "Queues",
    "Topics",
    "AppId",
    "StateMachineArn",
    "EventBusName",
    "ResourceArn",
    "WebAclId",
    "Roles",
    "RoleName",
)

_MEMBERS: Final = ("AWS::RDS::DBInstance", "AWS::Neptune::DBInstance", "AWS::DocDB::DBInstance")
"""Wholes that are parts when they name a cluster."""


def lane_of(resource_type: str) -> Lane:
    """The lane of a type when nothing else is known of the resource."""
    return _LANES.get(resource_type) or _BY_TIER[tier_of_type(resource_type)]


def is_whole(resource: Resource) -> bool:
    """Whether the resource is drawn as a node of its own, going by its type."""
    if resource.type in _LANES:
        return True
    if tier_of_type(resource.type) is Tier.SUPPORT:
        return False
    service, _, kind = resource.type.rpartition("::")
    return kind in _WHOLES[service] if service in _WHOLES else True


def is_member(graph: Architecture, resource: Resource) -> bool:
    """Whether it is an instance of a database cluster of the run, which stands for its instances."""
    return resource.type in _MEMBERS and isinstance(graph.target(resource.prop("DBClusterIdentifier")), Resource)


def named_owners(graph: Architecture, part: Resource) -> tuple[Resource, ...]:
    """The resources that a part names as what it belongs to, in the scenario in force."""
    for name in _OWNER_PROPERTIES:
        found = [graph.target(value) for value in part.prop(name).items()]
        owners = tuple(owner for owner in found if isinstance(owner, Resource) and owner != part)
        if owners:
            return owners
    return ()
