"""The difference of two states as text, JSON and Markdown."""
