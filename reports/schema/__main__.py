"""Writes the JSON Schema beside the models: ``python -m reports.schema``."""

from reports.schema.v1 import SCHEMA_FILE, schema_text

SCHEMA_FILE.write_text(schema_text(), encoding="utf-8", newline="\n")
