#!/usr/bin/env bash
# Installs tierlens into an environment of its own: its dependencies must not meet those of the reviewed project.
set -euo pipefail

environment="$RUNNER_TEMP/tierlens"
python3 -m venv "$environment"
if [ -n "${TIERLENS_VERSION:-}" ]; then
  what="tierlens==$TIERLENS_VERSION"
else
  what="$GITHUB_ACTION_PATH"
fi
"$environment/bin/python" -m pip install --quiet --disable-pip-version-check "$what"
echo "$environment/bin" >>"$GITHUB_PATH"
