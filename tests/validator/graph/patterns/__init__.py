"""Tests of the recognition of patterns."""
