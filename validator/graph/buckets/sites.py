"""Who may read a site's bucket besides its distribution.

CloudFront Developer Guide, *Restrict access to an Amazon S3 origin*: origin access control signs the requests, and
the bucket's policy admits ``cloudfront.amazonaws.com`` for the distribution's ARN.
"""

from dataclasses import dataclass
from enum import StrEnum
from typing import Final

from validator.graph.architecture import Architecture
from validator.graph.buckets.usage import BucketOrigin
from validator.graph.iam.conditions import ConditionTest, Effect, narrowing
from validator.graph.iam.documents import Statement
from validator.graph.iam.principals import PrincipalKind
from validator.graph.resource import Resource
from validator.model import Missing
from validator.resolve import Text, Value

CLOUDFRONT: Final = "cloudfront.amazonaws.com"


class Door(StrEnum):
    """How a distribution reaches a bucket."""

    CONTROLLED = "controlled"
    OPEN = "without access control"
    UNSIGNED = "with an access control that signs nothing"
    WEBSITE = "through the website endpoint"
    UNKNOWN = "unknown"


def door_of(origin: BucketOrigin, graph: Architecture) -> tuple[Door, Missing | None]:
    """The way the distribution takes to the bucket, and what is missing to know it."""
    if origin.is_website_endpoint:
        return Door.WEBSITE, None
    control = origin.access_control
    if control.missing is not None:
        return Door.UNKNOWN, control.missing
    if control.is_absent or control.literal == "":
        return Door.OPEN, None
    found = graph.target(control, "AWS::CloudFront::OriginAccessControl")
    if isinstance(found, Resource):
        behaviour = found.prop("OriginAccessControlConfig", "SigningBehavior")
        if behaviour.missing is not None:
            return Door.UNKNOWN, behaviour.missing
        if behaviour.literal == "never":
            return Door.UNSIGNED, None
    return Door.CONTROLLED, None


@dataclass(frozen=True, slots=True)
class FrontDoor:
    """A statement that admits CloudFront: for which distributions, as a phrase; ``fits`` for one of them only."""

    statement: Statement
    fits: bool
    phrase: str
    missing: Missing | None = None


def front_door(statement: Statement, graph: Architecture) -> FrontDoor | None:
    """What a statement says of CloudFront; None when it speaks of somebody else."""
    if statement.missing is not None or not statement.allows:
        return None
    services = [p.text for p in statement.principals if p.kind is PrincipalKind.SERVICE]
    if CLOUDFRONT not in services:
        return None
    found = narrowing(statement.conditions)
    if found.effect is Effect.OPEN:
        return FrontDoor(statement, False, "every distribution of every account")
    if found.effect is Effect.UNKNOWN:
        return FrontDoor(statement, False, "distributions that are not known", found.missing)
    arns = [test for test in statement.conditions if test.key == "aws:sourcearn"]
    values = [value for test in arns for value in test.values]
    unknown = next((value.missing for value in values if value.missing is not None), None)
    if unknown is not None:
        return FrontDoor(statement, False, "a distribution that is not known", unknown)
    if values and all(_is_one_distribution(value, test, graph) for test in arns for value in test.values):
        return FrontDoor(statement, True, "one distribution")
    return FrontDoor(statement, False, "every distribution of the account")


def _is_one_distribution(value: Value, test: ConditionTest, graph: Architecture) -> bool:
    if isinstance(graph.target(value, "AWS::CloudFront::Distribution"), Resource):
        return True
    text = str(value) if isinstance(value, Text) else "*"
    return not test.takes_wildcards or not any(mark in text for mark in "*?")
