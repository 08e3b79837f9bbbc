"""Times and memory of tierlens beside cfn-lint, checkov and cloudformation-validate: `python -m benchmarks`."""
