"""Paths to template files, recognised by their content."""

from validator.discover.discovery import DiscoveredFile, Discovery, discover, display_path
from validator.discover.named import templates_among
from validator.discover.walk import Skipped

__all__ = ["DiscoveredFile", "Discovery", "Skipped", "discover", "display_path", "templates_among"]
