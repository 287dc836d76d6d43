"""Predict files: a model's answer for every text of a file."""
