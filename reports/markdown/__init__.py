"""The Markdown report: a comment on a pull request, a step summary, a page of a wiki."""

from reports.markdown.report import MarkdownWriter

writer = MarkdownWriter()

__all__ = ["MarkdownWriter", "writer"]
