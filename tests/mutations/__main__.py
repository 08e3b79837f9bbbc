"""Writes ``docs/mutation-score.md``."""

from tests.mutations.score import PAGE, false_alarms, page, scores

if __name__ == "__main__":
    PAGE.write_text(page(scores(), false_alarms()), encoding="utf-8")
