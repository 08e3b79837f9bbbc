"""Buckets: what they are for and how they are opened."""
