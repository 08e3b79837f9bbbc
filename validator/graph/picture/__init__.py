"""The architecture as data to draw: what stands where, who calls whom, what guards it."""

from validator.graph.picture.drawing import picture_of

__all__ = ["picture_of"]
