"""Chains of nodes that texts run through: plain values, checked before anything runs."""
