CREATE TABLE about (key TEXT PRIMARY KEY, value TEXT NOT NULL) WITHOUT ROWID;

-- A text is kept once, whoever uses it: inputs, frozen versions and embeddings point here.
CREATE TABLE texts (id INTEGER PRIMARY KEY, hash BLOB NOT NULL UNIQUE, text TEXT NOT NULL);

-- An import commits batch by batch; one without an end is taken back when the app is opened.
CREATE TABLE imports (
    id INTEGER PRIMARY KEY,
    source TEXT NOT NULL,
    started TEXT NOT NULL,
    ended TEXT,
    n_added INTEGER NOT NULL DEFAULT 0
);
CREATE TABLE import_problems (
    import_id INTEGER NOT NULL REFERENCES imports (id) ON DELETE CASCADE,
    number INTEGER NOT NULL,
    reason TEXT NOT NULL,
    row TEXT NOT NULL
);
CREATE INDEX import_problems_import_id ON import_problems (import_id);

CREATE TABLE concepts (
    id INTEGER PRIMARY KEY,
    name TEXT NOT NULL UNIQUE,
    definition TEXT NOT NULL DEFAULT '',
    colour INTEGER NOT NULL,
    import_id INTEGER -- the import that made it
);

CREATE TABLE inputs (
    id INTEGER PRIMARY KEY AUTOINCREMENT, -- never used again: frozen versions know inputs by it
    text_id INTEGER NOT NULL REFERENCES texts (id),
    external_id TEXT,
    source TEXT NOT NULL,
    split TEXT NOT NULL DEFAULT '',
    metadata TEXT NOT NULL DEFAULT '{}',
    n_concepts INTEGER NOT NULL DEFAULT 0, -- positive annotations; kept here so that filters need no join
    added TEXT NOT NULL,
    import_id INTEGER -- the import that brought it
);
CREATE UNIQUE INDEX inputs_external_id ON inputs (external_id) WHERE external_id IS NOT NULL;
CREATE INDEX inputs_unlabelled ON inputs (id) WHERE n_concepts = 0;
CREATE INDEX inputs_text_id ON inputs (text_id);

CREATE TABLE annotations (
    concept_id INTEGER NOT NULL REFERENCES concepts (id) ON DELETE CASCADE,
    input_id INTEGER NOT NULL REFERENCES inputs (id) ON DELETE CASCADE,
    is_positive INTEGER NOT NULL,
    PRIMARY KEY (concept_id, input_id)
) WITHOUT ROWID;
CREATE INDEX annotations_input_id ON annotations (input_id);

CREATE TABLE datasets (
    id INTEGER PRIMARY KEY,
    name TEXT NOT NULL UNIQUE,
    import_id INTEGER -- the import that made it
);
CREATE TABLE dataset_inputs (
    dataset_id INTEGER NOT NULL REFERENCES datasets (id) ON DELETE CASCADE,
    input_id INTEGER NOT NULL REFERENCES inputs (id) ON DELETE CASCADE,
    PRIMARY KEY (dataset_id, input_id)
) WITHOUT ROWID;
CREATE INDEX dataset_inputs_input_id ON dataset_inputs (input_id);

-- A version outlives the inputs and concepts it froze, hence no references to them.
CREATE TABLE dataset_versions (
    id INTEGER PRIMARY KEY,
    dataset_id INTEGER NOT NULL REFERENCES datasets (id),
    number INTEGER NOT NULL,
    created TEXT NOT NULL,
    description TEXT NOT NULL DEFAULT '',
    n_inputs INTEGER NOT NULL,
    n_labelled INTEGER NOT NULL,
    n_concepts INTEGER NOT NULL,
    UNIQUE (dataset_id, number)
);
CREATE TABLE version_inputs (
    version_id INTEGER NOT NULL REFERENCES dataset_versions (id) ON DELETE CASCADE,
    input_id INTEGER NOT NULL,
    text_id INTEGER NOT NULL REFERENCES texts (id),
    split TEXT NOT NULL,
    PRIMARY KEY (version_id, input_id)
) WITHOUT ROWID;
CREATE INDEX version_inputs_text_id ON version_inputs (text_id);
CREATE TABLE version_concepts (
    version_id INTEGER NOT NULL REFERENCES dataset_versions (id) ON DELETE CASCADE,
    concept_id INTEGER NOT NULL,
    name TEXT NOT NULL,
    PRIMARY KEY (version_id, concept_id)
) WITHOUT ROWID;
CREATE TABLE version_annotations (
    version_id INTEGER NOT NULL REFERENCES dataset_versions (id) ON DELETE CASCADE,
    input_id INTEGER NOT NULL,
    concept_id INTEGER NOT NULL,
    is_positive INTEGER NOT NULL,
    PRIMARY KEY (version_id, input_id, concept_id)
) WITHOUT ROWID;

CREATE TABLE models (id INTEGER PRIMARY KEY, name TEXT NOT NULL UNIQUE, type TEXT NOT NULL);
CREATE TABLE model_versions (
    id INTEGER PRIMARY KEY,
    model_id INTEGER NOT NULL REFERENCES models (id) ON DELETE CASCADE,
    number INTEGER NOT NULL,
    created TEXT NOT NULL,
    dataset_version_id INTEGER NOT NULL REFERENCES dataset_versions (id),
    settings TEXT NOT NULL,
    concepts TEXT NOT NULL,
    summary TEXT NOT NULL,
    folder TEXT NOT NULL,
    log TEXT NOT NULL,
    UNIQUE (model_id, number)
);
CREATE TABLE evaluations (
    id INTEGER PRIMARY KEY,
    model_version_id INTEGER NOT NULL REFERENCES model_versions (id) ON DELETE CASCADE,
    dataset_version_id INTEGER NOT NULL REFERENCES dataset_versions (id),
    method TEXT NOT NULL,
    n_folds INTEGER NOT NULL,
    created TEXT NOT NULL,
    report TEXT NOT NULL
);

CREATE TABLE jobs (
    id INTEGER PRIMARY KEY,
    kind TEXT NOT NULL,
    title TEXT NOT NULL,
    status TEXT NOT NULL,
    code INTEGER NOT NULL DEFAULT 0,
    message TEXT NOT NULL DEFAULT '',
    started TEXT NOT NULL,
    ended TEXT,
    log TEXT NOT NULL DEFAULT ''
);

CREATE TABLE embedders (id INTEGER PRIMARY KEY, identity TEXT NOT NULL UNIQUE);
CREATE TABLE embeddings (
    embedder_id INTEGER NOT NULL REFERENCES embedders (id),
    text_hash BLOB NOT NULL,
    vector BLOB NOT NULL, -- float16, unit length
    UNIQUE (embedder_id, text_hash)
);
