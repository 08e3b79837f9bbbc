"""The network of an architecture: subnets and their routes, security groups, network ACLs, ways in and out."""
