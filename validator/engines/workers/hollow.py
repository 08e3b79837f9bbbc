"""Modules that an engine imports but does not need here: they get empty stand-ins.

checkov imports its platform's client, two cloud SDKs, graph and number libraries and its checks for Terraform
before it looks at a template. None of it takes part in judging CloudFormation; most of it is what could talk to
a network. A stand-in gives an inert class for every name that is taken from it.
"""

import sys
from collections.abc import Iterable, Sequence
from importlib.abc import Loader, MetaPathFinder
from importlib.machinery import ModuleSpec, PathFinder
from types import ModuleType


class _InertType(type):
    """Classes of which every attribute is inert as well, so that ``Client.get`` and ``Client | None`` work."""

    def __getattr__(cls, name: str) -> object:
        if name.startswith("__"):
            raise AttributeError(name)
        return Inert

    def __or__(cls, _other: object) -> "_InertType":
        return Inert

    def __ror__(cls, _other: object) -> "_InertType":
        return Inert

    def __getitem__(cls, _item: object) -> type:
        return Inert


class Inert(metaclass=_InertType):
    """Takes every call and gives nothing; false, empty and without effect."""

    def __init__(self, *_arguments: object, **_named: object) -> None: ...

    def __call__(self, *_arguments: object, **_named: object) -> "Inert":
        """Takes everything, gives itself."""
        return self

    def __getattr__(self, name: str) -> "Inert":
        if name.startswith("__"):
            raise AttributeError(name)
        return self

    def __bool__(self) -> bool:
        return False

    def __iter__(self) -> "object":
        return iter(())


class _HollowModule(ModuleType):
    def __getattr__(self, name: str) -> object:
        if name.startswith("__"):
            raise AttributeError(name)
        return Inert


class _HollowLoader(Loader):
    def create_module(self, spec: ModuleSpec) -> ModuleType:
        return _HollowModule(spec.name)

    def exec_module(self, module: ModuleType) -> None:
        module.__path__ = []


class _BareLoader(Loader):
    """A package whose modules can be imported one by one, without its own ``__init__``."""

    def __init__(self, places: Sequence[str]) -> None:
        self._places = list(places)

    def create_module(self, spec: ModuleSpec) -> None:
        return None

    def exec_module(self, module: ModuleType) -> None:
        module.__path__ = self._places


class HollowFinder(MetaPathFinder):
    """Finds stand-ins: ``hollow`` names whole modules with all below, ``bare`` packages without their content."""

    def __init__(self, hollow: Iterable[str], bare: Iterable[str]) -> None:
        self._hollow = tuple(hollow)
        self._bare = frozenset(bare)

    def find_spec(
        self, fullname: str, path: Sequence[str] | None, target: ModuleType | None = None
    ) -> ModuleSpec | None:
        """The stand-in's spec, None for a module that is imported as it is."""
        if any(fullname == name or fullname.startswith(f"{name}.") for name in self._hollow):
            return ModuleSpec(fullname, _HollowLoader(), is_package=True)
        if fullname in self._bare:
            found = PathFinder.find_spec(fullname, path, target)
            if found is not None and found.submodule_search_locations:
                return ModuleSpec(fullname, _BareLoader(found.submodule_search_locations), is_package=True)
        return None


def forget(*roots: str) -> None:
    """Drop the modules of these packages, so that they are imported anew."""
    for name in list(sys.modules):
        if name.partition(".")[0] in roots or isinstance(sys.modules[name], _HollowModule):
            del sys.modules[name]
