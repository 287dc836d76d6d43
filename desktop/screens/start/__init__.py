"""Where the program begins: recent apps, a new one, one from a folder, a sample."""
