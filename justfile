# What CI checks, in the environment at hand; `.ci/run` makes a fresh one.
python := env("PYTHON", ".venv/bin/python")

# List the recipes.
default:
    @just --list

# Make the environment and install the project with what development needs.
setup:
    python3.11 -m venv .venv
    .venv/bin/pip install -e '.[dev]'

# Everything that has to be clean before a change is handed in.
check: lint types imports test

# Style: formatting and lint.
lint:
    {{ python }} -m ruff format --check .
    {{ python }} -m ruff check .

# Types.
types:
    {{ python }} -m mypy

# The direction of imports.
imports:
    {{ python }} -c 'from importlinter.cli import lint_imports_command; lint_imports_command()'

# Tests; more arguments go to pytest.
test *arguments:
    {{ python }} -m pytest -n 2 --dist loadgroup -rs {{ arguments }}

# Wheel and sdist.
build:
    {{ python }} -m build

# Times and memory, side by side with the peers.
bench *arguments:
    {{ python }} -m benchmarks {{ arguments }}
