"""Base models: what the models of this computer are made from."""
