"""What a model suggests for all texts without a label, and what becomes of it."""
