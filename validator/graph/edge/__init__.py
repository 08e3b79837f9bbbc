"""The edge: web ACLs, distributions, and what they stand in front of."""
