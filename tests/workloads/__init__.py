"""Whole workloads of several templates."""
