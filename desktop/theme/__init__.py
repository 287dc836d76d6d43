"""How the program looks: tokens by role, turned into Qt's palette, style sheet and icons."""
