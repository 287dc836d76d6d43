"""Settings: how the next model is trained, and what will happen then."""
