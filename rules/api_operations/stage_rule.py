"""Base of the rules that judge callable stages, and how their fixes are written."""

from abc import abstractmethod
from collections.abc import Iterator

from validator.graph import Architecture, Resource
from validator.graph.apis import http
from validator.graph.apis.outside_template import may_be_added
from validator.graph.apis.stage_settings import StageSettings, stages_made_by
from validator.model import Missing
from validator.rulekit import Judgement, Rule


class StageRule(Rule):
    """Judges each stage of REST, HTTP and WebSocket APIs under its own target."""

    def judge(self, subject: Resource, graph: Architecture) -> Iterator[Judgement]:
        """The verdicts on the stages that the resource makes."""
        for stage in stages_made_by(graph, subject):
            yield from self.judge_stage(stage, graph)

    @abstractmethod
    def judge_stage(self, stage: StageSettings, graph: Architecture) -> Iterator[Judgement]:
        """The verdicts on one stage."""

    def lacks(self, stage: StageSettings, message: str, what: str, fix: str) -> Judgement:
        """A failure for something that is not written; unknown where a macro may add it."""
        subject = stage.resource
        added = may_be_added(stage.holder, what)
        step = subject.states(f"has no {what} on {stage.label}")
        if added is not None:
            return self.undecided(stage, added)
        return self.fails(subject, message, evidence=(step,), fix=fix, target=stage.label)

    def undecided(self, stage: StageSettings, missing: Missing) -> Judgement:
        """Something that the template does not decide of the stage."""
        message = f"{stage.resource.name} {stage.label} is not decided: {missing.what}"
        return self.unknown(stage.resource, message, missing=(missing,), target=stage.label)


def fix_of(stage: StageSettings, plain: str, sam: str | None = None) -> str:
    """Where to set what: the properties in the dialect that the stage is written in.

    ``plain`` and ``sam`` are property snippets (``TracingEnabled: true``); SAM spells most of them the same.
    """
    snippet = plain if sam is None else sam
    kind = stage.resource.origin.resource_type
    name = snippet.partition(":")[0]
    if stage.of_implicit_api:
        where = "HttpApi" if not stage.is_rest else "Api"
        return f"set {name} for the implicit API in Globals (Globals: {{{where}: {{{snippet}}}}})"
    if kind.startswith("AWS::Serverless::"):
        return f"set {name} on {stage.resource.name} ({snippet})"
    name = plain.partition(":")[0]
    if stage.prefix == ("StageDescription",):
        return f"set StageDescription.{name} on {stage.resource.name} (StageDescription: {{{plain}}})"
    if stage.resource.type == http.API:
        return f"set Stage.{name} in an ApiGatewayManagedOverrides of {stage.resource.name} (Stage: {{{plain}}})"
    return f"set {name} on {stage.resource.name} ({plain})"


def fix_of_setting(stage: StageSettings, setting: str) -> str:
    """Where to write a setting for all methods or routes: into what is set already, else as a block of its own."""
    snippet = all_methods(setting) if stage.is_rest else f"DefaultRouteSettings: {{{setting}}}"
    if not stage.sets_all:
        return fix_of(stage, snippet)
    name = setting.partition(":")[0]
    where = "the entry of MethodSettings for /* and *" if stage.is_rest else "DefaultRouteSettings"
    whose = "in Globals, for the implicit API" if stage.of_implicit_api else f"on {stage.resource.name}"
    return f"set {name} in {where} {whose} ({setting})"


def all_methods(setting: str) -> str:
    """The method settings of a REST stage that hold for every method."""
    return f'MethodSettings: [{{ResourcePath: "/*", HttpMethod: "*", {setting}}}]'
