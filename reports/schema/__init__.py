"""The published shape of the JSON report: models, and the JSON Schema generated from them."""
