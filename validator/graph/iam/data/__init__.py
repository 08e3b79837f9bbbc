"""Curated tables; each file names its sources."""
