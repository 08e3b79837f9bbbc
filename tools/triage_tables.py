"""Writes the tables of ``docs/triage.md`` from the data and the registry: ``python -m tools.triage_tables``."""

from pathlib import Path

from validator.engines.names import TIERLENS
from validator.triage.refutation import all_refuters
from validator.triage.topics import topics

PAGE = Path(__file__).resolve().parents[1] / "docs" / "triage.md"
TOPICS = ("<!-- topics: python -m tools.triage_tables -->", "<!-- end of topics -->")
REFUTERS = ("<!-- refuters: python -m tools.triage_tables -->", "<!-- end of refuters -->")


def topics_table() -> str:
    """One row for each property that several rules speak of."""
    lines = ["| property | our rules | other engines | our proof refutes |", "| --- | --- | --- | --- |"]
    for topic in topics():
        others = "; ".join(
            f"{engine} {', '.join(rules)}" for engine, rules in topic.rules.items() if engine != TIERLENS
        )
        own = ", ".join(topic.own) + (f" ({topic.target})" if topic.target else "")
        lines.append(f"| {topic.name} | {own or '–'} | {others or '–'} | {'yes' if topic.decides else 'no'} |")
    return "\n".join(lines)


def refuters_table() -> str:
    """One row for each refuter."""
    lines = ["| engine | rules | on | refuted when |", "| --- | --- | --- | --- |"]
    for refuter in all_refuters():
        types = ", ".join(f"`{name}`" for name in refuter.types)
        lines.append(f"| {refuter.engine} | {', '.join(refuter.rules)} | {types} | {refuter.proves} |")
    return "\n".join(lines)


def renewed(page: str) -> str:
    """The page with its tables written anew."""
    for (start, end), table in ((TOPICS, topics_table()), (REFUTERS, refuters_table())):
        before, _, rest = page.partition(start)
        _, _, after = rest.partition(end)
        page = f"{before}{start}\n{table}\n{end}{after}"
    return page


if __name__ == "__main__":
    PAGE.write_text(renewed(PAGE.read_text(encoding="utf-8")), encoding="utf-8")
