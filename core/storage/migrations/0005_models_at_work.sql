-- Models at work: whole files predicted, chains of models, searches, suggestions, copies merged.

-- What is chosen once for the whole app, such as the workflow that reads every text.
CREATE TABLE choices (key TEXT PRIMARY KEY, value TEXT NOT NULL) WITHOUT ROWID; -- JSON

-- What a model suggested when it was last asked, of which texts a person was to read, and whether
-- a frozen text has only labels that nobody read.
CREATE TABLE suggestion_round (
    id INTEGER PRIMARY KEY CHECK (id = 1), -- the last one alone
    model TEXT NOT NULL,
    number INTEGER NOT NULL,
    created TEXT NOT NULL,
    concepts TEXT NOT NULL, -- JSON: their names, in the order of the model
    is_exclusive INTEGER NOT NULL,
    bounds TEXT NOT NULL -- JSON: what is accepted, and what is read
);
CREATE TABLE suggestions (
    input_id INTEGER NOT NULL,
    concept INTEGER NOT NULL, -- its place in the round
    probability REAL NOT NULL,
    PRIMARY KEY (input_id, concept)
) WITHOUT ROWID;
CREATE TABLE suggestion_reviews (input_id INTEGER PRIMARY KEY);
ALTER TABLE version_inputs ADD COLUMN is_unreviewed INTEGER NOT NULL DEFAULT 0;

-- Searches under a name: what is searched for, as JSON; a frozen one keeps what was found.
CREATE TABLE saved_searches (
    name TEXT PRIMARY KEY,
    search TEXT NOT NULL,
    created TEXT NOT NULL,
    is_frozen INTEGER NOT NULL DEFAULT 0,
    input_ids BLOB NOT NULL DEFAULT x'', -- int64, best first
    scores BLOB NOT NULL DEFAULT x'' -- float32
) WITHOUT ROWID;
-- What a model version said of texts, so that searching by it asks the model once.
CREATE TABLE said (
    version_id INTEGER NOT NULL REFERENCES model_versions (id) ON DELETE CASCADE,
    text_hash BLOB NOT NULL,
    probabilities BLOB NOT NULL, -- float16, in the order of the version's concepts
    PRIMARY KEY (version_id, text_hash)
) WITHOUT ROWID;
-- Texts sorted into topics; the next run keeps the numbers and names of this one.
CREATE TABLE topic_runs (
    id INTEGER PRIMARY KEY,
    created TEXT NOT NULL,
    embedder TEXT NOT NULL, -- its identity
    about TEXT NOT NULL, -- JSON: of which inputs, and how they were sorted
    topics TEXT NOT NULL, -- JSON: number, name, words, size, typical inputs
    centres BLOB NOT NULL, -- float16, a row for each topic
    input_ids BLOB NOT NULL, -- int64, ascending
    numbers BLOB NOT NULL -- int32, the topic of each input; 0 for none
);
-- The map of the texts: where each stands.
CREATE TABLE maps (
    id INTEGER PRIMARY KEY,
    created TEXT NOT NULL,
    embedder TEXT NOT NULL,
    about TEXT NOT NULL, -- JSON
    input_ids BLOB NOT NULL, -- int64, ascending
    points BLOB NOT NULL -- float32, x and y of each input
);

-- Files of predictions that were begun, so that they are offered again; what became of one, it says itself.
CREATE TABLE predicted_files (
    id INTEGER PRIMARY KEY,
    path TEXT NOT NULL UNIQUE,
    source TEXT NOT NULL, -- the file, folder or dataset
    text_column TEXT NOT NULL,
    model_version_id INTEGER NOT NULL REFERENCES model_versions (id) ON DELETE CASCADE,
    began TEXT NOT NULL
);

-- Chains of nodes that texts run through; each saved state is a version.
CREATE TABLE workflows (id INTEGER PRIMARY KEY, name TEXT NOT NULL UNIQUE, created TEXT NOT NULL);
CREATE TABLE workflow_versions (
    id INTEGER PRIMARY KEY,
    workflow_id INTEGER NOT NULL REFERENCES workflows (id) ON DELETE CASCADE,
    number INTEGER NOT NULL,
    created TEXT NOT NULL,
    nodes TEXT NOT NULL, -- JSON: id, kind, settings and inputs of each
    UNIQUE (workflow_id, number)
);

-- How the training of a model version went, and several trainings that were ranked together.
CREATE TABLE training_courses (
    model_version_id INTEGER PRIMARY KEY REFERENCES model_versions (id) ON DELETE CASCADE,
    measures TEXT NOT NULL, -- JSON: what was measured, after how many rounds, the value
    trials TEXT NOT NULL -- JSON: each candidate and its score
);
CREATE TABLE sweeps (
    id INTEGER PRIMARY KEY,
    created TEXT NOT NULL,
    failed TEXT NOT NULL -- JSON: the values of each run that failed, and why
);
CREATE TABLE sweep_runs (
    model_version_id INTEGER PRIMARY KEY REFERENCES model_versions (id) ON DELETE CASCADE,
    sweep_id INTEGER NOT NULL REFERENCES sweeps (id) ON DELETE CASCADE,
    tried TEXT NOT NULL -- JSON: the values that set it apart
);
CREATE INDEX sweep_runs_by_sweep ON sweep_runs (sweep_id);

-- Another person's copy of the app that was merged into this one, and the texts that both had
-- labelled otherwise, until somebody settles them.
CREATE TABLE merges (
    id INTEGER PRIMARY KEY,
    created TEXT NOT NULL,
    source TEXT NOT NULL, -- the name of the copy
    summary TEXT NOT NULL -- JSON: how much came, and how far both agree
);
CREATE TABLE merge_disagreements (
    merge_id INTEGER NOT NULL REFERENCES merges (id) ON DELETE CASCADE,
    input_id INTEGER NOT NULL,
    theirs TEXT NOT NULL, -- JSON: keys of the concepts that the other said
    is_settled INTEGER NOT NULL DEFAULT 0,
    PRIMARY KEY (merge_id, input_id)
) WITHOUT ROWID;
