"""The closed vocabularies of a review: verdicts, severities, categories."""

from enum import Enum, StrEnum


class Verdict(StrEnum):
    """What a rule says of one subject."""

    PASS = "pass"
    FAIL = "fail"
    UNKNOWN = "unknown"
    SUPPRESSED = "suppressed"
    REFUTED = "refuted"
    """An engine's failure that the graph disproves; the finding carries the proof and never gates."""


class Severity(Enum):
    """How much a failure gives to an attacker or costs the owner; ordered from low to critical."""

    LOW = "low"
    MEDIUM = "medium"
    HIGH = "high"
    CRITICAL = "critical"

    @property
    def rank(self) -> int:
        """0 for low up to 3 for critical."""
        return list(Severity).index(self)

    def __lt__(self, other: "Severity") -> bool:
        return self.rank < other.rank

    def __le__(self, other: "Severity") -> bool:
        return self.rank <= other.rank


class Category(StrEnum):
    """The check a rule belongs to: five core checks, the rest of the lens, then what other engines check."""

    TIER_SEPARATION = "tier-separation"
    PRIVATE_DATA = "private-data"
    LEAST_PRIVILEGE = "least-privilege"
    API_AUTH = "api-auth"
    WAF_COVERAGE = "waf-coverage"
    API_OPERATIONS = "api-operations"
    FUNCTION_OPERATIONS = "function-operations"
    DATA_PROTECTION = "data-protection"
    EDGE_DELIVERY = "edge-delivery"
    PATTERN_CONFORMANCE = "pattern-conformance"
    TEMPLATE_VALIDITY = "template-validity"
    """What cfn-lint and cloudformation-validate say of a template's form."""
    RESOURCE_CONFIGURATION = "resource-configuration"
    """What checkov says of single resources."""
    ORGANIZATION_RULES = "organization-rules"
    """What an organisation's own cfn-guard, Rego and CEL rules say."""


CORE_CATEGORIES = (
    Category.TIER_SEPARATION,
    Category.PRIVATE_DATA,
    Category.LEAST_PRIVILEGE,
    Category.API_AUTH,
    Category.WAF_COVERAGE,
)
