"""The data check: what is wrong with the texts and labels, and putting it right."""
