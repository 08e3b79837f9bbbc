"""From a root stack to the tree of the stacks it nests, to any depth, each instance with what it is passed."""

from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import Final

from validator.discover import DiscoveredFile
from validator.discover.discovery import display_path
from validator.expand import Template, expand
from validator.expand.template import TemplateResource
from validator.load import Document, load_file
from validator.load.nodes import MapNode
from validator.model import Diagnostic, DiagnosticLevel, ParameterDeclaration, Span, TierlensError
from validator.resolve import Environment, Evaluation, Scope
from validator.resolve.mentions import mentioned
from validator.resolve.parameters import declaration
from validator.settings import refusal
from validator.workload.links import StackLinks
from validator.workload.nested_templates import Elsewhere, asset_of, nests, template_of
from validator.workload.passing import PassedParameters, known_values, passed_nodes, with_defaults
from validator.workload.scopes import scope_of
from validator.workload.stack import Stack

DEPTH_BOUND: Final = 30
STACKS_BOUND: Final = 2000
"""Stacks of one tree: templates that nest the next one twice would make more than can be looked at."""

Assumed = Callable[[Mapping[str, ParameterDeclaration]], Mapping[str, str]]
"""The assumed contents of SSM parameters, of the declared parameters by name."""


@dataclass(frozen=True, slots=True)
class Tree:
    """A root stack, then what it nests, parents first; ``files`` are the templates of the nested stacks."""

    stacks: tuple[Stack, ...]
    diagnostics: tuple[Diagnostic, ...] = ()

    @property
    def files(self) -> tuple[Path, ...]:
        """The files of the nested stacks, links followed."""
        return tuple(stack.file.path.resolve() for stack in self.stacks[1:])


class Nesting:
    """Builds the trees of a run; files and expansions that several instances share are read once."""

    def __init__(self, shown_below: Path, assumed: Assumed = lambda _declared: {}) -> None:
        self.shown_below = shown_below
        """The folder against which paths are shown."""
        self._assumed = assumed
        self._documents: dict[Path, Document | TierlensError] = {}
        self._templates: dict[tuple[object, ...], Template] = {}

    def tree(self, root: Stack, folder: Path) -> Tree:
        """The tree of a root stack; files outside of ``folder`` are not read. Raises nothing: what cannot be
        read becomes a diagnostic, and what it would give is unknown."""
        return _Growth(self, root, folder).run()

    def document(self, file: DiscoveredFile) -> Document:
        """A file as it was read. Raises LoadError."""
        place = file.path.resolve()
        if place not in self._documents:
            try:
                self._documents[place] = load_file(file.path, file.display_path)
            except TierlensError as error:
                self._documents[place] = error
        found = self._documents[place]
        if isinstance(found, TierlensError):
            raise found
        return found

    def expanded(
        self,
        file: DiscoveredFile,
        folder: Path,
        given: Mapping[str, str],
        likely: Mapping[str, str | None],
        region: str | None,
    ) -> Template:
        """A nested stack's template for what it is passed. Raises LoadError or ExpandError."""
        key = (file.path, region, tuple(sorted(given.items())), tuple(sorted(likely.items(), key=repr)))
        if key not in self._templates:
            document = with_defaults(self.document(file), likely)
            self._templates[key] = expand(document, root=folder, file=file.path, parameters=given, region=region)
        return self._templates[key]

    def environment(self, parent: Environment, given: Mapping[str, str], template: Template) -> Environment:
        """What a nested stack is reviewed with: the parent's region and account, and nothing given from outside."""
        own = ("AWS::StackName", "AWS::StackId")
        pseudo = {name: value for name, value in (parent.pseudo or {}).items() if name not in own}
        declared = {name: declaration(name, node) for name, node in template.parameters.items()}
        return Environment(given, frozenset(), pseudo, self._assumed(declared))


class _Growth:
    """One tree as it grows."""

    def __init__(self, nesting: Nesting, root: Stack, folder: Path) -> None:
        self._nesting = nesting
        self._folder = folder
        self._stacks: list[Stack] = [root]
        self._diagnostics: list[Diagnostic] = []
        self._evaluation = Evaluation()
        self._links = StackLinks()

    def run(self) -> Tree:
        root = self._stacks[0]
        if any(nests(resource) for resource in root.template.resources.values()):
            self._grow(
                root, scope_of(root, None, self._evaluation, self._links, lambda _name: None), (root.file.path,)
            )
        return Tree(tuple(self._stacks), tuple(dict.fromkeys(self._diagnostics)))

    def _grow(self, parent: Stack, scope: Scope, line: tuple[Path, ...]) -> None:
        for resource in _in_order(parent.template):
            self._nest(parent, scope, resource, line)

    def _nest(self, parent: Stack, scope: Scope, resource: TemplateResource, line: tuple[Path, ...]) -> None:
        """Add the nested stack and all that it nests."""
        file = asset_of(resource, parent.plan.assets)
        if file is None:
            found = template_of(resource, parent.template, parent.file.path, self._folder)
            if isinstance(found, Elsewhere):
                self._elsewhere(resource, found)
                return
            file = DiscoveredFile(found, display_path(found, self._nesting.shown_below))
        if file.path.resolve() in {path.resolve() for path in line}:
            what = f"{resource.logical_id} nests {file.display_path}, which nests it again: the recursion has no end"
            self._remark(DiagnosticLevel.ERROR, "nested-recursion", what, resource.origin.span, "break the circle")
            return
        if len(line) >= DEPTH_BOUND or len(self._stacks) >= STACKS_BOUND:
            what = f"{resource.logical_id} is not checked: more than {STACKS_BOUND} stacks, or {DEPTH_BOUND} levels"
            self._remark(DiagnosticLevel.ERROR, "nested-bound", what, resource.origin.span, "check the parts apart")
            return
        passed = PassedParameters(scope, resource.body)
        try:
            child = self._made(parent, file, resource, passed)
        except TierlensError as error:
            what = f"{file.display_path}, which {resource.logical_id} nests, cannot be read: {error.message}"
            self._remark(DiagnosticLevel.ERROR, error.code or "not-checked", what, error.span, error.hint)
            return
        self._stacks.append(child)
        self._check(child, resource, passed)
        own = scope_of(child, scope, self._evaluation, self._links, lambda _name: None)
        if any(nests(inner) for inner in child.template.resources.values()):
            self._grow(child, own, (*line, file.path))

    def _made(
        self, parent: Stack, file: DiscoveredFile, resource: TemplateResource, passed: PassedParameters
    ) -> Stack:
        nesting, pseudo = self._nesting, parent.environment.pseudo or {}
        section = nesting.document(file).root
        parameters = section.get("Parameters") if isinstance(section, MapNode) else None
        nodes = parameters.items() if isinstance(parameters, MapNode) else ()
        declared = {name: declaration(name, node) for name, node in nodes if isinstance(node, MapNode)}
        known = known_values(passed, declared)
        template = nesting.expanded(file, self._folder, known.fixed, known.likely, pseudo.get("AWS::Region"))
        environment = nesting.environment(parent.environment, known.fixed, template)
        path = (*parent.path, resource.logical_id)
        return Stack(parent.plan, file, template, environment, path, parent)

    def _elsewhere(self, resource: TemplateResource, found: Elsewhere) -> None:
        what = f"nested stack {resource.logical_id} is not checked: {found.reason}"
        if found.broken:
            self._remark(DiagnosticLevel.ERROR, "nested-missing", what, found.span, "correct the path")
        else:
            hint = "what it gives is unknown; check its template as well, or name a local file while reviewing"
            self._remark(DiagnosticLevel.NOTICE, "nested-remote", what, found.span, hint)

    def _check(self, child: Stack, resource: TemplateResource, passed: PassedParameters) -> None:
        """Tell what CloudFormation would refuse: values that a declaration does not admit, missing and extra ones."""
        declared = {name: declaration(name, node) for name, node in child.template.parameters.items()}
        for name, node in passed.nodes.items():
            text = child.environment.given.get(name)
            if name not in declared:
                what = f"{resource.logical_id} passes {name}, which {child.template.path} does not declare"
                self._remark(DiagnosticLevel.WARNING, "nested-parameter-undeclared", what, node.span, "remove it")
            elif text is not None and (reason := refusal(declared[name], text)):
                what = f"{resource.logical_id} passes {name}, which {reason} (declared at {declared[name].span})"
                hint = "pass a value that the template admits"
                self._remark(DiagnosticLevel.ERROR, "nested-parameter-refused", what, node.span, hint)
        for name, parameter in declared.items():
            if name not in passed and parameter.default is None:
                what = f"{resource.logical_id} does not pass {name}, which {child.template.path} demands"
                hint = "pass it, or declare a default"
                self._remark(DiagnosticLevel.WARNING, "nested-parameter-missing", what, resource.origin.span, hint)

    def _remark(self, level: DiagnosticLevel, code: str, message: str, span: Span | None, hint: str) -> None:
        self._diagnostics.append(Diagnostic(level, code, message, span, hint))


def _in_order(template: Template) -> Sequence[TemplateResource]:
    """The nested stacks of a template, those first whose outputs others are passed."""
    waiting = {name: resource for name, resource in template.resources.items() if nests(resource)}
    needs = {
        name: {used for node in passed_nodes(resource.body).values() for used in mentioned(node)} & waiting.keys()
        for name, resource in waiting.items()
    }
    done: dict[str, TemplateResource] = {}
    while waiting:
        ready = [name for name in waiting if not (needs[name] - done.keys())]
        # A circle of outputs has no order; its links are refused where they are read.
        for name in ready or list(waiting):
            done[name] = waiting.pop(name)
    return list(done.values())
