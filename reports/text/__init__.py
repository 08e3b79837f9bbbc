"""The report for people: findings with their source lines, evidence and fixes, for a terminal."""

from reports.text.report import TextWriter

writer = TextWriter()

__all__ = ["TextWriter", "writer"]
