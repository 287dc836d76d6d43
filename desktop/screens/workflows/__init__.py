"""Workflows: built as a picture, tried, run, and one of them chosen to read what comes in."""
