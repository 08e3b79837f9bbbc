"""Pattern conformance: the components that the white paper names for the pattern a workload follows."""
