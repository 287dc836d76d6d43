"""Labelling: one text at a time, with the keyboard alone."""
