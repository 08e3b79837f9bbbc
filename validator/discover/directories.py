"""Which directories hold no sources of one's own, and how they are told."""

import json
from pathlib import Path

_ALWAYS = {
    "node_modules": "installed packages",
    "bower_components": "installed packages",
    "site-packages": "installed packages",
    "__pycache__": "a build cache",
    ".aws-sam": "output of `sam build`: its source is checked instead",
}
_BUILD_OUTPUT = {
    "dist": ("package.json", "pyproject.toml", "setup.py"),
    "build": ("package.json", "pyproject.toml", "setup.py", "build.gradle", "build.gradle.kts"),
    "target": ("pom.xml", "Cargo.toml"),
}
SERVERLESS_FRAMEWORK = ".serverless"
SERVERLESS_FRAMEWORK_TEMPLATE = "cloudformation-template-update-stack.json"


def why_skipped(directory: Path) -> str:
    """Empty for a directory to look into, else why it is left out."""
    name = directory.name
    if name in _ALWAYS:
        return _ALWAYS[name]
    if name == SERVERLESS_FRAMEWORK:
        return ""
    if name.startswith("."):
        return "a hidden directory"
    if (directory / "pyvenv.cfg").is_file():
        return "a virtual environment"
    makers = _BUILD_OUTPUT.get(name, ())
    if any((directory.parent / maker).is_file() for maker in makers):
        return "build output"
    return ""


def is_cloud_assembly(directory: Path) -> bool:
    """Whether a directory is output of ``cdk synth``: its manifest names the templates in it."""
    manifest = directory / "manifest.json"
    try:
        if not manifest.is_file():
            return False
        content = json.loads(manifest.read_bytes())
    except (OSError, ValueError, RecursionError):
        return False
    return isinstance(content, dict) and "artifacts" in content and "version" in content
