"""Whom the access policy of a search domain lets in.

OpenSearch Developer Guide, *Identity and access management*: on a public endpoint a wildcard principal is
narrow only with a fixed condition (``aws:SourceIp``) or with fine-grained access control.
"""

from dataclasses import dataclass

from validator.graph.iam.documents import document_of, statements_of
from validator.graph.iam.public import grants_to_everyone
from validator.graph.resource import Resource
from validator.model import Missing, Span


@dataclass(frozen=True, slots=True)
class DomainPolicy:
    """Whether everyone may call the domain; None when the policy is not decided."""

    admits: bool | None
    because: str
    at: Span
    missing: tuple[Missing, ...] = ()


def domain_admits_everyone(domain: Resource) -> DomainPolicy:
    """Whether the domain's access policy lets in callers without AWS credentials."""
    fine_grained = domain.prop("AdvancedSecurityOptions", "Enabled")
    if fine_grained.boolean() is True:
        return DomainPolicy(False, "checks its callers by fine-grained access control", fine_grained.span)
    policy = domain.prop("AccessPolicies")
    if policy.is_absent:
        return DomainPolicy(False, "has no access policy, so IAM decides", domain.span)
    document = document_of(policy)
    statements = statements_of(document)
    unread = [document.missing, *(statement.missing for statement in statements)]
    grants = grants_to_everyone(statements)
    public = next((grant for grant in grants if grant.is_public), None)
    if public is not None:
        at = public.statement.element_span("Principal", "NotPrincipal")
        return DomainPolicy(True, 'lets in Principal "*" by its access policy', at)
    missing = [cause for cause in (*unread, *(grant.missing for grant in grants)) if cause is not None]
    if missing:
        return DomainPolicy(None, "has an access policy that is not decided", policy.span, tuple(missing))
    return DomainPolicy(False, "admits named principals or fixed addresses only", policy.span)
