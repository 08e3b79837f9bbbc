"""PATTERN005: a workload recognised as Lambda inside a VPC lacks a component."""

from rules.pattern_conformance.conformance_rule import ConformanceRule
from validator.graph.patterns import Pattern
from validator.model import Category, Severity
from validator.rulekit import Example, RuleMeta


class WorkloadApartFromLambdaInVpc(ConformanceRule):
    """A workload that follows the pattern *Lambda inside a VPC* without one of its components.

    ## What it proves
    The workload is recognised by a function that is attached to a VPC and uses a store there, where none of the
    four patterns is recognised. Each component that the white paper names is then judged under a target of its own:
    the functions and the data in private subnets of two zones, a security group that admits the functions,
    credentials as a secret, a role for each function.

    ## Why it matters
    A component that lacks is a question for the architect: is it left out on purpose, or forgotten? The pattern
    says what it would have been for.

    ## How to fix
    Add the component, or suppress the finding with the reason why the design does without it.

    ## What it cannot see
    Components in stacks outside the run: unknown where an input of the template may stand for one. A workload that
    follows none of the patterns gets no verdict, and of two patterns that fit only the better one is reported.

    ## References
    - AWS Serverless Multi-Tier Architectures, *Sample architecture patterns*
    """

    meta = RuleMeta(
        id="PATTERN005",
        title="Functions inside a VPC lack a component of the pattern",
        category=Category.PATTERN_CONFORMANCE,
        severity=Severity.LOW,
        why="The white paper gives each component of the pattern a purpose.",
        subjects=("AWS::Lambda::Function",),
        references=(
            "https://docs.aws.amazon.com/whitepapers/latest/serverless-multi-tier-architectures-api-gateway-lambda/",
        ),
        since="0.2",
    )
    examples = (
        Example.fails(
            "a component is missing",
            """\
Resources:
  Reader: # <- finding
    Type: AWS::Lambda::Function
    Properties:
      Role: !GetAtt ReaderRole.Arn
      VpcConfig: {SubnetIds: [!Ref A], SecurityGroupIds: [!Ref Group]}
      Environment: {Variables: {HOST: !GetAtt Store.Endpoint.Address}}
  ReaderRole: {Type: AWS::IAM::Role, Properties: {AssumeRolePolicyDocument: {Statement: []}}}
  Network: {Type: AWS::EC2::VPC, Properties: {CidrBlock: 10.0.0.0/16}}
  A: {Type: AWS::EC2::Subnet, Properties: {VpcId: !Ref Network, CidrBlock: 10.0.1.0/24, AvailabilityZone: eu-west-1a}}
  Group: {Type: AWS::EC2::SecurityGroup, Properties: {GroupDescription: reader, VpcId: !Ref Network}}
  Names: {Type: AWS::RDS::DBSubnetGroup, Properties: {DBSubnetGroupDescription: data, SubnetIds: [!Ref A]}}
  Store:
    Type: AWS::RDS::DBInstance
    Properties: {Engine: postgres, DBSubnetGroupName: !Ref Names, ManageMasterUserPassword: true}
""",
            target="component: two availability zones",
        ),
        Example.passes(
            "the component is there",
            """\
Resources:
  Reader:
    Type: AWS::Lambda::Function
    Properties:
      Role: !GetAtt ReaderRole.Arn
      VpcConfig: {SubnetIds: [!Ref A], SecurityGroupIds: [!Ref Group]}
      Environment: {Variables: {HOST: !GetAtt Store.Endpoint.Address}}
  ReaderRole: {Type: AWS::IAM::Role, Properties: {AssumeRolePolicyDocument: {Statement: []}}}
  Network: {Type: AWS::EC2::VPC, Properties: {CidrBlock: 10.0.0.0/16}}
  A: {Type: AWS::EC2::Subnet, Properties: {VpcId: !Ref Network, CidrBlock: 10.0.1.0/24, AvailabilityZone: eu-west-1a}}
  Group: {Type: AWS::EC2::SecurityGroup, Properties: {GroupDescription: reader, VpcId: !Ref Network}}
  Names: {Type: AWS::RDS::DBSubnetGroup, Properties: {DBSubnetGroupDescription: data, SubnetIds: [!Ref A]}}
  Store:
    Type: AWS::RDS::DBInstance
    Properties: {Engine: postgres, DBSubnetGroupName: !Ref Names, ManageMasterUserPassword: true}
""",
            target="component: credentials as a secret",
        ),
    )

    def pattern(self) -> Pattern:
        """The pattern that it judges."""
        return Pattern.LAMBDA_IN_VPC
