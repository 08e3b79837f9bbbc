"""Whether a policy of the bucket refuses plain HTTP (S3 User Guide, *Security best practices for Amazon S3*)."""

from validator.graph.architecture import Architecture
from validator.graph.buckets.exposure import policies_of_bucket
from validator.graph.iam.documents import Statement
from validator.graph.iam.policies import Policy
from validator.graph.iam.principals import PrincipalKind
from validator.graph.protection.answer import Answer, held, lacking, undecided
from validator.graph.resource import Resource
from validator.model import Missing
from validator.resolve import Text

_HOW = (
    "Add to the bucket policy of {0}: a statement with Effect: Deny, Principal: '*', Action: 's3:*', Resource: "
    "[!GetAtt {0}.Arn, !Sub '${{{0}.Arn}}/*'] and Condition: {{Bool: {{aws:SecureTransport: 'false'}}}}"
)


def secure_transport(graph: Architecture, bucket: Resource) -> Answer:
    """Whether a Deny for everyone without TLS covers the bucket's objects."""
    missing: list[Missing] = []
    for found in policies_of_bucket(bucket, graph):
        if found.policy.missing is not None:
            missing.append(found.policy.missing)
            continue
        for statement in found.policy.statements:
            if statement.missing is not None:
                missing.append(statement.missing)
            elif refuses_plain_http(statement):
                return _refused(bucket, found.policy, statement)
    how = _HOW.format(bucket.name)
    if missing:
        return undecided(bucket, f"may be read over plain HTTP: {missing[0].what}", missing, how=how)
    return lacking(
        bucket, "may be read over plain HTTP: no policy of the run denies it", "a policy that denies it", how=how
    )


def _refused(bucket: Resource, policy: Policy, statement: Statement) -> Answer:
    step = policy.states(statement, f"denies what comes to {bucket.name} without TLS")
    return held(bucket, "is reached over TLS only: its policy denies plain HTTP", statement.span, steps=(step,))


def refuses_plain_http(statement: Statement) -> bool:
    """Whether a statement denies reads of objects to everyone who comes without TLS, and asks for nothing else."""
    if not statement.denies or not any(p.kind is PrincipalKind.EVERYONE for p in statement.principals):
        return False
    tests = statement.conditions
    if len(tests) != 1 or tests[0].key != "aws:securetransport" or tests[0].operator not in ("Bool", "StringEquals"):
        return False
    if tests[0].quantifier or [value.boolean() for value in tests[0].values] != [False]:
        return False
    actions = [(value.literal or "").lower() for value in statement.actions]
    if not any(action in ("*", "s3:*", "s3:get*", "s3:getobject") for action in actions):
        return False
    return any(
        str(value) == "*" or str(value).endswith("*") for value in statement.resources if isinstance(value, Text)
    )
