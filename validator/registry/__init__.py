"""Rule packs and report writers, found through entry points: ours and other people's by the same door."""

from validator.registry.difference_writers import load_difference_writers
from validator.registry.picture_writers import load_picture_writer
from validator.registry.report_writers import load_report_writers, report_writer_names
from validator.registry.review_writers import load_review_writers, review_writer_names
from validator.registry.rule_packs import RulePack, load_rule_packs

__all__ = [
    "RulePack",
    "load_difference_writers",
    "load_picture_writer",
    "load_report_writers",
    "load_review_writers",
    "load_rule_packs",
    "report_writer_names",
    "review_writer_names",
]
