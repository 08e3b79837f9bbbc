"""Version 1 of the JSON report.

These classes are the public contract: a field is never renamed or removed within a version. They are apart
from the internal model so that the model can change. The docstrings are the schema's descriptions.
"""

import json
from datetime import date
from pathlib import Path
from typing import Annotated, Literal

from pydantic import BaseModel, BeforeValidator, ConfigDict, Field

from reports.strings import well_formed
from validator.model import Category, Change, DiagnosticLevel, EngineStatus, Severity, SuppressionKind, Verdict

SCHEMA_VERSION: Literal[1] = 1
SCHEMA_FILE = Path(__file__).with_name("v1.json")


def without_lone_surrogates(value: object) -> object:
    """Text with each lone surrogate replaced by U+FFFD: no strict JSON parser accepts it otherwise."""
    if isinstance(value, str):
        return well_formed(value)
    return value


Text = Annotated[str, BeforeValidator(without_lone_surrogates)]
Count = Annotated[int, Field(ge=0)]
Place = Annotated[int, Field(ge=1)]


class _Public(BaseModel):
    model_config = ConfigDict(extra="forbid", frozen=True, populate_by_name=True)


class Tool(_Public):
    """The program that made the report."""

    name: Literal["tierlens"]
    version: Text


class Location(_Public):
    """A stretch of a file that a person wrote; lines and columns count from 1, the end is exclusive."""

    path: Text = Field(description="Relative to the project root where the file lies below it.")
    line: Place
    column: Place
    end_line: Place
    end_column: Place


class Template(_Public):
    """One template of the run."""

    path: Text
    dialect: Text = Field(description="sam, cloudformation, or empty when the file could not be read.")
    resources: Count
    readable: bool


class Evidence(_Public):
    """One step of the path that proves a verdict."""

    resource: Text = Field(description="Logical ID, or what is no resource: the Internet.")
    relation: Text = Field(description="What the step states, as a phrase after the resource.")
    location: Location | None


class Missing(_Public):
    """What an unknown verdict lacks, and how a person settles it."""

    what: Text
    how: Text
    key: Text = Field(description="Name of the input; unknowns with one key are settled together.")


class Suppression(_Public):
    """A person's decision to accept a failure."""

    reason: Text
    until: date | None = Field(description="The last day on which it holds; null: no end.")
    location: Location | None
    kind: SuppressionKind = Field(description="Where it is written: in the template, the baseline, an engine's form.")
    owner: Text = Field(description="Who decided; may be empty.")
    since: date | None = Field(description="The day on which it was decided; null: not written.")


class AlsoReported(_Public):
    """The same property of the same resource, as another engine reported it."""

    source: Text
    rule: Text
    message: Text
    location: Location | None


class Refutation(_Public):
    """Why the graph disproves what an engine reported."""

    statement: Text
    proof: list[Evidence]


class Finding(_Public):
    """One verdict of one rule on one subject."""

    rule: Text
    category: Category
    status: Verdict
    severity: Severity
    resource: Text = Field(description="Logical ID in the file that the person wrote.")
    resource_type: Text
    target: Text = Field(description="The part of the resource that is judged (GET /tickets), or empty.")
    message: Text
    why: Text
    fix: Text
    lens: list[Text] = Field(description="Questions of the Well-Architected Serverless Lens.")
    practices: list[Text] = Field(description="Best practices of the lens: SEC1.a1.")
    location: Location
    evidence: list[Evidence]
    scenario: dict[Text, bool] = Field(
        description="Conditions under which the verdict holds; empty: under all of them."
    )
    at_defaults: bool = Field(description="Whether the given and default parameters lead to the scenario.")
    missing: list[Missing] = Field(description="What an unknown verdict lacks; empty for other verdicts.")
    suppression: Suppression | None
    refutation: Refutation | None = Field(description="The proof of a finding that is refuted; else null.")
    source: Text = Field(description="The engine that judged: tierlens, cfn-lint, checkov.")
    also: list[AlsoReported] = Field(description="What other engines said of the same; triage made them one.")
    template: Text = Field(description="The template whose resource is judged, as its path is shown.")
    stack: Text = Field(description="Stack names from the root stack down (Shop/Network), or empty.")
    environments: list[Text] = Field(description="Where it holds; empty when the run has no environments.")
    construct_path: Text = Field(
        validation_alias="construct",
        serialization_alias="construct",
        description="The CDK construct path of the resource, or empty.",
    )
    change: Change | None = Field(description="What the change did to it; null when nothing is compared.")
    newer_than_pin: Text = Field(
        description="The release that brought the rule, if newer than rules-version: it does not gate; else empty."
    )
    fingerprint: str = Field(
        pattern="^[0-9a-f]{32}$", description="Identity over time: stays the same when lines move."
    )


class Diagnostic(_Public):
    """A remark on an input or on the run; one of level error means that something was not checked."""

    level: DiagnosticLevel
    code: Text
    message: Text
    hint: Text = Field(description="What to do about it; may be empty.")
    location: Location | None


class Counts(_Public):
    """Findings by status."""

    passed: Count = Field(validation_alias="pass", serialization_alias="pass")
    failed: Count = Field(validation_alias="fail", serialization_alias="fail")
    unknown: Count
    suppressed: Count
    refuted: Count


class Changes(_Public):
    """Failures by what the change did to them."""

    new: Count
    fixed: Count
    unchanged: Count


class Engine(_Public):
    """One engine's part of the run."""

    name: Text
    version: Text
    status: EngineStatus
    note: Text = Field(description="What did not run and why; empty when all did.")


class Stack(_Public):
    """One stack of a workload: an instance of a template."""

    path: Text
    template: Text
    workload: Text
    environment: Text
    construct_path: Text = Field(validation_alias="construct", serialization_alias="construct")


class Assumption(_Public):
    """One assumption of the configuration that settled something."""

    subject: Text
    meaning: Text
    reason: Text
    until: date | None
    location: Location | None


class Settling(_Public):
    """An input that would settle unknown verdicts."""

    what: Text
    how: Text
    key: Text
    unknowns: Count = Field(description="How many findings wait for it.")


class Summary(_Public):
    """The report in numbers."""

    incomplete: bool = Field(description="Something that was asked for was not checked (exit status 2).")
    totals: Counts
    by_category: dict[Category, Counts]
    by_severity: dict[Severity, Counts]
    changes: Changes | None = Field(description="Null when the run is compared with nothing.")


class Report(_Public):
    """The object that ``tierlens check --format json`` prints."""

    schema_version: Literal[1]
    tool: Tool
    engines: list[Engine]
    environments: list[Text]
    templates: list[Template]
    stacks: list[Stack]
    findings: list[Finding]
    fixed: list[Finding] = Field(description="What the compared state had and this one has no more.")
    diagnostics: list[Diagnostic]
    assumptions: list[Assumption]
    settling: list[Settling] = Field(description="The inputs that settle the most unknowns, best first.")
    summary: Summary


def schema_text() -> str:
    """The JSON Schema (draft 2020-12) of the report, as it is committed in ``SCHEMA_FILE``."""
    schema = Report.model_json_schema(mode="serialization")
    dialect = {"$schema": "https://json-schema.org/draft/2020-12/schema"}
    return json.dumps(dialect | schema, indent=2, sort_keys=True) + "\n"
