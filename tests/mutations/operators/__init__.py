"""The operators by check, and all of them as one list."""

from tests.mutations.mutation import HarmlessEdit, Mutation
from tests.mutations.operators import (
    api_auth,
    identity_policies,
    resource_policies,
    private_data,
    reference_stacks,
    tier_separation,
    access_traps,
    data_traps,
    network_reach,
    waf_coverage,
)

_MODULES = (network_reach, tier_separation, private_data, identity_policies, resource_policies, api_auth, waf_coverage, data_traps, access_traps, reference_stacks)

MUTATIONS: tuple[Mutation, ...] = tuple(mutation for module in _MODULES for mutation in module.MUTATIONS)
HARMLESS: tuple[HarmlessEdit, ...] = tuple(edit for module in _MODULES for edit in module.HARMLESS)
