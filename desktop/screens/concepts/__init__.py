"""Concepts: what a text can be about, and whether there are enough texts of each."""
