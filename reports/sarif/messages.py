"""Message strings (SARIF 2.1.0, section 3.11)."""

from reports.strings import cut, visible

LIMIT = 4000


def message(text: str) -> dict[str, object]:
    """A plain message. ``[text](target)`` would be a link in it: a name of a template must not become one."""
    return {"text": cut(visible_paragraphs(text), LIMIT).replace("](", "] (") or "-"}


def visible_paragraphs(text: str) -> str:
    """The text with its line breaks, all else that does not print as its escape."""
    return "\n".join(visible(line.replace("\t", "    ")) for line in text.split("\n")).strip()
