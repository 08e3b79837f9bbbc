"""The tierlens engine: templates in, verdicts with evidence out (see ``docs/architecture.md``)."""
