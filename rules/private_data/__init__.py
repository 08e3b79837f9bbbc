"""DATA*: data stores stand in private subnets."""
