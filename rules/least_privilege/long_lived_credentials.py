"""IAM012: a workload template makes users or keys that do not expire."""

from collections.abc import Iterator

from validator.graph import Architecture, Resource
from validator.model import Category, Severity
from validator.rulekit import Example, Judgement, Rule, RuleMeta


class LongLivedCredentials(Rule):
    """## What it proves
    The template makes no IAM users, no access keys and no passwords. A role passes: its credentials expire.

    ## Why it matters
    An access key works until somebody deletes it, from everywhere. Its secret stands in the stack's outputs or state.

    ## How to fix
    Let workloads run as roles, people sign in through IAM Identity Center, and outside systems through OIDC or IAM
    Roles Anywhere.

    ## What it cannot see
    Keys that are made outside the template. Nothing here can be unknown: a resource exists or it does not.

    ## References
    - IAM User Guide, *Security best practices in IAM* (temporary credentials)
    """

    meta = RuleMeta(
        id="IAM012",
        title="Long-lived credentials in a workload",
        category=Category.LEAST_PRIVILEGE,
        severity=Severity.MEDIUM,
        why="A key that does not expire works for whoever finds it.",
        subjects=("AWS::IAM::User", "AWS::IAM::AccessKey", "AWS::IAM::Role"),
        lens=("SEC2.a4",),
        references=("https://docs.aws.amazon.com/IAM/latest/UserGuide/best-practices.html",),
    )
    examples = (
        Example.fails(
            "a user for the mail server",
            """\
Resources:
  Mailer: # <- finding
    Type: AWS::IAM::User
""",
        ),
        Example.passes(
            "a role instead",
            """\
Resources:
  Mailer:
    Type: AWS::IAM::Role
    Properties:
      AssumeRolePolicyDocument:
        Statement: {Effect: Allow, Principal: {Service: ec2.amazonaws.com}, Action: sts:AssumeRole}
""",
        ),
    )

    def judge(self, subject: Resource, graph: Architecture) -> Iterator[Judgement]:
        """Users and keys fail by being there; a user with a password says so."""
        if subject.type == "AWS::IAM::AccessKey":
            yield self._fails(subject, "is an access key that does not expire", Severity.HIGH)
        elif subject.type == "AWS::IAM::User":
            login = subject.prop("LoginProfile")
            if login.is_absent:
                yield self._fails(subject, "is an IAM user in a workload template", Severity.LOW)
            else:
                yield self._fails(subject, "is an IAM user with a password", Severity.MEDIUM)
        else:
            message = f"{subject.name} gives temporary credentials only"
            evidence = [subject.states("is no user and no key")]
            yield self.passes(subject, message, evidence=evidence)

    def _fails(self, subject: Resource, what: str, severity: Severity) -> Judgement:
        return self.fails(
            subject,
            f"{subject.name} {what}",
            evidence=[subject.states(what)],
            fix=f"Replace {subject.name} by an AWS::IAM::Role that the workload assumes, "
            "or by IAM Identity Center for people.",
            severity=severity,
        )
