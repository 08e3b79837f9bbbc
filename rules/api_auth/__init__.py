"""Authorization on every method: who may call what a client can reach."""
