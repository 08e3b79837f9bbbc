"""A rule's page in Markdown: what ``tierlens explain`` prints and ``docs/rules`` holds."""

from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from validator.model import RuleText
    from validator.rulekit import Example, Rule

_REFERENCES = "## References"


def rule_page(rule: "Rule") -> str:
    """The page: title, facts, why, the explanation from the class, the examples, the references at the end."""
    meta = rule.meta
    facts = [f"`{meta.category.value}`", f"severity {meta.severity.value}", f"since {meta.since}"]
    if meta.lens:
        facts.append("lens " + ", ".join(meta.lens))
    explanation, _, read_on = rule.explanation().partition(_REFERENCES)
    parts = [f"# {meta.id}: {meta.title}", " · ".join(facts), meta.why, explanation.strip()]
    parts += (part for example in rule.examples for part in _example(example))
    references = [read_on.strip(), "\n".join(f"- <{reference}>" for reference in meta.references)]
    if any(references):
        parts += (_REFERENCES, *filter(None, references))
    return "\n\n".join(parts) + "\n"


def engine_rule_page(rule: "RuleText") -> str:
    """The page of another engine's rule, from what is known of it without the engine."""
    facts = [f"`{rule.category.value}`", f"severity {rule.severity.value}", f"a rule of {rule.source}"]
    parts = [f"# {rule.id}: {rule.title}", " · ".join(facts), rule.explanation.strip()]
    if rule.references:
        parts += (_REFERENCES, "\n".join(f"- <{reference}>" for reference in rule.references))
    return "\n\n".join(parts) + "\n"


def _example(example: "Example") -> tuple[str, str]:
    return f"## Example: {example.name} ({example.verdict.value})", f"```yaml\n{example.template.strip()}\n```"
