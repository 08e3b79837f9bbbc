"""How large a source may be: a template is hostile input, and every bound is checked before it is paid for.

The deepest of 566 published templates has 16 levels, the largest 3,796 nodes; CloudFormation itself takes
1 MB from S3. libyaml's own composer ends the process at some 10,000 levels, so depth is counted on events.
"""

MAXIMUM_SOURCE_BYTES = 5_000_000
"""Bytes of one file."""
MAXIMUM_DEPTH = 200
"""Levels of the document tree, aliases and short forms written out."""
MAXIMUM_NODES = 400_000
"""Nodes of the document tree, every alias counted with all that it brings."""
