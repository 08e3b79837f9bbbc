"""The lens review as a document for people: HTML, Markdown and PDF."""
