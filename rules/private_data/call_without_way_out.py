"""DATA005: a function in a VPC calls an AWS service and has no way to it."""

from collections.abc import Iterator

from validator.graph import Architecture, Resource
from validator.graph.network.functions import Attached, FunctionPlace, place_of
from validator.graph.network.ways_out import WayOut, by_endpoint, lets_out, over_ipv6, to_internet
from validator.graph.stores.service_calls import ServiceCall, calls_of
from validator.graph.stores.usage import FUNCTION
from validator.model import Category, Severity
from validator.rulekit import Example, Judgement, Rule, RuleMeta


class CallWithoutWayOut(Rule):
    """A function in a VPC that calls an AWS service it cannot reach.

    ## What it proves
    For each service that the function is tied to by an environment variable and a grant, every subnet it runs
    in has a NAT gateway that leads to the Internet, or the VPC has an endpoint that serves the subnet: a
    gateway endpoint on its route table, an interface endpoint with private DNS names that admits it. Its
    security groups let HTTPS out.

    ## Why it matters
    Without a way the calls time out in production; the usual quick repair is a public subnet or a wide route.

    ## How to fix
    Add a gateway endpoint (S3, DynamoDB) to the route tables of the function's subnets, or an interface
    endpoint with `PrivateDnsEnabled: true`.

    ## What it cannot see
    Which calls the code makes: a call that is granted but not shown is *unknown* where no way exists. Routes
    through other networks, and endpoints that other templates make.

    ## References
    Lambda Developer Guide, *Configuring VPC access*; AWS PrivateLink Guide, *Gateway endpoints*, *Access an AWS
    service using an interface VPC endpoint*.
    """

    meta = RuleMeta(
        id="DATA005",
        title="A function in a VPC has no way to a service it calls",
        category=Category.PRIVATE_DATA,
        severity=Severity.MEDIUM,
        why="A call without a way times out, and the quick repair opens the network.",
        subjects=(FUNCTION,),
        lens=("SEC2.a2", "REL2"),
        references=("https://docs.aws.amazon.com/vpc/latest/privatelink/gateway-endpoints.html",),
    )
    examples = (
        Example.fails(
            "an isolated subnet without endpoint",
            """\
Transform: AWS::Serverless-2016-10-31
Resources:
  Network: {Type: AWS::EC2::VPC, Properties: {CidrBlock: 10.0.0.0/16}}
  SubnetA: {Type: AWS::EC2::Subnet, Properties: {VpcId: !Ref Network, CidrBlock: 10.0.1.0/24}}
  Group: {Type: AWS::EC2::SecurityGroup, Properties: {GroupDescription: Functions, VpcId: !Ref Network}}
  Tickets: {Type: AWS::Serverless::SimpleTable}
  Shows:
    Type: AWS::Serverless::Function
    Properties:
      Runtime: python3.13
      Handler: shows.handler
      InlineCode: "def handler(event, context): ..."
      Policies: [DynamoDBReadPolicy: {TableName: !Ref Tickets}]
      Environment: {Variables: {TABLE: !Ref Tickets}}
      VpcConfig:
        SecurityGroupIds: [!Ref Group]
        SubnetIds: [!Ref SubnetA] # <- finding
""",
            target="dynamodb",
        ),
        Example.passes(
            "a gateway endpoint on the subnet's route table",
            """\
Transform: AWS::Serverless-2016-10-31
Resources:
  Network: {Type: AWS::EC2::VPC, Properties: {CidrBlock: 10.0.0.0/16}}
  SubnetA: {Type: AWS::EC2::Subnet, Properties: {VpcId: !Ref Network, CidrBlock: 10.0.1.0/24}}
  Table: {Type: AWS::EC2::RouteTable, Properties: {VpcId: !Ref Network}}
  InTable:
    Type: AWS::EC2::SubnetRouteTableAssociation
    Properties: {SubnetId: !Ref SubnetA, RouteTableId: !Ref Table}
  Group: {Type: AWS::EC2::SecurityGroup, Properties: {GroupDescription: Functions, VpcId: !Ref Network}}
  Door:
    Type: AWS::EC2::VPCEndpoint
    Properties:
      VpcId: !Ref Network
      ServiceName: !Sub com.amazonaws.${AWS::Region}.dynamodb
      RouteTableIds: [!Ref Table]
  Tickets: {Type: AWS::Serverless::SimpleTable}
  Shows:
    Type: AWS::Serverless::Function
    Properties:
      Runtime: python3.13
      Handler: shows.handler
      InlineCode: "def handler(event, context): ..."
      Policies: [DynamoDBReadPolicy: {TableName: !Ref Tickets}]
      Environment: {Variables: {TABLE: !Ref Tickets}}
      VpcConfig: {SecurityGroupIds: [!Ref Group], SubnetIds: [!Ref SubnetA]}
""",
        ),
        Example.unknown(
            "a call that is granted and not shown",
            """\
Transform: AWS::Serverless-2016-10-31
Resources:
  Network: {Type: AWS::EC2::VPC, Properties: {CidrBlock: 10.0.0.0/16}}
  SubnetA: {Type: AWS::EC2::Subnet, Properties: {VpcId: !Ref Network, CidrBlock: 10.0.1.0/24}}
  Group: {Type: AWS::EC2::SecurityGroup, Properties: {GroupDescription: Functions, VpcId: !Ref Network}}
  Tickets: {Type: AWS::Serverless::SimpleTable}
  Shows:
    Type: AWS::Serverless::Function
    Properties:
      Runtime: python3.13
      Handler: shows.handler
      InlineCode: "def handler(event, context): ..."
      Policies: [DynamoDBReadPolicy: {TableName: !Ref Tickets}]
      VpcConfig: {SecurityGroupIds: [!Ref Group], SubnetIds: [!Ref SubnetA]}
""",
        ),
    )

    def judge(self, subject: Resource, graph: Architecture) -> Iterator[Judgement]:
        """One verdict for each service that a function in a VPC calls or may call."""
        place = place_of(graph, subject)
        if place.attached is not Attached.YES:
            return
        for call in calls_of(graph, subject):
            yield self._judged(subject, place, call, _way(graph, subject, place, call))

    def _judged(self, subject: Resource, place: FunctionPlace, call: ServiceCall, way: WayOut) -> Judgement:
        evidence = [call.step, place.step, *way.evidence]
        if way.exists:
            message = f"{subject.name} reaches {call.service}: {way.because}"
            return self.passes(subject, message, evidence=evidence, at=place.at, target=call.service)
        fix = _fix(subject, call.service)
        if way.exists is False and call.is_shown:
            return self.fails(
                subject,
                f"{subject.name} calls {call.service} ({call.because}) and has no way to it: {way.because}",
                evidence=evidence,
                fix=fix,
                at=place.at,
                target=call.service,
            )
        missing = list(way.missing)
        if way.exists is False:
            missing = [call.missing]
        return self.unknown(
            subject,
            f"{subject.name} may have no way to {call.service} ({call.because}): {way.because}",
            missing=missing,
            evidence=evidence,
            at=place.at,
            target=call.service,
            fix=fix,
        )


def _way(graph: Architecture, function: Resource, place: FunctionPlace, call: ServiceCall) -> WayOut:
    """The best way of all: an endpoint, else the worst of the subnets' ways to the Internet."""
    exposures, groups = place.exposures(graph), place.security_groups(graph)
    endpoint = by_endpoint(graph, call.service, call.requests, exposures, groups)
    if endpoint.exists:
        out = lets_out(graph, groups, to_public=False)
        return endpoint if out.exists else out
    order = {False: 0, None: 1, True: 2}
    ways = [to_internet(graph, exposure) for exposure in exposures]
    if function.prop("VpcConfig", "Ipv6AllowedForDualStack").boolean():
        ways = [
            way if way.exists is not False else over_ipv6(graph, e) for way, e in zip(ways, exposures, strict=True)
        ]
    outward = min(ways, key=lambda way: order[way.exists])
    if outward.exists:
        out = lets_out(graph, groups, to_public=True)
        outward = outward if out.exists else out
    if outward.exists or (outward.exists is None and endpoint.exists is False):
        return outward
    if outward.exists is None or endpoint.exists is None:
        return WayOut(
            None,
            f"{outward.because}, {endpoint.because}",
            (*outward.evidence, *endpoint.evidence),
            (*outward.missing, *endpoint.missing),
        )
    return WayOut(False, f"{outward.because}, and {endpoint.because}", (*outward.evidence, *endpoint.evidence))


def _fix(subject: Resource, service: str) -> str:
    if service in ("s3", "dynamodb"):
        return (
            f"Add an AWS::EC2::VPCEndpoint (ServiceName: com.amazonaws.${{AWS::Region}}.{service}) whose "
            f"RouteTableIds name the route tables of the subnets of {subject.name}."
        )
    return (
        "Add an AWS::EC2::VPCEndpoint (VpcEndpointType: Interface, "
        f"ServiceName: com.amazonaws.${{AWS::Region}}.{service}, "
        f"PrivateDnsEnabled: true) that admits the security group of {subject.name} on 443."
    )
