"""Workloads: which stacks a run has, how they are nested and linked, and what that makes of their values."""

from validator.workload.linking import Linked, link
from validator.workload.links import LinkTable, StackLinks
from validator.workload.nesting import Nesting, Tree
from validator.workload.plan import StackPlan
from validator.workload.scopes import scopes_of
from validator.workload.signs import Signs, signs_of
from validator.workload.stack import Stack

__all__ = [
    "LinkTable",
    "Linked",
    "Nesting",
    "Signs",
    "Stack",
    "StackLinks",
    "StackPlan",
    "Tree",
    "link",
    "scopes_of",
    "signs_of",
]
