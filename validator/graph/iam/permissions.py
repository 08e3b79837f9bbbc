"""Lambda permissions: who may invoke a function, and what narrows it.

Lambda API Reference, *AddPermission*; Lambda Developer Guide, *Granting function access to AWS services*.
"""

import re
from dataclasses import dataclass
from typing import Final

from validator.graph.iam.actions import is_everything, is_whole_service
from validator.graph.iam.conditions import OPEN, ConditionTest, Narrowing, narrowing
from validator.graph.resource import Resource
from validator.model import Span
from validator.resolve import Text, Value

_BUCKETS: Final = ("s3.amazonaws.com",)
_BALANCERS: Final = ("elasticloadbalancing.amazonaws.com",)
_ALEXA: Final = ("alexa-appkit.amazon.com", "alexa-connectedhome.amazon.com")
_SERVICE: Final = re.compile(r"[\w.-]+\.amazon(aws)?\.com(\.cn)?|\w[\w-]*(\.[\w-]+)*\.(aws|amazonaws\.\w+)")


@dataclass(frozen=True, slots=True)
class Permission:
    """One ``AWS::Lambda::Permission`` or ``LayerVersionPermission``, read."""

    resource: Resource

    @property
    def principal(self) -> Value:
        """Whom it admits."""
        return self.resource.prop("Principal")

    @property
    def shown(self) -> str:
        """The principal in messages."""
        if self.is_everyone:
            return "everyone"
        return str(self.principal) if isinstance(self.principal, Text) else "a principal that is not known"

    @property
    def action(self) -> str:
        """The action, as it is written."""
        return self.resource.prop("Action").literal or ""

    @property
    def action_span(self) -> Span:
        """Where the action stands."""
        return self.resource.prop("Action").span

    @property
    def is_everyone(self) -> bool:
        """Whether the principal is ``*``."""
        return self.principal.literal == "*"

    @property
    def service(self) -> str | None:
        """The service principal; parts that only deployment knows (``logs.${AWS::Region}…``) are kept as text."""
        text = str(self.principal) if isinstance(self.principal, Text) else ""
        plain = text.replace("${AWS::URLSuffix}", "amazonaws.com").replace("${AWS::Region}", "region")
        return plain if _SERVICE.fullmatch(plain) else None

    @property
    def needs_source(self) -> bool:
        """Whether the principal alone does not say who calls; an account or a named identity does."""
        return self.is_everyone or self.service is not None

    @property
    def is_function_url(self) -> bool:
        """Whether it belongs to a function URL."""
        if (
            self.action.lower() == "lambda:invokefunctionurl"
            or not self.resource.prop("FunctionUrlAuthType").is_absent
        ):
            return True
        return self.resource.prop("InvokedViaFunctionUrl").boolean() is True

    @property
    def is_wide_action(self) -> bool:
        """Whether it allows every action on the function."""
        return is_everything(self.action) or is_whole_service(self.action)

    @property
    def narrowing(self) -> Narrowing:
        """What the source properties leave: they are conditions (``ArnLike``, ``StringEquals``) of a statement."""
        account = self._test("StringEquals", "aws:sourceaccount", "SourceAccount")
        if self.service in _ALEXA:
            return narrowing(self._test("StringEquals", "lambda:eventsourcetoken", "EventSourceToken"))
        if self.service in _BUCKETS:
            return narrowing(account)
        tests = (*account, *self._test("ArnLike", "aws:sourcearn", "SourceArn"))
        if self.is_everyone:
            tests += self._test("StringEquals", "aws:principalorgid", "PrincipalOrgID")
            tests += self._test("StringEquals", "aws:principalorgid", "OrganizationId")
        return narrowing(tests) if tests else OPEN

    def _test(self, operator: str, key: str, name: str) -> tuple[ConditionTest, ...]:
        value = self.resource.prop(name)
        if value.is_absent:
            return ()
        return (ConditionTest(operator, "", False, key, (value,), self.resource.property_span(name)),)

    @property
    def lacking(self) -> str:
        """What is missing, as the end of a sentence."""
        if self.service in _ALEXA:
            return "for any skill: it asks for no EventSourceToken"
        if self.service in _BUCKETS:
            return "for a bucket of any account: a bucket's ARN holds no account, and it asks for no SourceAccount"
        written = [name for name in ("SourceArn", "SourceAccount") if not self.resource.prop(name).is_absent]
        if written:
            return f"for any account: its {' and '.join(written)} leaves the account open"
        return (
            "without a condition"
            if self.is_everyone
            else "for any account: it asks for no SourceArn or SourceAccount"
        )

    @property
    def wanted(self) -> str:
        """The property that would narrow it."""
        if self.service in _ALEXA:
            return "EventSourceToken to the skill's ID"
        if self.service in (*_BUCKETS, *_BALANCERS):  # a target group's ARN would make a cycle with its Targets
            return "SourceAccount to !Ref AWS::AccountId"
        if self.resource.type == "AWS::Lambda::LayerVersionPermission":
            return "OrganizationId to your organisation, or Principal to one account"
        return "SourceArn to the ARN of what calls (or SourceAccount to !Ref AWS::AccountId)"


def permission_of(resource: Resource) -> Permission:
    """The permission that a resource is."""
    return Permission(resource)
