"""How APIs are run: logs, traces, limits, validation, caches, domains, stages and deployments."""
