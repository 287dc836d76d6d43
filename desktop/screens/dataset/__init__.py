"""Step 2, the texts: the list of them, adding from files or by hand, and what came in."""
