"""Least privilege: who may do what, and whether that is more than needed."""
