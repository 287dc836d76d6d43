-- Models at work: whole files predicted, chains of models, searches, suggestions, copies merged.

-- What is chosen once for the whole app, such as the workflow that reads every text.
CREATE TABLE choices (key TEXT PRIMARY KEY, value TEXT NOT NULL) WITHOUT ROWID; -- JSON
