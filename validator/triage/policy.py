"""The policy of a project: how bad a rule's failures are and where it is off, for the whole project and by path."""

import re
from collections.abc import Iterable, Mapping
from dataclasses import dataclass, replace
from functools import cache
from pathlib import Path

from validator.model import Category, Diagnostic, DiagnosticLevel, Finding, Severity, Verdict
from validator.settings import PathPolicy, Settings
from validator.triage.selection import OWN_RULES, names_rule


@dataclass(frozen=True, slots=True)
class Rating:
    """What the settings say of a rule; ``severity`` None: it is off."""

    severity: Severity | None


@dataclass(frozen=True, slots=True)
class Policy:
    """Severities and switches of one project."""

    severity: Mapping[str, Severity | None]
    paths: tuple[PathPolicy, ...] = ()
    folder: str = ""
    """The full path of the folder that the globs are relative to."""
    root: str = ""
    """The full path of the folder that the templates' paths are relative to."""

    def off_everywhere(self, rule_id: str, category: Category, source: str = OWN_RULES) -> bool:
        """Whether the rule need not run: it is off, and no path has it."""
        rating = rating_of(self.severity, rule_id, category, source)
        if rating is None or rating.severity is not None:
            return False
        there = (rating_of(policy.severity, rule_id, category, source) for policy in self.paths)
        return not any(other is not None and other.severity is not None for other in there)

    def rating(self, finding: Finding) -> tuple[Rating | None, PathPolicy | None]:
        """What is said of the finding's rule at its template, and the table of the path that says so."""
        template = finding.template or finding.span.path
        return self.rating_at(template, finding.rule, finding.category, finding.source)

    def rating_at(
        self, template: str, rule_id: str, category: Category, source: str = OWN_RULES
    ) -> tuple[Rating | None, PathPolicy | None]:
        """What is said of a rule at a template, and the table of the path that says so, if one does."""
        rule = (rule_id, category, source)
        path = self._below_folder(template)
        for policy in reversed(self.paths):
            if path is None or not path_matches(policy.pattern, path):
                continue
            if any(names_rule(name, *rule) for name in policy.ignore):
                return Rating(None), policy
            rating = rating_of(policy.severity, *rule)
            if rating is not None:
                return rating, policy
        return rating_of(self.severity, *rule), None

    def is_on(self, template: str, rule_id: str, categories: Mapping[str, Category], source: str = OWN_RULES) -> bool:
        """Whether a rule is on at a template; ``categories`` has those of the rules by id."""
        category = categories.get(rule_id)
        rating = None if category is None else self.rating_at(template, rule_id, category, source)[0]
        return rating is None or rating.severity is not None

    def rated(self, finding: Finding) -> Finding:
        """The finding with the severity that it has in this project; unchanged where its rule is off."""
        rating, _ = self.rating(finding)
        if rating is None or rating.severity is None:
            return finding
        return replace(finding, severity=rating.severity)

    def without_off(self, findings: Iterable[Finding]) -> tuple[tuple[Finding, ...], tuple[Diagnostic, ...]]:
        """The findings of rules that are on where they stand; a notice counts what each path leaves out."""
        kept: list[Finding] = []
        left_out: dict[str, list[Finding]] = {}
        for finding in findings:
            rating, policy = self.rating(finding)
            if rating is None or rating.severity is not None:
                kept.append(finding)
            elif policy is not None:
                left_out.setdefault(policy.pattern, []).append(finding)
        tables = {policy.pattern: policy for policy in self.paths}
        return tuple(kept), tuple(_notice(tables[pattern], found) for pattern, found in left_out.items())

    def _below_folder(self, path: str) -> str | None:
        """The path as the globs mean it; None for a template beside the folder of the settings."""
        full = path if path.startswith("/") else f"{self.root.rstrip('/')}/{path}"
        start = f"{self.folder.rstrip('/')}/"
        return full.removeprefix(start) if full.startswith(start) else None


def policy_of(settings: Settings, root: Path) -> Policy:
    """The policy that settings make; their globs are relative to the folder of their file."""
    base = root.resolve().as_posix()
    folder = base if settings.source is None else settings.source.parent.resolve().as_posix()
    return Policy(settings.severity, settings.paths, folder, base)


def rating_of(
    severity: Mapping[str, Severity | None], rule_id: str, category: Category, source: str
) -> Rating | None:
    """What the most exact name says of a rule: its id, the longest prefix, its category, its engine."""
    named = [name for name in severity if names_rule(name, rule_id, category, source)]
    if not named:
        return None

    def exactness(name: str) -> tuple[int, int]:
        # The name of an engine or a category may happen to be a prefix too: as a prefix it is more exact.
        if rule_id.startswith(name):
            return 2, len(name)
        return (1, 0) if name == category.value else (0, 0)

    return Rating(severity[max(named, key=exactness)])


def path_matches(pattern: str, path: str) -> bool:
    """Whether a glob matches a path or a folder that it lies in; both have forward slashes.

    ``*`` and ``?`` stay within a name, ``**`` takes any number of folders, also none.
    """
    return _expression(pattern).fullmatch(path) is not None


@cache
def _expression(pattern: str) -> re.Pattern[str]:
    pieces: list[str] = []
    # The folder is meant as it is written in shells: ./legacy and legacy/ are legacy.
    for part in (part for part in pattern.split("/") if part not in ("", ".")):
        if part == "**":
            if not pieces or pieces[-1] != _FOLDERS:
                pieces.append(_FOLDERS)
        else:
            pieces.append(_name_expression(part) + "/")
    text = "".join(pieces)
    # All that lies below is meant too; what ends in ** needs something below.
    return re.compile(text + ".+" if text.endswith(_FOLDERS) else text.removesuffix("/") + "(?:/.*)?", re.DOTALL)


_FOLDERS = "(?:[^/]+/)*"


def _name_expression(part: str) -> str:
    marks = {"*": "[^/]*", "?": "[^/]"}
    return "".join(marks.get(character) or re.escape(character) for character in re.sub(r"\*+", "*", part))


def _notice(policy: PathPolicy, findings: list[Finding]) -> Diagnostic:
    rules = sorted({finding.rule for finding in findings})
    failures = sum(finding.verdict is Verdict.FAIL for finding in findings)
    verdicts = f"{len(findings)} verdict{'' if len(findings) == 1 else 's'} ({failures} fail)"
    named = ", ".join(rules[:5]) + (f" and {len(rules) - 5} more" if len(rules) > 5 else "")
    message = f"paths.'{policy.pattern}' switches off {named} there: {verdicts}"
    return Diagnostic(DiagnosticLevel.NOTICE, "off-by-path", message, policy.span)
