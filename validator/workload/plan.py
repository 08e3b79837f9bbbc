"""What every way into a run makes: the stacks to review, each as a plan."""

from collections.abc import Mapping
from dataclasses import dataclass, field
from pathlib import Path
from types import MappingProxyType

from validator.discover import DiscoveredFile
from validator.discover.constructs import ConstructNames
from validator.load import Document
from validator.model import Diagnostic
from validator.settings import GivenParameters


@dataclass(frozen=True, slots=True)
class StackPlan:
    """One root stack to review: which template is deployed, and how.

    Every way in gives plans: paths and globs, ``--stack NAME=PATH``, a ``[workload]`` table, a cloud assembly, a
    packaged template, standard input. One template may have several plans (two stacks of it); each is judged.
    Nested stacks have no plan of their own: they are found in the template of the stack that nests them.
    Plans are data; making one reads nothing but what told that the template exists.
    """

    file: DiscoveredFile
    """The template: where it is read, and the path that people are shown."""
    name: str = ""
    """The stack's assigned name, the value of ``AWS::StackName``; empty when nobody gave one."""
    workload: str = ""
    """The workload it belongs to: plans that name the same one are always judged together. Empty for a template
    that is judged with those alone that it is linked with by exports, SSM parameters or nesting."""
    environment: str = ""
    """The environment that this plan is of; plans of two environments are never linked."""
    parameters: tuple[GivenParameters, ...] = ()
    """Layers of given values of this stack, weakest first: stronger than the settings', weaker than those of the
    command line."""
    region: str | None = None
    """The value of ``AWS::Region``; None leaves that to the samconfig and the settings."""
    account_id: str | None = None
    """The value of ``AWS::AccountId``; None leaves that to the settings."""
    samconfig_environment: str | None = None
    """The environment of the ``samconfig.toml`` beside the template; None takes the run's."""
    document: Document | None = None
    """The template where it is read already (standard input, a rewritten build output); else ``file`` is read."""
    root: Path | None = None
    """The folder that local files of the template may not leave; None takes the run's root."""
    shown: str = ""
    """How people are shown the stack, where neither its name nor its file tells it apart in the run."""
    named: bool = False
    """Whether somebody asked for this very stack (``--stack``, a table): it is judged also when another nests it."""
    construct: str = ""
    """The CDK construct path of the stack (``Shop/Api``)."""
    names: ConstructNames = field(default_factory=ConstructNames)
    """CDK construct paths of resources, where the template's metadata does not carry them, and who made them."""
    assets: Mapping[str, DiscoveredFile] = field(default_factory=lambda: MappingProxyType({}))
    """Local templates by the name that they are uploaded under: a ``TemplateURL`` that ends in it means them."""
    partition: str = ""
    """Stacks of different partitions are never linked: stages that deploy stacks of the same names."""
    remarks: tuple[Diagnostic, ...] = ()
    """What is to be said of how the stack was found (a build output that is judged as its source)."""

    @property
    def label(self) -> str:
        """How people are shown the stack: its name, else its template without the ending."""
        if self.shown or self.name:
            return self.shown or self.name
        shown = self.file.display_path
        head, dot, ending = shown.rpartition(".")
        return head if dot and head and "/" not in ending else shown
