#!/usr/bin/env bash
# Runs the gate. Inputs come through the environment only: text of a pull request never becomes part of a script.
set -euo pipefail

cd "${INPUT_WORKING_DIRECTORY:-.}"
reports=$(mktemp -d "$RUNNER_TEMP/tierlens-reports.XXXXXX")
arguments=()

add_lines() { # add_lines OPTION TEXT: each line that is not empty as an argument, after OPTION if there is one
  local line
  while IFS= read -r line || [ -n "$line" ]; do
    line="${line%$'\r'}"
    [ -n "$line" ] || continue
    [ -z "$1" ] || arguments+=("$1")
    arguments+=("$line")
  done <<<"$2"
}

[ -z "${INPUT_CONFIG:-}" ] || arguments+=(--config "$INPUT_CONFIG")
[ -z "${INPUT_FAIL_ON:-}" ] || arguments+=(--fail-on "$INPUT_FAIL_ON")
[ -z "${INPUT_BASELINE:-}" ] || arguments+=(--baseline "$INPUT_BASELINE")
add_lines --parameters "${INPUT_PARAMETERS:-}"
options=("${arguments[@]}")
[ -z "${INPUT_DIFF_BASE:-}" ] || arguments+=(--diff-base "$INPUT_DIFF_BASE")
add_lines "" "${INPUT_ARGS:-}"
arguments+=(--)
add_lines "" "${INPUT_PATHS:-.}"

status=0
tierlens check --format github -o "$reports/tierlens.sarif" -o "$reports/tierlens.json" -o "$reports/tierlens.md" \
  "${arguments[@]}" || status=$?

echo "exit-code=$status" >>"$GITHUB_OUTPUT"
[ ! -f "$reports/tierlens.sarif" ] || echo "sarif-file=$reports/tierlens.sarif" >>"$GITHUB_OUTPUT"
if [ -f "$reports/tierlens.json" ]; then
  python3 - "$reports/tierlens.json" <<'PYTHON' >>"$GITHUB_OUTPUT"
import json, sys
findings = json.load(open(sys.argv[1], encoding="utf-8"))["findings"]
counted = [finding for finding in findings if finding.get("change") in (None, "new")]
for name, verdict in (("findings", "fail"), ("unknowns", "unknown")):
    print(f"{name}={sum(finding['status'] == verdict for finding in counted)}")
PYTHON
fi
if [ -n "${INPUT_DIFF_BASE:-}" ]; then
  # The comment speaks of the architecture too.
  base=$(git merge-base --end-of-options "$INPUT_DIFF_BASE" HEAD || true)
  [ -z "$base" ] || tierlens diff -o "$reports/difference.md" -q "${options[@]}" -- "$base" . >/dev/null || true
  [ ! -s "$reports/difference.md" ] || mv "$reports/difference.md" "$reports/tierlens.md"
fi
if [ -f "$reports/tierlens.md" ]; then
  cat "$reports/tierlens.md" >>"$GITHUB_STEP_SUMMARY"
  echo "comment-file=$reports/tierlens.md" >>"$GITHUB_OUTPUT"
fi
