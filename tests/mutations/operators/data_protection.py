"""Ways to protect the reference stacks' data worse than they come (PROT001 …), and to leave components out."""

from tests.mutations.edits import drop, put, remove
from tests.mutations.mutation import HarmlessEdit, breaks, harmless

_STORES = (
    breaks(
        "PROT005",
        "web_app",
        "TicketsTable",
        "no point-in-time recovery",
        drop("TicketsTable", "PointInTimeRecoverySpecification"),
    ),
    breaks(
        "PROT005",
        "web_app",
        "TicketsTable",
        "recovery switched off",
        put("TicketsTable", "PointInTimeRecoverySpecification PointInTimeRecoveryEnabled", "false"),
    ),
    breaks(
        "PROT007",
        "web_app",
        "ShowsTable",
        "deletion protection switched off",
        put("ShowsTable", "DeletionProtectionEnabled", "false"),
    ),
    breaks(
        "PROT009",
        "web_app",
        "TicketsTable",
        "items that are to expire by a text",
        put("TicketsTable", "TimeToLiveSpecification", "{AttributeName: bought_at, Enabled: true}"),
    ),
)

_PATTERNS = (
    breaks(
        "PATTERN003",
        "web_app",
        "WebApi",
        "no app client",
        remove("AppClient"),
        target="component: app client",
    ),
)

MUTATIONS = (*_STORES, *_PATTERNS)
HARMLESS: tuple[HarmlessEdit, ...] = (
    harmless(
        "web_app",
        "items that expire by an attribute that no key defines",
        put("TicketsTable", "TimeToLiveSpecification", "{AttributeName: gone_at, Enabled: true}"),
    ),
)
