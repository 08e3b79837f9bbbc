"""Writes the JSON Schema of reviews beside their models: ``python -m reports.review``."""

from reports.review.schema import SCHEMA_FILE, schema_text

SCHEMA_FILE.write_text(schema_text(), encoding="utf-8", newline="\n")
