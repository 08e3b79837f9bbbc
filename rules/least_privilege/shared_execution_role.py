"""IAM005: several functions run under one role."""

from collections.abc import Iterator

from validator.graph import Architecture, Resource
from validator.graph.iam.execution import RoleUser, execution_role, role_users, users_of_role
from validator.model import Category, Evidence, Severity
from validator.rulekit import Example, Judgement, Rule, RuleMeta

_ROLE = """\
Resources:
  SharedRole:{mark}
    Type: AWS::IAM::Role
    Properties:
      AssumeRolePolicyDocument:
        Statement: {{Effect: Allow, Principal: {{Service: lambda.amazonaws.com}}, Action: sts:AssumeRole}}
  Tickets:
    Type: AWS::Lambda::Function
    Properties: {{Role: !GetAtt SharedRole.Arn, Code: {{S3Bucket: b, S3Key: t}}, Handler: t.h, Runtime: python3.12}}
"""


class SharedExecutionRole(Rule):
    """## What it proves
    No two functions run under one role, and no function shares its role with a state machine. Roles are compared as
    identities: `!Ref`, `!GetAtt`, an ARN built from the role's name, one literal ARN, one parameter, one import.
    Versions and aliases of a function are that function; a role that SAM makes belongs to one function.

    ## Why it matters
    The role then holds the sum of what all of them need, and each of them can do all of it. The paper gives each
    function a role of its own.

    ## How to fix
    Give each function its own role. In SAM, drop `Role` and write `Policies`: SAM makes a role per function.

    ## What it cannot see
    Functions of other stacks that use the same role; whether two parameters are given one role (*unknown*).

    ## References
    - AWS Serverless Multi-Tier Architectures, *AWS Lambda: security*
    - Lambda Developer Guide, *Defining Lambda function permissions with an execution role*
    """

    meta = RuleMeta(
        id="IAM005",
        title="One execution role for several functions",
        category=Category.LEAST_PRIVILEGE,
        severity=Severity.MEDIUM,
        why="Each function that shares a role can do what any of the others needs.",
        subjects=("AWS::IAM::Role", "AWS::Lambda::Function"),
        lens=("SEC2.a4",),
        references=("https://docs.aws.amazon.com/lambda/latest/dg/lambda-intro-execution-role.html",),
    )
    examples = (
        Example.fails(
            "two functions, one role",
            _ROLE.format(mark=" # <- finding")
            + """\
  Shows:
    Type: AWS::Lambda::Function
    Properties: {Role: !Sub "${SharedRole.Arn}", Code: {S3Bucket: b, S3Key: s}, Handler: s.h, Runtime: python3.12}
""",
        ),
        Example.passes(
            "one function; its alias is the same function",
            _ROLE.format(mark="")
            + """\
  Live:
    Type: AWS::Lambda::Alias
    Properties: {FunctionName: !Ref Tickets, FunctionVersion: "1", Name: live}
""",
        ),
        Example.unknown(
            "two parameters may be one role",
            """\
Parameters:
  TicketsRole: {Type: String}
  ShowsRole: {Type: String}
Resources:
  Tickets:
    Type: AWS::Lambda::Function
    Properties: {Role: !Ref TicketsRole, Code: {S3Bucket: b, S3Key: t}, Handler: t.h, Runtime: python3.12}
  Shows:
    Type: AWS::Lambda::Function
    Properties: {Role: !Ref ShowsRole, Code: {S3Bucket: b, S3Key: s}, Handler: s.h, Runtime: python3.12}
""",
        ),
    )

    def judge(self, subject: Resource, graph: Architecture) -> Iterator[Judgement]:
        """A role of the run is judged by its users; a role from outside by the first function that uses it."""
        if subject.type == "AWS::IAM::Role":
            users = users_of_role(subject, graph)
            if any(user.is_function for user in users):
                yield self._of_role(subject, users)
        else:
            yield from self._outside(subject, graph)

    def _of_role(self, role: Resource, users: tuple[RoleUser, ...]) -> Judgement:
        names = _listed(users)
        if len(users) == 1:
            message = f"{role.name} is the role of {names} alone"
            if role.is_generated:
                message = f"{role.name} has a role of its own, which SAM makes"
            return self.passes(role, message, evidence=_steps(users, role.name))
        return self.fails(
            role,
            f"{role.name} is the role of {len(users)} functions: {names}"
            if all(user.is_function for user in users)
            else f"{role.name} is the role of a function and of a state machine: {names}",
            evidence=_steps(users, role.name),
            fix=_fix(users),
            target="execution role",
            severity=_severity(users),
        )

    def _outside(self, function: Resource, graph: Architecture) -> Iterator[Judgement]:
        mine = execution_role(function, graph)
        if mine is None or mine.role is not None:
            return
        same = [user for user in role_users(graph) if user.identity == mine.identity]
        others = [user for user in role_users(graph) if user.role is None and user.identity != mine.identity]
        doubtful = [user for user in others if user.missing or mine.missing]
        if len(same) > 1:
            if same[0].resource == function:
                yield self.fails(
                    function,
                    f"{function.name} shares the role {mine.shown} with {_listed(same[1:])}",
                    evidence=_steps(same, mine.shown),
                    fix=_fix(same),
                    at=mine.span,
                    target="execution role",
                )
        elif doubtful:
            yield self.unknown(
                function,
                f"{function.name} may share its role with {_listed(doubtful)}: {mine.shown} is not known",
                missing=[cause for user in (mine, *doubtful) if (cause := user.missing) is not None],
                evidence=_steps([mine, *doubtful], None),
                at=mine.span,
                target="execution role",
            )
        else:
            yield self.passes(
                function,
                f"{function.name} is the only function of the run with the role {mine.shown}",
                evidence=_steps(same, mine.shown),
                at=mine.span,
                target="execution role",
            )


def _listed(users: list[RoleUser] | tuple[RoleUser, ...]) -> str:
    return ", ".join(dict.fromkeys(user.resource.name for user in users))


def _steps(users: list[RoleUser] | tuple[RoleUser, ...], role: str | None) -> list[Evidence]:
    return [user.resource.states(f"runs as {role or user.shown}", user.span) for user in users]


def _severity(users: tuple[RoleUser, ...]) -> Severity | None:
    """One function written once for a list of names is one piece of code: low."""
    return Severity.LOW if len({user.resource.span for user in users}) == 1 else None


def _fix(users: list[RoleUser] | tuple[RoleUser, ...]) -> str:
    if all(user.resource.origin.resource_type.startswith("AWS::Serverless") for user in users):
        return (
            "Remove Role from each function and write its grants under Policies: SAM then makes a role per function."
        )
    return "Give each function a role of its own: set Role to !GetAtt <Function>Role.Arn with its grants only."
