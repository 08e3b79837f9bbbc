"""The operators by check, and all of them as one list."""

from tests.mutations.mutation import HarmlessEdit, Mutation
from tests.mutations.operators import (
    api_auth,
    identity_policies,
    resource_policies,
    private_data,
    tier_separation,
    waf_coverage,
)

_MODULES = (tier_separation, private_data, identity_policies, resource_policies, api_auth, waf_coverage)

MUTATIONS: tuple[Mutation, ...] = tuple(mutation for module in _MODULES for mutation in module.MUTATIONS)
HARMLESS: tuple[HarmlessEdit, ...] = tuple(edit for module in _MODULES for edit in module.HARMLESS)
