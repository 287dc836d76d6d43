"""Backups of the app, the way back to them, check and repair."""
