"""Explore: search by meaning, topics, and a map of the texts."""
