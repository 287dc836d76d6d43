"""Predictions beside the rows of a file: how they are written, kept through a stop, and read."""
