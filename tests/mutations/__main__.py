"""Writes ``docs/mutation-score.md``."""

from tests.mutations.score import PAGE, page

if __name__ == "__main__":
    PAGE.write_text(page(), encoding="utf-8")
