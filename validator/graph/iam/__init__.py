"""Identities and policies: who is granted what, by which statement."""
