#!/usr/bin/env bash
# Hands the SARIF file to code scanning, as "Upload an analysis as SARIF data" of GitHub's REST API describes.
set -euo pipefail

body="$RUNNER_TEMP/tierlens-upload.json"
checkout="file://$(cd "${INPUT_WORKING_DIRECTORY:-.}" && git rev-parse --show-toplevel)"
{
  printf '{"commit_sha": "%s", "ref": "%s", "checkout_uri": "%s", "tool_name": "tierlens", "sarif": "' \
    "$HEAD_SHA" "$HEAD_REF" "$checkout"
  gzip -c "$SARIF_FILE" | base64 | tr -d '\n'
  printf '"}'
} >"$body"
gh api --method POST "repos/$GITHUB_REPOSITORY/code-scanning/sarifs" --input "$body"
