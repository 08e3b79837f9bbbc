"""DATA001: a data store is given a public address."""

from collections.abc import Iterator

from validator.graph import Architecture, Resource
from validator.graph.stores.kinds import STORE_KINDS, Publicity
from validator.graph.stores.public_access import PublicAccess, public_access
from validator.model import Category, Severity
from validator.rulekit import Example, Judgement, Rule, RuleMeta


class StoreWithPublicAccess(Rule):
    """A data store with public access switched on.

    ## What it proves
    Public access of the store is off, by its own switch or by the default of its type. Defaults differ: a
    named subnet group means off for RDS, none or `default` means on for engines other than Aurora; a DMS
    replication instance is public unless it says otherwise. The finding names the default it used.

    ## Why it matters
    A public address is the first of the things that a connection from the Internet needs. It stays when
    somebody later opens a route or a group.

    ## How to fix
    Set the switch to `false`.

    ## What it cannot see
    Whether a route and a group let anyone in: that is TIER001. Parameters without value: *unknown*.

    ## References
    RDS API Reference, `CreateDBInstance`, `CreateDBCluster`; the CloudFormation page of each type;
    Neptune User Guide, *Public endpoints*; MSK Developer Guide, *Public access*.
    """

    meta = RuleMeta(
        id="DATA001",
        title="A data store has public access switched on",
        category=Category.PRIVATE_DATA,
        severity=Severity.HIGH,
        why="A public address is the first thing that a connection from the Internet needs.",
        subjects=tuple(name for name, kind in STORE_KINDS.items() if kind.publicity is Publicity.SWITCH),
        lens=("SEC2.a2",),
        references=("https://docs.aws.amazon.com/AmazonRDS/latest/APIReference/API_CreateDBInstance.html",),
    )
    examples = (
        Example.fails(
            "no switch and no subnet group: RDS makes it public",
            """\
Resources:
  Orders: # <- finding
    Type: AWS::RDS::DBInstance
    Properties:
      Engine: postgres
      DBInstanceClass: db.t4g.micro
      AllocatedStorage: "20"
""",
        ),
        Example.fails(
            "the switch is on",
            """\
Resources:
  Warehouse:
    Type: AWS::RedshiftServerless::Workgroup
    Properties:
      WorkgroupName: warehouse
      PubliclyAccessible: true # <- finding
""",
        ),
        Example.passes(
            "no switch, a named subnet group",
            """\
Resources:
  Subnets:
    Type: AWS::RDS::DBSubnetGroup
    Properties: {DBSubnetGroupDescription: Private, SubnetIds: [subnet-1, subnet-2]}
  Orders:
    Type: AWS::RDS::DBInstance
    Properties:
      Engine: postgres
      DBInstanceClass: db.t4g.micro
      DBSubnetGroupName: !Ref Subnets
""",
        ),
        Example.unknown(
            "the switch is a parameter without value",
            """\
Parameters:
  IsPublic: {Type: String}
Resources:
  Orders:
    Type: AWS::RDS::DBInstance
    Properties:
      Engine: postgres
      DBInstanceClass: db.t4g.micro
      PubliclyAccessible: !Ref IsPublic # <- finding
""",
        ),
    )

    def judge(self, subject: Resource, graph: Architecture) -> Iterator[Judgement]:
        """The verdict of the store's switch."""
        access = public_access(graph, subject)
        if access.is_on:
            yield self._fails(subject, access)
        elif access.is_on is None:
            if graph.assumed(subject.name) == "private":
                reason = graph.assumption_reason(subject.name)
                step = subject.states(f"is assumed private: {reason}")
                yield self.passes(subject, f"{subject.name} is assumed private: {reason}", evidence=[step])
                return
            message = f"{subject.name} may have public access: it {access.because}"
            yield self.unknown(
                subject, message, missing=access.missing, evidence=access.evidence, at=access.at, fix=_fix(subject)
            )
        else:
            message = f"{subject.name} has no public access: it {access.because}"
            yield self.passes(subject, message, evidence=access.evidence, at=access.at)

    def _fails(self, subject: Resource, access: PublicAccess) -> Judgement:
        message = f"{subject.name} has public access: it {access.because}"
        severity = None if STORE_KINDS[subject.type].is_store else Severity.MEDIUM
        return self.fails(
            subject, message, evidence=access.evidence, fix=_fix(subject), at=access.at, severity=severity
        )


def _fix(subject: Resource) -> str:
    if subject.type == "AWS::OpenSearchServerless::Collection":
        return f"Set AllowFromPublic: false and SourceVPCEs in the network policy that matches {subject.name}."
    off = "DISABLED" if subject.type == "AWS::MSK::Cluster" else "false"
    return f"Set {'.'.join(STORE_KINDS[subject.type].public)}: {off} on {subject.name}."
