"""AWS managed policies: whose a policy ARN is, and how broad what it grants.

Only policies of the account ``aws`` are judged by name (IAM User Guide, *Managed policies and inline policies*); a
customer's policy is judged by its content when the run has it.
"""

import re
from dataclasses import dataclass
from enum import StrEnum
from functools import cache

from validator.graph.iam.tables import names, table
from validator.model import Severity
from validator.resolve import Text, Value


class Breadth(StrEnum):
    """What a managed policy opens."""

    BROAD = "broad"
    BASIC = "basic"
    SOURCE_READER = "source reader"
    """It reads every queue or stream; SAM attaches it unasked."""
    UNRECORDED = "unrecorded"


@dataclass(frozen=True, slots=True)
class ManagedPolicy:
    """An AWS managed policy by name. ``replacement`` is set when AWS deprecated it."""

    name: str
    breadth: Breadth
    severity: Severity | None = None
    replacement: str = ""


_FULL = re.compile(r"Full_?[Aa]ccess(Policy)?(_?[vV]?\d+)?$")
_READERS = re.compile(r"Read_?Only(Access)?(_?[vV]?\d+)?$")
_SAGEMAKER = re.compile(r"AmazonSageMaker\w+|SageMakerStudio\w*Permissive\w*")
_ARN = re.compile(r"arn:[^:]*:iam::aws:policy/(?:.*/)?([^/]+)")


def aws_managed_name(value: Value, *, bare: bool = False) -> str | None:
    """The name of the AWS managed policy that the value denotes; with ``bare`` also a name without ARN (SAM)."""
    if not isinstance(value, Text):
        return None
    text = str(value).replace("${AWS::Partition}", "aws")
    found = _ARN.fullmatch(text)
    if found:
        return found.group(1)
    known = judged(text)
    return text if bare and re.fullmatch(r"[\w+=,.@-]+", text) and known.breadth is not Breadth.UNRECORDED else None


_STORES = re.compile(
    r"Administrator|PowerUser|^ReadOnly|S3|DynamoDB|RDSData|RedshiftData|SecretsManager|SSM|Timestream"
)


def opens_stores(name: str) -> bool:
    """Whether a broad AWS managed policy reads or writes the data of stores."""
    return judged(name).breadth is Breadth.BROAD and _STORES.search(name) is not None


@cache
def judged(name: str) -> ManagedPolicy:
    """How broad the AWS managed policy of this name is."""
    replacement = table("managed_policies")["deprecated"].get(name, "")
    for severity in (Severity.CRITICAL, Severity.HIGH, Severity.MEDIUM, Severity.LOW):
        if name in names("managed_policies", "broad", severity.value):
            return ManagedPolicy(name, Breadth.BROAD, severity, replacement)
    if name in names("managed_policies", "basic"):
        return ManagedPolicy(name, Breadth.BASIC)
    if name in names("managed_policies", "source_readers"):
        return ManagedPolicy(name, Breadth.SOURCE_READER)
    if _FULL.search(name) or _SAGEMAKER.fullmatch(name):
        return ManagedPolicy(name, Breadth.BROAD, Severity.HIGH, replacement)
    if _READERS.search(name):
        return ManagedPolicy(name, Breadth.BROAD, Severity.LOW, replacement)
    return ManagedPolicy(name, Breadth.UNRECORDED)
