"""Two states of templates side by side: new, fixed and unchanged findings, and what became of the architecture."""
