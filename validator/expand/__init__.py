"""Documents to plain CloudFormation resources with their origin: language extensions, SAM, includes."""
