"""Runs in the emulator's environment: the emulator, and handlers for the resource types that it lacks."""
