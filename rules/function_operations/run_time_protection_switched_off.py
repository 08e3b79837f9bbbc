"""FUNC090: code signing that only warns, or GuardDuty that does not watch functions."""

from collections.abc import Iterator
from typing import Final

from validator.graph import Architecture, Resource
from validator.model import Category, Severity
from validator.resolve import Value
from validator.rulekit import Example, Judgement, Rule, RuleMeta

_SIGNING: Final = "AWS::Lambda::CodeSigningConfig"
_DETECTOR: Final = "AWS::GuardDuty::Detector"
_FEATURE: Final = "LAMBDA_NETWORK_LOGS"
_TEMPLATE = """\
Parameters:
  Untrusted: {Type: String}
Resources:
  Signed:
    Type: AWS::Lambda::CodeSigningConfig
    Properties:
      AllowedPublishers: {SigningProfileVersionArns: [!ImportValue profile]}
      CodeSigningPolicies:
        UntrustedArtifactOnDeployment: POLICY
"""


class RunTimeProtectionSwitchedOff(Rule):
    """Protection against foreign code that is declared and lets it through.

    ## What it proves
    A code signing configuration enforces signatures (`Enforce`; the default `Warn` lets unsigned code through), and a
    GuardDuty detector that lists Lambda's network logs has them enabled. Templates with neither are not judged: such
    protection is often kept in an account's own stack.

    ## Why it matters
    A configuration that warns stops nobody: code of strangers is deployed and runs with the function's rights.

    ## How to fix
    Set `UntrustedArtifactOnDeployment: Enforce`; set `Status: ENABLED` for `LAMBDA_NETWORK_LOGS`.

    ## What it cannot see
    Protection by layers and extensions of vendors, and what is switched on for the account or the organisation.

    ## References
    Lambda Developer Guide: *Using code signing to verify code integrity*; GuardDuty User Guide: *Lambda Protection*.
    """

    meta = RuleMeta(
        id="FUNC090",
        title="Run-time protection is switched off",
        category=Category.FUNCTION_OPERATIONS,
        severity=Severity.LOW,
        why="Code of strangers is deployed, or runs unwatched, though the template says otherwise.",
        subjects=(_SIGNING, _DETECTOR),
        lens=("SEC3.a2",),
        references=("https://docs.aws.amazon.com/lambda/latest/dg/configuration-codesigning.html",),
        since="0.2",
    )
    examples = (
        Example.fails("signatures are advice", _TEMPLATE.replace("POLICY", "Warn  # <- finding")),
        Example.passes("signatures are enforced", _TEMPLATE.replace("POLICY", "Enforce")),
        Example.unknown("an input decides", _TEMPLATE.replace("POLICY", "!Ref Untrusted")),
    )

    def judge(self, subject: Resource, graph: Architecture) -> Iterator[Judgement]:
        """One verdict for each code signing configuration, and for each detector that says something of functions."""
        if subject.type == _SIGNING:
            policy = subject.prop("CodeSigningPolicies", "UntrustedArtifactOnDeployment")
            fix = f"set CodeSigningPolicies on {subject.name} (UntrustedArtifactOnDeployment: Enforce)"
            how = "lets unsigned code through with a warning"
            yield self._switch(subject, policy, "Enforce", "refuses unsigned code", how, fix)
            return
        if subject.prop("Enable").boolean() is False:
            step = subject.states("is disabled", subject.prop("Enable").span)
            fix = f"set Enable on {subject.name} (Enable: true)"
            message = f"{subject.name} is disabled and watches nothing"
            yield self.fails(subject, message, evidence=(step,), fix=fix, at=subject.prop("Enable").span)
            return
        for feature in subject.prop("Features").items():
            if feature.get("Name").literal == _FEATURE:
                fix = f"set Status: ENABLED for {_FEATURE} in Features of {subject.name}"
                how = "does not watch the network of functions"
                watches = "watches the network of functions"
                yield self._switch(subject, feature.get("Status"), "ENABLED", watches, how, fix)

    def _switch(self, subject: Resource, value: Value, on: str, good: str, bad: str, fix: str) -> Judgement:
        at = subject.span if value.is_absent else value.span
        if value.missing is not None:
            message = f"{subject.name} perhaps {bad}: {value.missing.what}"
            return self.unknown(subject, message, missing=(value.missing,), at=at)
        holds = value.literal == on
        step = subject.states(good if holds else bad, at)
        if holds:
            return self.passes(subject, f"{subject.name} {good}", evidence=(step,), at=at)
        return self.fails(subject, f"{subject.name} {bad}", evidence=(step,), fix=fix, at=at)
