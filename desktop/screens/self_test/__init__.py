"""The self-test: the whole loop with the network taken away, for whoever has to know."""
