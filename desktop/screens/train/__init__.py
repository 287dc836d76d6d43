"""Train: how the training goes, why it did not, and what came of it."""
