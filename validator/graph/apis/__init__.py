"""APIs: operations, what they demand, what answers them, and the ways in."""
