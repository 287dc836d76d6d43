"""Try text: what a model says of a text while it is typed."""
