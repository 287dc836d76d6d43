"""The parts that two screens or more are made of."""
