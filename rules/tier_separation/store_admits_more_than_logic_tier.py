"""TIER002: a data store's security group admits more than the logic tier."""

from collections.abc import Iterator

from validator.graph import Architecture, Resource
from validator.graph.stores.admission import Admits, Door, classic_doors, doors_of
from validator.graph.stores.kinds import SELF_RUN_KINDS, STORE_KINDS
from validator.graph.stores.placement import cluster_of, groups_worn
from validator.graph.stores.self_run import is_data_store
from validator.model import Category, Evidence, Severity
from validator.rulekit import Example, Judgement, Rule, RuleMeta

_CLASSIC = (
    "AWS::RDS::DBSecurityGroup",
    "AWS::RDS::DBSecurityGroupIngress",
    "AWS::Redshift::ClusterSecurityGroupIngress",
)


class StoreAdmitsMoreThanLogicTier(Rule):
    """A data store whose security group lets in more than the logic tier.

    ## What it proves
    Every ingress rule for the store's port, over all security groups it wears, inline and separate, names the
    group of functions, tasks or workers in private subnets, a peer of the data tier (a proxy, the store
    itself), or a range within the logic tier's own subnets. Ranges are compared as sets of addresses.

    ## Why it matters
    Whatever the group admits can talk to the store without passing the logic tier. With a whole VPC admitted,
    one host that is taken over is enough.

    ## How to fix
    Admit the security group of the functions (`SourceSecurityGroupId`) on the store's port, and nothing else.

    ## What it cannot see
    Who wears a group outside the templates of the run, and what is in a prefix list kept elsewhere: the
    verdict is then *unknown*. Rules for other ports than the store's are noted, not judged.

    ## References
    VPC User Guide, *Security group rules*, *Default security groups*; CFN `AWS::EC2::SecurityGroupIngress`.
    """

    meta = RuleMeta(
        id="TIER002",
        title="A data store admits more than the logic tier",
        category=Category.TIER_SEPARATION,
        severity=Severity.HIGH,
        why="Whatever a store's security group admits reaches the data without passing the logic tier.",
        subjects=(
            *(name for name, kind in STORE_KINDS.items() if kind.is_store and kind.groups),
            *SELF_RUN_KINDS,
            *_CLASSIC,
        ),
        lens=("SEC2.a2",),
        references=("https://docs.aws.amazon.com/vpc/latest/userguide/security-group-rules.html",),
    )
    examples = (
        Example.fails(
            "every address, written as two halves",
            """\
Resources:
  Network: {Type: AWS::EC2::VPC, Properties: {CidrBlock: 10.0.0.0/16}}
  SubnetA: {Type: AWS::EC2::Subnet, Properties: {VpcId: !Ref Network, CidrBlock: 10.0.1.0/24}}
  Subnets: {Type: AWS::ElastiCache::SubnetGroup, Properties: {Description: d, SubnetIds: [!Ref SubnetA]}}
  Group:
    Type: AWS::EC2::SecurityGroup
    Properties:
      GroupDescription: Cache
      VpcId: !Ref Network
      SecurityGroupIngress:
        - IpProtocol: tcp
          FromPort: 6379
          ToPort: 6379
          CidrIp: 1.1.1.1/0 # <- finding
  Sessions:
    Type: AWS::ElastiCache::CacheCluster
    Properties:
      Engine: redis
      CacheNodeType: cache.t4g.micro
      NumCacheNodes: 1
      CacheSubnetGroupName: !Ref Subnets
      VpcSecurityGroupIds: [!GetAtt Group.GroupId]
""",
        ),
        Example.passes(
            "the functions' group",
            """\
Resources:
  Network: {Type: AWS::EC2::VPC, Properties: {CidrBlock: 10.0.0.0/16}}
  SubnetA: {Type: AWS::EC2::Subnet, Properties: {VpcId: !Ref Network, CidrBlock: 10.0.1.0/24}}
  FunctionGroup: {Type: AWS::EC2::SecurityGroup, Properties: {GroupDescription: Functions, VpcId: !Ref Network}}
  CacheGroup: {Type: AWS::EC2::SecurityGroup, Properties: {GroupDescription: Cache, VpcId: !Ref Network}}
  FromFunctions:
    Type: AWS::EC2::SecurityGroupIngress
    Properties:
      GroupId: !GetAtt CacheGroup.GroupId
      IpProtocol: tcp
      FromPort: 6379
      ToPort: 6380
      SourceSecurityGroupId: !GetAtt FunctionGroup.GroupId
  Shows:
    Type: AWS::Lambda::Function
    Properties:
      Code: {ZipFile: ""}
      Role: arn:aws:iam::123456789012:role/shows
      VpcConfig: {SubnetIds: [!Ref SubnetA], SecurityGroupIds: [!GetAtt FunctionGroup.GroupId]}
  Sessions:
    Type: AWS::ElastiCache::ServerlessCache
    Properties:
      Engine: valkey
      ServerlessCacheName: sessions
      SubnetIds: [!Ref SubnetA]
      SecurityGroupIds: [!GetAtt CacheGroup.GroupId]
""",
        ),
        Example.unknown(
            "a group that the run does not make",
            """\
Parameters:
  StoreGroupId: {Type: AWS::EC2::SecurityGroup::Id}
  SubnetIds: {Type: List<AWS::EC2::Subnet::Id>}
Resources:
  Sessions:
    Type: AWS::ElastiCache::ServerlessCache
    Properties:
      Engine: valkey
      ServerlessCacheName: sessions
      SubnetIds: !Ref SubnetIds
      SecurityGroupIds:
        - !Ref StoreGroupId # <- finding
""",
        ),
    )

    def judge(self, subject: Resource, graph: Architecture) -> Iterator[Judgement]:
        """One failure for each rule that admits too much; a cluster's member is judged at its cluster."""
        is_classic = subject.type in _CLASSIC
        if not is_classic and (isinstance(cluster_of(graph, subject), Resource) or not is_data_store(graph, subject)):
            return
        doors = classic_doors(graph, subject) if is_classic else doors_of(graph, subject)
        wide = [door for door in doors if door.admits is Admits.TOO_MUCH]
        undecided = [door for door in doors if door.admits is Admits.UNDECIDED]
        for doors_of_one_source in _by_source(wide):
            yield self._fails(subject, doors_of_one_source, _unguarded(subject, graph))
        if wide:
            return
        if undecided:
            first = undecided[0]
            message = f"{subject.name} may admit more than the logic tier: {first.label}, {first.because}"
            missing = [cause for door in undecided for cause in door.missing]
            steps = [step for door in undecided for step in door.evidence]
            yield self.unknown(subject, message, missing=missing, evidence=steps, at=first.at)
        elif doors or not _is_outside_vpc(subject, graph):
            yield self._passes(subject, doors)

    def _fails(self, subject: Resource, doors: list[Door], unguarded: Evidence | None) -> Judgement:
        first = doors[0]
        ports = ", ".join(dict.fromkeys(d.rule.ports.label for d in doors if d.rule and d.rule.ports))
        steps = dict.fromkeys(step for door in doors for step in door.evidence)
        owner = subject if first.rule is None else first.rule.owner
        return self.fails(
            subject,
            f"{subject.name} admits {first.label}{ports and f' on {ports}'}, {first.because}",
            evidence=[*steps, *([unguarded] if unguarded else ())],
            fix=f"In {owner.name}, replace this source by SourceSecurityGroupId: the security group that only the "
            "functions wear.",
            at=first.at,
            severity=Severity.HIGH if unguarded else first.severity,
        )

    def _passes(self, subject: Resource, doors: tuple[Door, ...]) -> Judgement:
        admitted = [door for door in doors if door.admits is Admits.LOGIC_ONLY]
        others = len(doors) - len(admitted)
        note = f" ({others} rule(s) for other ports)" if others else ""
        steps = [step for door in doors for step in door.evidence]
        if not admitted:
            message = f"{subject.name} admits nobody on its port{note}"
            return self.passes(subject, message, evidence=steps or [subject.states("has no rule that admits anyone")])
        names = "; ".join(dict.fromkeys(f"{door.label}, {door.because}" for door in admitted))
        return self.passes(subject, f"{subject.name} admits {names}{note}", evidence=steps)


def _by_source(doors: list[Door]) -> list[list[Door]]:
    """The doors of one source together: a store with five ports has one fault, not five."""
    grouped: dict[tuple[str, str], list[Door]] = {}
    for door in doors:
        grouped.setdefault((door.label, door.because), []).append(door)
    return list(grouped.values())


def _unguarded(subject: Resource, graph: Architecture) -> Evidence | None:
    """A file system without a policy lets in any client that reaches it (EFS User Guide, *Using IAM*)."""
    if subject.type != "AWS::EFS::MountTarget":
        return None
    files = graph.target(subject.prop("FileSystemId"), "AWS::EFS::FileSystem")
    if not isinstance(files, Resource) or not files.prop("FileSystemPolicy").is_absent:
        return None
    return files.states("has no FileSystemPolicy: any client that reaches a mount target has full access")


def _is_outside_vpc(subject: Resource, graph: Architecture) -> bool:
    return subject.type not in _CLASSIC and not groups_worn(graph, subject)
