"""Evaluate: the scores of a model, and how they were found."""
