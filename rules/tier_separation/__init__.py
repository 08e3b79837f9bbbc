"""Tier separation: whether only the front door and the logic tier lead to the data."""
