"""The operators by check, and all of them as one list."""

from tests.mutations.mutation import HarmlessEdit, Mutation
from tests.mutations.operators import (
    access_traps,
    api_and_edge,
    api_auth,
    conditional,
    data_protection,
    data_traps,
    function_operations,
    identity_policies,
    network_reach,
    private_data,
    reference_stacks,
    resource_policies,
    sam_forms,
    tier_separation,
    undecided,
    waf_coverage,
)

_MODULES = (
    network_reach,
    tier_separation,
    undecided,
    private_data,
    sam_forms,
    identity_policies,
    resource_policies,
    api_auth,
    waf_coverage,
    conditional,
    data_traps,
    access_traps,
    reference_stacks,
    api_and_edge,
    function_operations,
    data_protection,
)

MUTATIONS: tuple[Mutation, ...] = tuple(mutation for module in _MODULES for mutation in module.MUTATIONS)
HARMLESS: tuple[HarmlessEdit, ...] = tuple(edit for module in _MODULES for edit in module.HARMLESS)
