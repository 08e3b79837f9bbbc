"""Files to documents with positions; the only step that parses."""
