"""How an app is kept: all SQL of the program is here."""
