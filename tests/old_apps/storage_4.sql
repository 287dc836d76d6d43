BEGIN TRANSACTION;
CREATE TABLE about (key TEXT PRIMARY KEY, value TEXT NOT NULL) WITHOUT ROWID;
INSERT INTO "about" VALUES('created','2026-11-21T04:01:53+00:00');
INSERT INTO "about" VALUES('name','Letters');
CREATE TABLE annotation_history (
    id INTEGER PRIMARY KEY,
    input_id INTEGER NOT NULL,
    concept_id INTEGER NOT NULL,
    was_positive INTEGER NOT NULL,
    was_step_id INTEGER NOT NULL, -- that had set it
    step_id INTEGER NOT NULL -- that changed it
);
CREATE TABLE annotations (
    concept_id INTEGER NOT NULL REFERENCES concepts (id) ON DELETE CASCADE,
    input_id INTEGER NOT NULL REFERENCES inputs (id) ON DELETE CASCADE,
    is_positive INTEGER NOT NULL, step_id INTEGER NOT NULL DEFAULT 0,
    PRIMARY KEY (concept_id, input_id)
) WITHOUT ROWID;
INSERT INTO "annotations" VALUES(1,1,1,0);
INSERT INTO "annotations" VALUES(1,4,1,0);
INSERT INTO "annotations" VALUES(2,3,1,0);
INSERT INTO "annotations" VALUES(2,5,0,0);
INSERT INTO "annotations" VALUES(2,6,0,0);
INSERT INTO "annotations" VALUES(2,7,1,0);
INSERT INTO "annotations" VALUES(3,2,1,0);
INSERT INTO "annotations" VALUES(3,7,1,0);
CREATE TABLE bin_annotations (
    input_id INTEGER NOT NULL REFERENCES bin_inputs (id) ON DELETE CASCADE,
    concept_id INTEGER NOT NULL,
    is_positive INTEGER NOT NULL,
    step_id INTEGER NOT NULL,
    PRIMARY KEY (input_id, concept_id)
) WITHOUT ROWID;
CREATE TABLE bin_dataset_inputs (
    input_id INTEGER NOT NULL REFERENCES bin_inputs (id) ON DELETE CASCADE,
    dataset_id INTEGER NOT NULL,
    PRIMARY KEY (input_id, dataset_id)
) WITHOUT ROWID;
CREATE TABLE bin_inputs (
    id INTEGER PRIMARY KEY,
    text_id INTEGER NOT NULL REFERENCES texts (id),
    external_id TEXT,
    source TEXT NOT NULL,
    split TEXT NOT NULL,
    metadata TEXT NOT NULL,
    added TEXT NOT NULL,
    import_id INTEGER,
    n_chars INTEGER NOT NULL,
    status TEXT NOT NULL,
    note TEXT NOT NULL,
    binned TEXT NOT NULL,
    is_undone INTEGER NOT NULL
);
CREATE TABLE concept_synonyms (
    concept_id INTEGER NOT NULL REFERENCES concepts (id) ON DELETE CASCADE,
    other_id INTEGER NOT NULL REFERENCES concepts (id) ON DELETE CASCADE, -- the larger id
    PRIMARY KEY (concept_id, other_id)
) WITHOUT ROWID;
CREATE TABLE concepts (
    id INTEGER PRIMARY KEY,
    name TEXT NOT NULL UNIQUE,
    definition TEXT NOT NULL DEFAULT '',
    colour INTEGER NOT NULL,
    shortcut TEXT NOT NULL DEFAULT '', examples TEXT NOT NULL DEFAULT '[]', broader_id INTEGER REFERENCES concepts (id), n_positive INTEGER NOT NULL DEFAULT 0, n_negative INTEGER NOT NULL DEFAULT 0);
INSERT INTO "concepts" VALUES(1,'complaint','',0,'','[]',NULL,2,0);
INSERT INTO "concepts" VALUES(2,'praise','',1,'','[]',NULL,2,2);
INSERT INTO "concepts" VALUES(3,'question','',2,'','[]',NULL,2,0);
CREATE TABLE data_checks (
    id INTEGER PRIMARY KEY,
    dataset_id INTEGER NOT NULL REFERENCES datasets (id) ON DELETE CASCADE,
    created TEXT NOT NULL,
    last_step_id INTEGER NOT NULL, -- what has changed since is not in it
    summary TEXT NOT NULL -- JSON; empty while its findings are still being written
);
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
    n_concepts INTEGER NOT NULL, last_step_id INTEGER NOT NULL DEFAULT 0,
    UNIQUE (dataset_id, number)
);
INSERT INTO "dataset_versions" VALUES(1,1,1,'2026-11-21T04:01:53+00:00','first',6,6,3,0);
CREATE TABLE datasets (
    id INTEGER PRIMARY KEY,
    name TEXT NOT NULL UNIQUE, description TEXT NOT NULL DEFAULT '', n_inputs INTEGER NOT NULL DEFAULT 0, n_labelled INTEGER NOT NULL DEFAULT 0);
INSERT INTO "datasets" VALUES(1,'texts','',7,7);
CREATE TABLE dismissed_findings (
    kind TEXT NOT NULL,
    digest BLOB NOT NULL,
    PRIMARY KEY (kind, digest)
) WITHOUT ROWID;
CREATE TABLE embedders (id INTEGER PRIMARY KEY, identity TEXT NOT NULL UNIQUE);
CREATE TABLE embeddings (
    embedder_id INTEGER NOT NULL REFERENCES embedders (id),
    text_hash BLOB NOT NULL,
    vector BLOB NOT NULL, -- float16, unit length
    UNIQUE (embedder_id, text_hash)
);
CREATE TABLE "evaluations" (
    id INTEGER PRIMARY KEY,
    model_version_id INTEGER NOT NULL REFERENCES model_versions (id) ON DELETE CASCADE,
    dataset_version_id INTEGER REFERENCES dataset_versions (id),
    other_app TEXT NOT NULL DEFAULT '', -- its folder
    other_dataset TEXT NOT NULL DEFAULT '',
    other_number INTEGER NOT NULL DEFAULT 0, -- of the dataset's version
    split TEXT NOT NULL DEFAULT '', -- "" for all texts
    method TEXT NOT NULL,
    n_folds INTEGER NOT NULL,
    created TEXT NOT NULL,
    report TEXT NOT NULL,
    folder TEXT NOT NULL DEFAULT '' -- below evaluations/: what was said of each text
);
INSERT INTO "evaluations" VALUES(1,1,1,'','',0,'','cross-validation',2,'2026-11-20T10:00:00+00:00','{"top1_accuracy": 0.75, "top1_accuracy_low": 0.5, "top1_accuracy_high": 1.0, "macro_avg_precision": 0.8333333333333334, "macro_avg_precision_low": 0.4444444444444444, "macro_avg_precision_high": 1.0, "macro_avg_recall": 0.8333333333333334, "macro_avg_recall_low": 0.6666666666666666, "macro_avg_recall_high": 1.0, "macro_avg_f1_score": 0.7777777777777777, "macro_avg_f1_score_low": 0.5, "macro_avg_f1_score_high": 1.0, "macro_avg_roc_auc": 1.0, "macro_avg_roc_auc_low": 0.5101091596030786, "macro_avg_roc_auc_high": 0.9999999999999999, "macro_avg_average_precision": 1.0, "macro_avg_average_precision_low": 0.5101091596030786, "macro_avg_average_precision_high": 0.9999999999999999, "accuracy_kind": "top1", "threshold": 0.5, "n_undefined": 0, "concepts": [{"name": "complaint", "n_positive": 2, "n_predicted": 1, "tp": 1, "fp": 0, "fn": 1, "precision": 1.0, "recall": 0.5, "f1": 0.6666666666666666, "roc_auc": 1.0, "average_precision": 1.0, "never_predicted": false}, {"name": "praise", "n_positive": 1, "n_predicted": 2, "tp": 1, "fp": 1, "fn": 0, "precision": 0.5, "recall": 1.0, "f1": 0.6666666666666666, "roc_auc": 1.0, "average_precision": 1.0, "never_predicted": false}, {"name": "question", "n_positive": 1, "n_predicted": 1, "tp": 1, "fp": 0, "fn": 0, "precision": 1.0, "recall": 1.0, "f1": 1.0, "roc_auc": 1.0, "average_precision": 1.0, "never_predicted": false}], "confusion": [[1, 1, 0], [0, 1, 0], [0, 0, 1]], "n_texts": 4, "n_seen": 0, "n_left_out": 0, "is_exclusive": true}','');
CREATE TABLE findings (
    id INTEGER PRIMARY KEY,
    check_id INTEGER NOT NULL REFERENCES data_checks (id) ON DELETE CASCADE,
    kind TEXT NOT NULL,
    number INTEGER NOT NULL, -- of the group of texts that belong together
    input_id INTEGER NOT NULL, -- the concept's where the kind is about concepts
    text_id INTEGER NOT NULL, -- what the input said then
    state TEXT NOT NULL, -- the labels or the split then, where the kind is about them
    score REAL NOT NULL,
    detail TEXT NOT NULL,
    is_dismissed INTEGER NOT NULL DEFAULT 0
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
, step_id INTEGER);
INSERT INTO "imports" VALUES(1,'letters.csv','2026-11-21T04:01:53+00:00','2026-11-21T04:01:53+00:00',4,NULL);
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
, n_labels INTEGER NOT NULL DEFAULT 0, n_chars INTEGER NOT NULL DEFAULT 0, status TEXT NOT NULL DEFAULT '', note TEXT NOT NULL DEFAULT '');
INSERT INTO "inputs" VALUES(1,2,'1','letters.csv','train','{}',1,'2026-11-21T04:01:53+00:00',1,1,20,'','');
INSERT INTO "inputs" VALUES(2,1,'2','letters.csv','train','{}',1,'2026-11-21T04:01:53+00:00',1,1,19,'','');
INSERT INTO "inputs" VALUES(3,3,'3','letters.csv','test','{}',1,'2026-11-21T04:01:53+00:00',1,1,22,'','');
INSERT INTO "inputs" VALUES(4,4,'4','letters.csv','validation','{}',1,'2026-11-21T04:01:53+00:00',1,1,17,'','');
INSERT INTO "inputs" VALUES(5,2,NULL,'typed in','','{}',0,'2026-11-21T04:01:53+00:00',NULL,1,20,'','');
INSERT INTO "inputs" VALUES(6,5,NULL,'typed in','','{}',0,'2026-11-21T04:01:53+00:00',NULL,1,11,'','');
INSERT INTO "inputs" VALUES(7,6,NULL,'typed in','','{}',2,'2026-11-21T04:01:53+00:00',NULL,2,8,'','');
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
CREATE TABLE learning_curves (
    model_version_id INTEGER PRIMARY KEY REFERENCES model_versions (id) ON DELETE CASCADE,
    created TEXT NOT NULL,
    curve TEXT NOT NULL -- JSON
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
    log TEXT NOT NULL, thresholds TEXT NOT NULL DEFAULT '{}',
    UNIQUE (model_id, number)
);
INSERT INTO "model_versions" VALUES(1,1,1,'2026-11-20T10:00:00+00:00',1,'{}','["complaint", "praise", "question"]','{"n_texts": 4, "seconds": 1.0, "is_exclusive": true}','gone','','{"concepts": {"complaint": 0.6, "praise": 0.6, "question": 0.6}, "tolerated_share": null, "evaluation_id": 0}');
CREATE TABLE models (id INTEGER PRIMARY KEY, name TEXT NOT NULL UNIQUE, type TEXT NOT NULL);
INSERT INTO "models" VALUES(1,'Letters 1','embedding-classifier');
CREATE TABLE saved_filters (name TEXT PRIMARY KEY, filter TEXT NOT NULL) WITHOUT ROWID;
CREATE TABLE steps (
    id INTEGER PRIMARY KEY AUTOINCREMENT, -- labels point here for good
    name TEXT NOT NULL,
    origin TEXT NOT NULL,
    at TEXT NOT NULL,
    state TEXT NOT NULL -- open, done, undone, kept (done, and beyond undo)
);
CREATE TABLE texts (id INTEGER PRIMARY KEY, hash BLOB NOT NULL UNIQUE, text TEXT NOT NULL);
INSERT INTO "texts" VALUES(1,X'08B053AFAB8BFF580BCF01400B508DA8','Where is my parcel?');
INSERT INTO "texts" VALUES(2,X'14FAE8085AC5660D488AD58CBDE7DE31','The parcel came late');
INSERT INTO "texts" VALUES(3,X'2D4EDACF00AA096A10648975888B8037','Thank you, all is well');
INSERT INTO "texts" VALUES(4,X'9C19E0F53941C4645B0F969ACC27EEB2','Broken on arrival');
INSERT INTO "texts" VALUES(5,X'F153535ED11D6D966F9C15708E369718','Neither nor');
INSERT INTO "texts" VALUES(6,X'CB1DF364C054940B90AEB018D656CE69','One more');
CREATE TABLE undo_log (
    id INTEGER PRIMARY KEY AUTOINCREMENT,
    step_id INTEGER NOT NULL REFERENCES steps (id) ON DELETE CASCADE,
    statement TEXT NOT NULL,
    cells TEXT NOT NULL, -- JSON
    input_ids BLOB
);
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
    name TEXT NOT NULL, broader_id INTEGER,
    PRIMARY KEY (version_id, concept_id)
) WITHOUT ROWID;
INSERT INTO "version_concepts" VALUES(1,1,'complaint',NULL);
INSERT INTO "version_concepts" VALUES(1,2,'praise',NULL);
INSERT INTO "version_concepts" VALUES(1,3,'question',NULL);
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
CREATE INDEX inputs_text_id ON inputs (text_id);
CREATE INDEX annotations_input_id ON annotations (input_id);
CREATE INDEX dataset_inputs_input_id ON dataset_inputs (input_id);
CREATE INDEX version_inputs_text_id ON version_inputs (text_id);
CREATE INDEX steps_state ON steps (state, id);
CREATE INDEX undo_log_step_id ON undo_log (step_id);
CREATE INDEX inputs_unlabelled ON inputs (id) WHERE n_labels = 0;
CREATE INDEX inputs_split ON inputs (split, id);
CREATE INDEX inputs_answered ON inputs (status, id) WHERE status <> '';
CREATE INDEX annotation_history_input_id ON annotation_history (input_id);
CREATE INDEX concepts_broader_id ON concepts (broader_id);
CREATE INDEX concept_synonyms_other_id ON concept_synonyms (other_id);
CREATE TRIGGER annotation_added AFTER INSERT ON annotations BEGIN
    UPDATE inputs SET n_concepts = n_concepts + NEW.is_positive, n_labels = n_labels + 1
    WHERE id = NEW.input_id;
    UPDATE concepts SET
        n_positive = n_positive + NEW.is_positive, n_negative = n_negative + 1 - NEW.is_positive
    WHERE id = NEW.concept_id;
END;
CREATE TRIGGER annotation_deleted AFTER DELETE ON annotations BEGIN
    UPDATE inputs SET n_concepts = n_concepts - OLD.is_positive, n_labels = n_labels - 1
    WHERE id = OLD.input_id;
    UPDATE concepts SET
        n_positive = n_positive - OLD.is_positive, n_negative = n_negative - 1 + OLD.is_positive
    WHERE id = OLD.concept_id;
END;
CREATE TRIGGER annotation_changed AFTER UPDATE OF is_positive ON annotations
WHEN OLD.is_positive <> NEW.is_positive BEGIN
    UPDATE inputs SET n_concepts = n_concepts + NEW.is_positive - OLD.is_positive
    WHERE id = NEW.input_id;
    UPDATE concepts SET
        n_positive = n_positive + NEW.is_positive - OLD.is_positive,
        n_negative = n_negative - NEW.is_positive + OLD.is_positive
    WHERE id = NEW.concept_id;
END;
CREATE TRIGGER input_text_changed AFTER UPDATE OF text_id ON inputs BEGIN
    UPDATE inputs SET n_chars = (SELECT LENGTH(text) FROM texts WHERE id = NEW.text_id)
    WHERE id = NEW.id;
END;
CREATE TRIGGER input_labelled AFTER UPDATE OF n_labels ON inputs
WHEN (OLD.n_labels = 0) <> (NEW.n_labels = 0) BEGIN
    UPDATE datasets SET n_labelled = n_labelled + (NEW.n_labels > 0) - (OLD.n_labels > 0)
    WHERE id IN (SELECT dataset_id FROM dataset_inputs WHERE input_id = NEW.id);
END;
CREATE TRIGGER dataset_input_added AFTER INSERT ON dataset_inputs BEGIN
    UPDATE datasets SET
        n_inputs = n_inputs + 1,
        n_labelled = n_labelled + (SELECT n_labels > 0 FROM inputs WHERE id = NEW.input_id)
    WHERE id = NEW.dataset_id;
END;
CREATE TRIGGER dataset_input_deleted BEFORE DELETE ON dataset_inputs BEGIN
    UPDATE datasets SET
        n_inputs = n_inputs - 1,
        n_labelled = n_labelled - (SELECT n_labels > 0 FROM inputs WHERE id = OLD.input_id)
    WHERE id = OLD.dataset_id;
END;
CREATE INDEX bin_inputs_text_id ON bin_inputs (text_id);
CREATE INDEX findings_check_id ON findings (check_id, kind, number);
CREATE VIRTUAL TABLE texts_fts USING fts5(
    text, content = 'texts', content_rowid = 'id', tokenize = 'unicode61 remove_diacritics 2'
);
DELETE FROM "sqlite_sequence";
INSERT INTO "sqlite_sequence" VALUES('inputs',7);
INSERT INTO texts_fts (texts_fts) VALUES ('rebuild');
-- The text that a model shall write for an input; a text is kept once, whoever uses it.
ALTER TABLE inputs ADD COLUMN target_id INTEGER REFERENCES texts (id);
CREATE INDEX inputs_target_id ON inputs (target_id) WHERE target_id IS NOT NULL;
ALTER TABLE bin_inputs ADD COLUMN target_id INTEGER REFERENCES texts (id);
CREATE INDEX bin_inputs_target_id ON bin_inputs (target_id) WHERE target_id IS NOT NULL;
ALTER TABLE version_inputs ADD COLUMN target_id INTEGER REFERENCES texts (id);
CREATE INDEX version_inputs_target_id ON version_inputs (target_id) WHERE target_id IS NOT NULL;

ALTER TABLE model_versions ADD COLUMN template TEXT NOT NULL DEFAULT ''; -- "": before there were any

-- What a job was asked for, so that one that was interrupted can go on.
ALTER TABLE jobs ADD COLUMN request TEXT NOT NULL DEFAULT ''; -- JSON; "" where it cannot go on
ALTER TABLE jobs ADD COLUMN folder TEXT NOT NULL DEFAULT ''; -- below jobs/: its checkpoints

INSERT INTO texts (id, hash, text) VALUES (1001, x'00', 'Sorry for the wait');
UPDATE inputs SET target_id = 1001 WHERE id = 1;
COMMIT;
PRAGMA user_version = 4;
