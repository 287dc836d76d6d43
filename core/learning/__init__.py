"""How it learns: texts and arrays in, arrays out; knows no app and no database."""
