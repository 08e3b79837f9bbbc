"""Step three: a document becomes plain CloudFormation; loops, includes and SAM are written out."""

from validator.expand.expansion import expand
from validator.expand.template import EventSource, Output, Template, TemplateResource

__all__ = ["EventSource", "Output", "Template", "TemplateResource", "expand"]
