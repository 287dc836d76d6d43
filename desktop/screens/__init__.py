"""One folder per screen; `screen.py` is its entry, and no screen knows another."""
