"""The refuters: one small function for each report that the graph can disprove, by engine and rule."""

from validator.triage.refuter import Refuter
from validator.triage.refuters.apis import open_method, stage_without_cache
from validator.triage.refuters.buckets import no_access_log, no_public_access_block
from validator.triage.refuters.fronts import distribution_without_web_acl, graphql_api_without_web_acl
from validator.triage.refuters.functions import no_concurrency_limit, no_dead_letter_queue, not_in_a_vpc
from validator.triage.refuters.grants import permissions_without_constraint, writes_without_constraint
from validator.triage.refuters.stores import not_encrypted_at_rest

__all__ = ["REFUTERS"]

_FUNCTION = ("AWS::Lambda::Function",)
_IDENTITIES = (
    "AWS::IAM::Role",
    "AWS::IAM::User",
    "AWS::IAM::Group",
    "AWS::IAM::Policy",
    "AWS::IAM::ManagedPolicy",
)


def _encryption(rule: str, resource_type: str) -> Refuter:
    proves = f"The {resource_type} is encrypted by its own switch, by AWS's default or by its cluster."
    return Refuter("checkov", (rule,), (resource_type,), proves, not_encrypted_at_rest)


REFUTERS: tuple[Refuter, ...] = (
    Refuter(
        "checkov",
        ("CKV_AWS_117",),
        _FUNCTION,
        "Nothing the function is given (variables, mounts, inline code, grants) leads into a VPC or to a secret.",
        not_in_a_vpc,
    ),
    Refuter(
        "checkov",
        ("CKV_AWS_116",),
        _FUNCTION,
        "Every caller is shown and waits or polls, or a destination keeps the events that fail.",
        no_dead_letter_queue,
        closed=True,
    ),
    Refuter(
        "checkov",
        ("CKV_AWS_115",),
        _FUNCTION,
        "Its only callers are queues whose mappings have a maximum concurrency.",
        no_concurrency_limit,
        closed=True,
    ),
    Refuter(
        "checkov",
        ("CKV_AWS_59",),
        ("AWS::ApiGateway::Method",),
        "A private endpoint with a policy that names VPCs, a policy that admits nobody or mutual TLS on every way "
        "in guards the method, or it only answers preflights.",
        open_method,
    ),
    Refuter(
        "checkov",
        ("CKV_AWS_120",),
        ("AWS::ApiGateway::Stage",),
        "The API has no GET method: a cache would hold nothing.",
        stage_without_cache,
        closed=True,
    ),
    Refuter(
        "checkov",
        ("CKV_AWS_53", "CKV_AWS_54", "CKV_AWS_55", "CKV_AWS_56"),
        ("AWS::S3::Bucket",),
        "The switch is on: written, or by S3's default where no block is written and nothing opens the bucket.",
        no_public_access_block,
    ),
    Refuter(
        "checkov",
        ("CKV_AWS_18",),
        ("AWS::S3::Bucket",),
        "The bucket is where logs are kept, and holds nothing else.",
        no_access_log,
    ),
    _encryption("CKV_AWS_19", "AWS::S3::Bucket"),
    _encryption("CKV_AWS_27", "AWS::SQS::Queue"),
    _encryption("CKV_AWS_16", "AWS::RDS::DBInstance"),
    _encryption("CKV_AWS_96", "AWS::RDS::DBCluster"),
    _encryption("CKV_AWS_64", "AWS::Redshift::Cluster"),
    _encryption("CKV_AWS_29", "AWS::ElastiCache::ReplicationGroup"),
    Refuter(
        "checkov",
        ("CKV2_AWS_33",),
        ("AWS::AppSync::GraphQLApi",),
        "An association in any stack of the workload, or Firewall Manager, covers the API.",
        graphql_api_without_web_acl,
    ),
    Refuter(
        "checkov",
        ("CKV_AWS_68",),
        ("AWS::CloudFront::Distribution",),
        "The distribution names a web ACL of scope CLOUDFRONT, or Firewall Manager puts one there.",
        distribution_without_web_acl,
    ),
    Refuter(
        "checkov",
        ("CKV_AWS_111",),
        _IDENTITIES,
        "Every writing action on * supports no narrower resource, by the Service Authorization Reference.",
        writes_without_constraint,
    ),
    Refuter(
        "checkov",
        ("CKV_AWS_109",),
        _IDENTITIES,
        "Every action on * that changes permissions supports no narrower resource, by the same reference.",
        permissions_without_constraint,
    ),
)
