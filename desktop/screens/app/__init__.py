"""Step 1, the app itself: its name, where it is kept, what is in it."""
