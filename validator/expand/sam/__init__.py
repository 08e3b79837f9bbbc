"""The ``AWS::Serverless-2016-10-31`` transform, carried out by aws-sam-translator."""

from validator.expand.sam.expansion import SamExpansion, expand_sam

__all__ = ["SamExpansion", "expand_sam"]
