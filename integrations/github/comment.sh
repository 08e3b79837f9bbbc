#!/usr/bin/env bash
# Keeps one comment on the pull request: the first run writes it, later ones bring it up to date.
set -euo pipefail

marker="<!-- tierlens: one comment, brought up to date by each run -->"
body="$RUNNER_TEMP/tierlens-comment.md"
printf '%s\n\n' "$marker" >"$body"
cat "$COMMENT_FILE" >>"$body"
known=$(gh api --paginate "repos/$GITHUB_REPOSITORY/issues/$PULL_REQUEST/comments" \
  --jq ".[] | select(.body | startswith(\"$marker\")) | .id" | head -n 1)
if [ -n "$known" ]; then
  gh api --method PATCH "repos/$GITHUB_REPOSITORY/issues/comments/$known" --field "body=@$body" >/dev/null
else
  gh api --method POST "repos/$GITHUB_REPOSITORY/issues/$PULL_REQUEST/comments" --field "body=@$body" >/dev/null
fi
