"""EDGE010: an Amplify branch that is no production branch and asks nobody for a password."""

from collections.abc import Iterator
from typing import Final

from validator.graph import Architecture, Resource
from validator.graph.apis.outside_template import may_be_added
from validator.model import Category, Severity
from validator.resolve import Value
from validator.rulekit import Example, Judgement, Rule, RuleMeta

_APP: Final = "AWS::Amplify::App"
_BRANCH: Final = "AWS::Amplify::Branch"
_UNFINISHED: Final = ("DEVELOPMENT", "BETA", "EXPERIMENTAL", "PULL_REQUEST")
_TEMPLATE = """\
Parameters:
  Locked: {Type: String}
Resources:
  App:
    Type: AWS::Amplify::App
    Properties: {Name: tickets}
  Draft:
    Type: AWS::Amplify::Branch
    Properties:
      AppId: !GetAtt App.AppId
      BranchName: draft
      Stage: DEVELOPMENT
      BasicAuthConfig:
        EnableBasicAuth: LOCKED
        Username: team
        Password: "{{resolve:secretsmanager:draft}}"
"""


class UnfinishedSiteOpenToEveryone(Rule):
    """An Amplify branch for development or for previews of pull requests that everybody can open.

    ## What it proves
    Branches whose `Stage` says that they are not for production, branches with previews of pull requests, and
    branches that an app makes by itself ask for a user name and a password (`BasicAuthConfig` of the branch, of the
    app, or of its `AutoBranchCreationConfig`).

    ## Why it matters
    Each of them is a site of its own on the Internet, with unfinished code and often with a back end for tests. A
    preview runs what a pull request brings.

    ## How to fix
    Set `BasicAuthConfig` with `EnableBasicAuth: true` on the branch or on the app; take the password from a secret.

    ## What it cannot see
    Branches without a `Stage`, which may be for production, and branches that are made in the console.

    ## References
    Amplify Hosting User Guide: *Restricting access to branches*, *Web previews for pull requests*.
    """

    meta = RuleMeta(
        id="EDGE010",
        title="An unfinished site is open to everyone",
        category=Category.EDGE_DELIVERY,
        severity=Severity.LOW,
        why="Everybody can open unfinished code and the back end behind it.",
        subjects=(_BRANCH, _APP),
        lens=("OPS2.a1",),
        references=("https://docs.aws.amazon.com/amplify/latest/userguide/access-control.html",),
        since="0.2",
    )
    examples = (
        Example.fails("no password", _TEMPLATE.replace("LOCKED", "false  # <- finding")),
        Example.passes("a password", _TEMPLATE.replace("LOCKED", "true")),
        Example.unknown("an input decides", _TEMPLATE.replace("LOCKED", "!Ref Locked")),
    )

    def judge(self, subject: Resource, graph: Architecture) -> Iterator[Judgement]:
        """One verdict for each branch that is not for production, and for branches that an app makes by itself."""
        if subject.type == _APP:
            yield from self._made_by_app(subject)
            return
        what = _why_unfinished(subject)
        if not what:
            return
        app = graph.target(subject.prop("AppId"), _APP)
        own = subject.prop("BasicAuthConfig")
        inherited = app.prop("BasicAuthConfig") if isinstance(app, Resource) and own.is_absent else own
        yield self._password(subject, inherited, what, "")

    def _made_by_app(self, app: Resource) -> Iterator[Judgement]:
        made = app.prop("AutoBranchCreationConfig")
        if made.get("EnableAutoBranchCreation").boolean() is not True:
            return
        own = made.get("BasicAuthConfig")
        config = app.prop("BasicAuthConfig") if own.is_absent else own
        yield self._password(app, config, "makes branches by itself", "branches made by the app")

    def _password(self, subject: Resource, config: Value, what: str, target: str) -> Judgement:
        enabled = config.get("EnableBasicAuth")
        # The switch of a branch is off where it is not written (Amplify API reference, CreateBranch).
        at = subject.span if enabled.is_absent else enabled.span
        step = subject.states(f"{what} and {'has' if enabled.boolean() else 'has no'} basic authentication", at)
        missing = enabled.missing or (may_be_added(subject, "basic authentication") if enabled.is_absent else None)
        if enabled.boolean():
            message = f"{subject.name} {what} and asks for a password"
            return self.passes(subject, message, evidence=(step,), at=at, target=target)
        if missing is not None:
            message = f"{subject.name} {what} and may be open to everyone: {missing.what}"
            return self.unknown(subject, message, missing=(missing,), at=at, target=target)
        message = f"{subject.name} {what} and is open to everyone"
        snippet = "BasicAuthConfig: {EnableBasicAuth: true, Username: …, Password: …}"
        fix = f"set BasicAuthConfig on {subject.name} ({snippet})"
        return self.fails(subject, message, evidence=(step,), fix=fix, at=at, target=target)


def _why_unfinished(branch: Resource) -> str:
    """Why the branch is not for production; empty when nothing says so."""
    stage = branch.prop("Stage").literal
    if stage in _UNFINISHED:
        return f"is for stage {stage}"
    if branch.prop("EnablePullRequestPreview").boolean():
        return "shows previews of pull requests"
    return ""
