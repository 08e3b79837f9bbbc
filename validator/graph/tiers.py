"""Which tier a resource belongs to, by its type (white paper, *Three-tier architecture overview*).

A bucket counts as data here; one that a distribution serves is presentation, which only its edges show.
"""

from enum import StrEnum


class Tier(StrEnum):
    """The three tiers of the white paper; ``SUPPORT`` is everything that carries no tier of its own."""

    PRESENTATION = "presentation"
    LOGIC = "logic"
    DATA = "data"
    SUPPORT = "support"


_BY_SERVICE = {
    "AWS::Amplify": Tier.PRESENTATION,
    "AWS::CloudFront": Tier.PRESENTATION,
    "AWS::Cognito": Tier.PRESENTATION,
    "AWS::ElasticLoadBalancingV2": Tier.PRESENTATION,
    "AWS::Route53": Tier.PRESENTATION,
    "AWS::ApiGateway": Tier.LOGIC,
    "AWS::ApiGatewayV2": Tier.LOGIC,
    "AWS::AppSync": Tier.LOGIC,
    "AWS::ECS": Tier.LOGIC,
    "AWS::Events": Tier.LOGIC,
    "AWS::Kinesis": Tier.LOGIC,
    "AWS::Lambda": Tier.LOGIC,
    "AWS::Pipes": Tier.LOGIC,
    "AWS::SNS": Tier.LOGIC,
    "AWS::SQS": Tier.LOGIC,
    "AWS::Scheduler": Tier.LOGIC,
    "AWS::StepFunctions": Tier.LOGIC,
    "AWS::Cassandra": Tier.DATA,
    "AWS::DAX": Tier.DATA,
    "AWS::DSQL": Tier.DATA,
    "AWS::DocDB": Tier.DATA,
    "AWS::DocDBElastic": Tier.DATA,
    "AWS::DynamoDB": Tier.DATA,
    "AWS::EFS": Tier.DATA,
    "AWS::ElastiCache": Tier.DATA,
    "AWS::Elasticsearch": Tier.DATA,
    "AWS::FSx": Tier.DATA,
    "AWS::MSK": Tier.DATA,
    "AWS::MemoryDB": Tier.DATA,
    "AWS::Neptune": Tier.DATA,
    "AWS::NeptuneGraph": Tier.DATA,
    "AWS::OpenSearchServerless": Tier.DATA,
    "AWS::OpenSearchService": Tier.DATA,
    "AWS::QLDB": Tier.DATA,
    "AWS::RDS": Tier.DATA,
    "AWS::Redshift": Tier.DATA,
    "AWS::RedshiftServerless": Tier.DATA,
    "AWS::S3": Tier.DATA,
    "AWS::SecretsManager": Tier.DATA,
    "AWS::Timestream": Tier.DATA,
}

_SUPPORT_SUFFIXES = (
    "Account",
    "Attachment",
    "Branding",
    "Deployment",
    "OptionGroup",
    "ParameterGroup",
    "Permission",
    "Policy",
    "ResourceServer",
    "SecurityGroup",
    "SubnetGroup",
)


def tier_of_type(resource_type: str) -> Tier:
    """The tier of a resource type; policies, groups and everything not modelled are support."""
    service, _, kind = resource_type.rpartition("::")
    if kind.endswith(_SUPPORT_SUFFIXES):
        return Tier.SUPPORT
    return _BY_SERVICE.get(service, Tier.SUPPORT)
