"""TIER008: something in a public subnet, or facing the Internet, reaches a data store directly."""

from collections.abc import Iterator

from validator.graph import Architecture, Resource
from validator.graph.network.compute import ATTACHMENTS, Kind, Openness, openness
from validator.graph.stores.access import Entry, entries_of
from validator.graph.stores.wearers import groups_of
from validator.model import Category, Severity
from validator.rulekit import Example, Judgement, Rule, RuleMeta


class PublicComputeReachesStore(Rule):
    """A host, task or load balancer that the Internet can address, whose group a data store admits.

    ## What it proves
    No store admits the security group of an instance, fleet, task with a public address or internet-facing
    load balancer on its port.

    ## Why it matters
    Such a host belongs to the presentation tier. When it is taken over, the data is one connection away, with
    no code of the logic tier between.

    ## How to fix
    Move the host to private subnets behind the front door, or let it call an API of the logic tier and remove
    its group from the store's rules.

    ## What it cannot see
    Who wears a group outside the templates of the run. Subnets that no template defines: *unknown*.

    ## References
    VPC User Guide, *Security group rules*, *Subnets*; white paper *AWS Serverless Multi-Tier Architectures*.
    """

    meta = RuleMeta(
        id="TIER008",
        title="Something that faces the Internet reaches a data store directly",
        category=Category.TIER_SEPARATION,
        severity=Severity.HIGH,
        why="A host of the presentation tier that reaches the data skips the logic tier.",
        subjects=tuple(
            name
            for name, attachment in ATTACHMENTS.items()
            if attachment.kind in (Kind.HOST, Kind.TASK, Kind.BALANCER)
        ),
        lens=("SEC2.a2",),
        references=("https://docs.aws.amazon.com/vpc/latest/userguide/security-group-rules.html",),
    )
    examples = (
        Example.fails(
            "an instance of the default VPC in front of a database",
            """\
Resources:
  WebGroup: {Type: AWS::EC2::SecurityGroup, Properties: {GroupDescription: Web}}
  Web: # <- finding
    Type: AWS::EC2::Instance
    Properties:
      ImageId: ami-1
      SecurityGroupIds: [!Ref WebGroup]
  StoreGroup:
    Type: AWS::EC2::SecurityGroup
    Properties:
      GroupDescription: Database
      SecurityGroupIngress:
        - {IpProtocol: tcp, FromPort: 3306, ToPort: 3306, SourceSecurityGroupId: !Ref WebGroup}
  Orders:
    Type: AWS::RDS::DBInstance
    Properties:
      Engine: mysql
      DBInstanceClass: db.t4g.micro
      VPCSecurityGroups: [!Ref StoreGroup]
""",
        ),
        Example.passes(
            "the instance is admitted by no store",
            """\
Resources:
  WebGroup: {Type: AWS::EC2::SecurityGroup, Properties: {GroupDescription: Web}}
  Web:
    Type: AWS::EC2::Instance
    Properties:
      ImageId: ami-1
      SecurityGroupIds: [!Ref WebGroup]
  StoreGroup: {Type: AWS::EC2::SecurityGroup, Properties: {GroupDescription: Database}}
  Orders:
    Type: AWS::RDS::DBInstance
    Properties:
      Engine: mysql
      DBInstanceClass: db.t4g.micro
      VPCSecurityGroups: [!Ref StoreGroup]
""",
        ),
        Example.unknown(
            "the subnet is a parameter without value",
            """\
Parameters:
  SubnetId: {Type: AWS::EC2::Subnet::Id}
Resources:
  WebGroup: {Type: AWS::EC2::SecurityGroup, Properties: {GroupDescription: Web}}
  Web: # <- finding
    Type: AWS::EC2::Instance
    Properties:
      ImageId: ami-1
      SubnetId: !Ref SubnetId
      SecurityGroupIds: [!Ref WebGroup]
  StoreGroup:
    Type: AWS::EC2::SecurityGroup
    Properties:
      GroupDescription: Database
      SecurityGroupIngress:
        - {IpProtocol: tcp, FromPort: 3306, ToPort: 3306, SourceSecurityGroupId: !Ref WebGroup}
  Orders:
    Type: AWS::RDS::DBInstance
    Properties: {Engine: mysql, DBInstanceClass: db.t4g.micro, VPCSecurityGroups: [!Ref StoreGroup]}
""",
        ),
    )

    def judge(self, subject: Resource, graph: Architecture) -> Iterator[Judgement]:
        """Fails for each store that admits the subject's groups, when the subject faces the Internet."""
        groups = groups_of(graph, subject)
        entries = entries_of(graph, groups)
        reach = openness(graph, subject)
        if reach.is_open is False or (reach.is_open and not _is_public(subject, reach)):
            return
        if not entries:
            if reach.is_open and groups:
                message = f"{subject.name} {reach.because} and is admitted by no data store"
                yield self.passes(subject, message, evidence=reach.evidence or [subject.states(reach.because)])
            return
        for entry in entries:
            yield self._judged(subject, reach, entry)

    def _judged(self, subject: Resource, reach: Openness, entry: Entry) -> Judgement:
        evidence = [*reach.evidence, *entry.evidence]
        target = entry.store.name
        if reach.is_open is None:
            message = f"{subject.name} reaches {target}, and {reach.because}"
            return self.unknown(subject, message, missing=reach.missing, evidence=evidence, target=target)
        return self.fails(
            subject,
            f"{subject.name} {reach.because} and reaches {target} directly: {entry.because}",
            evidence=evidence,
            fix=f"Move {subject.name} to private subnets, or remove {entry.group.label} from the rules of {target}.",
            target=target,
        )


def _is_public(subject: Resource, reach: Openness) -> bool:
    """A task without a public address is not addressable, although its subnet is public."""
    return reach.has_public_address or ATTACHMENTS[subject.type].kind is not Kind.TASK
