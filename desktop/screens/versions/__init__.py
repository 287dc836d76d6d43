"""Versions: datasets, what their frozen versions hold, and what changed between two."""
