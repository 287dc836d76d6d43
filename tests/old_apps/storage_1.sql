BEGIN TRANSACTION;
CREATE TABLE about (key TEXT PRIMARY KEY, value TEXT NOT NULL) WITHOUT ROWID;
INSERT INTO "about" VALUES('created','2026-11-21T04:01:53+00:00');
INSERT INTO "about" VALUES('name','Letters');
CREATE TABLE annotations (
    concept_id INTEGER NOT NULL REFERENCES concepts (id) ON DELETE CASCADE,
    input_id INTEGER NOT NULL REFERENCES inputs (id) ON DELETE CASCADE,
    is_positive INTEGER NOT NULL,
    PRIMARY KEY (concept_id, input_id)
) WITHOUT ROWID;
INSERT INTO "annotations" VALUES(1,1,1);
INSERT INTO "annotations" VALUES(1,4,1);
INSERT INTO "annotations" VALUES(2,3,1);
INSERT INTO "annotations" VALUES(2,5,0);
INSERT INTO "annotations" VALUES(2,6,0);
INSERT INTO "annotations" VALUES(2,7,1);
INSERT INTO "annotations" VALUES(3,2,1);
INSERT INTO "annotations" VALUES(3,7,1);
CREATE TABLE concepts (
    id INTEGER PRIMARY KEY,
    name TEXT NOT NULL UNIQUE,
    definition TEXT NOT NULL DEFAULT '',
    colour INTEGER NOT NULL,
    import_id INTEGER -- the import that made it
);
INSERT INTO "concepts" VALUES(1,'complaint','',0,1);
INSERT INTO "concepts" VALUES(2,'praise','',1,1);
INSERT INTO "concepts" VALUES(3,'question','',2,1);
CREATE TABLE dataset_inputs (
    dataset_id INTEGER NOT NULL REFERENCES datasets (id) ON DELETE CASCADE,
    input_id INTEGER NOT NULL REFERENCES inputs (id) ON DELETE CASCADE,
    PRIMARY KEY (dataset_id, input_id)
) WITHOUT ROWID;
INSERT INTO "dataset_inputs" VALUES(1,1);
INSERT INTO "dataset_inputs" VALUES(1,2);
INSERT INTO "dataset_inputs" VALUES(1,3);
INSERT INTO "dataset_inputs" VALUES(1,4);
INSERT INTO "dataset_inputs" VALUES(1,5);
INSERT INTO "dataset_inputs" VALUES(1,6);
INSERT INTO "dataset_inputs" VALUES(1,7);
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
INSERT INTO "dataset_versions" VALUES(1,1,1,'2026-11-21T04:01:53+00:00','first',6,6,3);
CREATE TABLE datasets (
    id INTEGER PRIMARY KEY,
    name TEXT NOT NULL UNIQUE,
    import_id INTEGER -- the import that made it
);
INSERT INTO "datasets" VALUES(1,'texts',NULL);
CREATE TABLE embedders (id INTEGER PRIMARY KEY, identity TEXT NOT NULL UNIQUE);
CREATE TABLE embeddings (
    embedder_id INTEGER NOT NULL REFERENCES embedders (id),
    text_hash BLOB NOT NULL,
    vector BLOB NOT NULL, -- float16, unit length
    UNIQUE (embedder_id, text_hash)
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
CREATE TABLE import_problems (
    import_id INTEGER NOT NULL REFERENCES imports (id) ON DELETE CASCADE,
    number INTEGER NOT NULL,
    reason TEXT NOT NULL,
    row TEXT NOT NULL
);
INSERT INTO "import_problems" VALUES(1,6,'The id “4” is already in this app; give it another one.','4 | Twice the same id | complaint | ');
CREATE TABLE imports (
    id INTEGER PRIMARY KEY,
    source TEXT NOT NULL,
    started TEXT NOT NULL,
    ended TEXT,
    n_added INTEGER NOT NULL DEFAULT 0
);
INSERT INTO "imports" VALUES(1,'letters.csv','2026-11-21T04:01:53+00:00','2026-11-21T04:01:53+00:00',4);
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
INSERT INTO "inputs" VALUES(1,2,'1','letters.csv','train','{}',1,'2026-11-21T04:01:53+00:00',1);
INSERT INTO "inputs" VALUES(2,1,'2','letters.csv','train','{}',1,'2026-11-21T04:01:53+00:00',1);
INSERT INTO "inputs" VALUES(3,3,'3','letters.csv','test','{}',1,'2026-11-21T04:01:53+00:00',1);
INSERT INTO "inputs" VALUES(4,4,'4','letters.csv','validation','{}',1,'2026-11-21T04:01:53+00:00',1);
INSERT INTO "inputs" VALUES(5,2,NULL,'typed in','','{}',0,'2026-11-21T04:01:53+00:00',NULL);
INSERT INTO "inputs" VALUES(6,5,NULL,'typed in','','{}',0,'2026-11-21T04:01:53+00:00',NULL);
INSERT INTO "inputs" VALUES(7,6,NULL,'typed in','','{}',2,'2026-11-21T04:01:53+00:00',NULL);
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
CREATE TABLE models (id INTEGER PRIMARY KEY, name TEXT NOT NULL UNIQUE, type TEXT NOT NULL);
CREATE TABLE texts (id INTEGER PRIMARY KEY, hash BLOB NOT NULL UNIQUE, text TEXT NOT NULL);
INSERT INTO "texts" VALUES(1,X'08B053AFAB8BFF580BCF01400B508DA8','Where is my parcel?');
INSERT INTO "texts" VALUES(2,X'14FAE8085AC5660D488AD58CBDE7DE31','The parcel came late');
INSERT INTO "texts" VALUES(3,X'2D4EDACF00AA096A10648975888B8037','Thank you, all is well');
INSERT INTO "texts" VALUES(4,X'9C19E0F53941C4645B0F969ACC27EEB2','Broken on arrival');
INSERT INTO "texts" VALUES(5,X'F153535ED11D6D966F9C15708E369718','Neither nor');
INSERT INTO "texts" VALUES(6,X'CB1DF364C054940B90AEB018D656CE69','One more');
CREATE TABLE version_annotations (
    version_id INTEGER NOT NULL REFERENCES dataset_versions (id) ON DELETE CASCADE,
    input_id INTEGER NOT NULL,
    concept_id INTEGER NOT NULL,
    is_positive INTEGER NOT NULL,
    PRIMARY KEY (version_id, input_id, concept_id)
) WITHOUT ROWID;
INSERT INTO "version_annotations" VALUES(1,1,1,1);
INSERT INTO "version_annotations" VALUES(1,2,3,1);
INSERT INTO "version_annotations" VALUES(1,3,2,1);
INSERT INTO "version_annotations" VALUES(1,4,1,1);
INSERT INTO "version_annotations" VALUES(1,5,2,0);
INSERT INTO "version_annotations" VALUES(1,6,2,0);
CREATE TABLE version_concepts (
    version_id INTEGER NOT NULL REFERENCES dataset_versions (id) ON DELETE CASCADE,
    concept_id INTEGER NOT NULL,
    name TEXT NOT NULL,
    PRIMARY KEY (version_id, concept_id)
) WITHOUT ROWID;
INSERT INTO "version_concepts" VALUES(1,1,'complaint');
INSERT INTO "version_concepts" VALUES(1,2,'praise');
INSERT INTO "version_concepts" VALUES(1,3,'question');
CREATE TABLE version_inputs (
    version_id INTEGER NOT NULL REFERENCES dataset_versions (id) ON DELETE CASCADE,
    input_id INTEGER NOT NULL,
    text_id INTEGER NOT NULL REFERENCES texts (id),
    split TEXT NOT NULL,
    PRIMARY KEY (version_id, input_id)
) WITHOUT ROWID;
INSERT INTO "version_inputs" VALUES(1,1,2,'train');
INSERT INTO "version_inputs" VALUES(1,2,1,'train');
INSERT INTO "version_inputs" VALUES(1,3,3,'test');
INSERT INTO "version_inputs" VALUES(1,4,4,'validation');
INSERT INTO "version_inputs" VALUES(1,5,2,'');
INSERT INTO "version_inputs" VALUES(1,6,5,'');
CREATE INDEX import_problems_import_id ON import_problems (import_id);
CREATE UNIQUE INDEX inputs_external_id ON inputs (external_id) WHERE external_id IS NOT NULL;
CREATE INDEX inputs_unlabelled ON inputs (id) WHERE n_concepts = 0;
CREATE INDEX inputs_text_id ON inputs (text_id);
CREATE INDEX annotations_input_id ON annotations (input_id);
CREATE INDEX dataset_inputs_input_id ON dataset_inputs (input_id);
CREATE INDEX version_inputs_text_id ON version_inputs (text_id);
DELETE FROM "sqlite_sequence";
INSERT INTO "sqlite_sequence" VALUES('inputs',7);
COMMIT;
PRAGMA user_version = 1;
