-- Whatever writes is a step: it names what was done, says who or what set a label, and can be
-- taken back. A step is open while it is done in several transactions.
CREATE TABLE steps (
    id INTEGER PRIMARY KEY AUTOINCREMENT, -- labels point here for good
    name TEXT NOT NULL,
    origin TEXT NOT NULL,
    at TEXT NOT NULL,
    state TEXT NOT NULL -- open, done, undone, kept (done, and beyond undo)
);
CREATE INDEX steps_state ON steps (state, id);
-- How to take a step back, last first: a statement with its values, or inputs that come or go.
CREATE TABLE undo_log (
    id INTEGER PRIMARY KEY AUTOINCREMENT,
    step_id INTEGER NOT NULL REFERENCES steps (id) ON DELETE CASCADE,
    statement TEXT NOT NULL,
    cells TEXT NOT NULL, -- JSON
    input_ids BLOB
);
CREATE INDEX undo_log_step_id ON undo_log (step_id);
ALTER TABLE imports ADD COLUMN step_id INTEGER;

ALTER TABLE inputs ADD COLUMN n_labels INTEGER NOT NULL DEFAULT 0; -- positive or negative
ALTER TABLE inputs ADD COLUMN n_chars INTEGER NOT NULL DEFAULT 0;
ALTER TABLE inputs ADD COLUMN status TEXT NOT NULL DEFAULT ''; -- unsure, skipped
ALTER TABLE inputs ADD COLUMN note TEXT NOT NULL DEFAULT '';
UPDATE inputs SET
    n_labels = (SELECT COUNT(*) FROM annotations WHERE input_id = inputs.id),
    n_chars = (SELECT LENGTH(text) FROM texts WHERE id = inputs.text_id);
DROP INDEX inputs_unlabelled;
CREATE INDEX inputs_unlabelled ON inputs (id) WHERE n_labels = 0;
CREATE INDEX inputs_split ON inputs (split, id);
CREATE INDEX inputs_answered ON inputs (status, id) WHERE status <> '';

ALTER TABLE annotations ADD COLUMN step_id INTEGER NOT NULL DEFAULT 0; -- 0: before steps were kept
-- What a label was before it was changed or taken away.
CREATE TABLE annotation_history (
    id INTEGER PRIMARY KEY,
    input_id INTEGER NOT NULL,
    concept_id INTEGER NOT NULL,
    was_positive INTEGER NOT NULL,
    was_step_id INTEGER NOT NULL, -- that had set it
    step_id INTEGER NOT NULL -- that changed it
);
CREATE INDEX annotation_history_input_id ON annotation_history (input_id);

ALTER TABLE concepts ADD COLUMN shortcut TEXT NOT NULL DEFAULT '';
ALTER TABLE concepts ADD COLUMN examples TEXT NOT NULL DEFAULT '[]';
ALTER TABLE concepts ADD COLUMN broader_id INTEGER REFERENCES concepts (id);
ALTER TABLE concepts ADD COLUMN n_positive INTEGER NOT NULL DEFAULT 0;
ALTER TABLE concepts ADD COLUMN n_negative INTEGER NOT NULL DEFAULT 0;
ALTER TABLE concepts DROP COLUMN import_id; -- steps know it now
ALTER TABLE datasets DROP COLUMN import_id;
CREATE INDEX concepts_broader_id ON concepts (broader_id);
CREATE TABLE concept_synonyms (
    concept_id INTEGER NOT NULL REFERENCES concepts (id) ON DELETE CASCADE,
    other_id INTEGER NOT NULL REFERENCES concepts (id) ON DELETE CASCADE, -- the larger id
    PRIMARY KEY (concept_id, other_id)
) WITHOUT ROWID;
CREATE INDEX concept_synonyms_other_id ON concept_synonyms (other_id);
UPDATE concepts SET
    n_positive = (SELECT COUNT(*) FROM annotations WHERE concept_id = concepts.id AND is_positive),
    n_negative =
        (SELECT COUNT(*) FROM annotations WHERE concept_id = concepts.id AND NOT is_positive);

ALTER TABLE datasets ADD COLUMN description TEXT NOT NULL DEFAULT '';
ALTER TABLE datasets ADD COLUMN n_inputs INTEGER NOT NULL DEFAULT 0;
ALTER TABLE datasets ADD COLUMN n_labelled INTEGER NOT NULL DEFAULT 0;
UPDATE datasets SET
    n_inputs = (SELECT COUNT(*) FROM dataset_inputs WHERE dataset_id = datasets.id),
    n_labelled = (
        SELECT COUNT(*) FROM dataset_inputs m JOIN inputs i ON i.id = m.input_id
        WHERE m.dataset_id = datasets.id AND i.n_labels > 0
    );
ALTER TABLE dataset_versions ADD COLUMN last_step_id INTEGER NOT NULL DEFAULT 0; -- when frozen
ALTER TABLE version_concepts ADD COLUMN broader_id INTEGER;

-- Counts that are always in view, kept by the database itself so that no verb forgets them.
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
-- Before, while the input is still there to be asked.
CREATE TRIGGER dataset_input_deleted BEFORE DELETE ON dataset_inputs BEGIN
    UPDATE datasets SET
        n_inputs = n_inputs - 1,
        n_labelled = n_labelled - (SELECT n_labels > 0 FROM inputs WHERE id = OLD.input_id)
    WHERE id = OLD.dataset_id;
END;

-- Deleted inputs with all that belongs to them; those of an undone step wait for its redo.
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
CREATE INDEX bin_inputs_text_id ON bin_inputs (text_id);
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

-- The words of the texts; texts are added to it in bulk, up to `about.searchable`.
CREATE VIRTUAL TABLE texts_fts USING fts5(
    text, content = 'texts', content_rowid = 'id', tokenize = 'unicode61 remove_diacritics 2'
);
-- Bytes gathered before they are sorted in: 64 times the default makes bulk nearly 3 times faster.
INSERT INTO texts_fts (texts_fts, rank) VALUES ('hashsize', 67108864);

CREATE TABLE saved_filters (name TEXT PRIMARY KEY, filter TEXT NOT NULL) WITHOUT ROWID;

CREATE TABLE data_checks (
    id INTEGER PRIMARY KEY,
    dataset_id INTEGER NOT NULL REFERENCES datasets (id) ON DELETE CASCADE,
    created TEXT NOT NULL,
    last_step_id INTEGER NOT NULL, -- what has changed since is not in it
    summary TEXT NOT NULL -- JSON; empty while its findings are still being written
);
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
CREATE INDEX findings_check_id ON findings (check_id, kind, number);
-- What somebody said is fine, and stays so in the next check: a digest of the texts of a group.
CREATE TABLE dismissed_findings (
    kind TEXT NOT NULL,
    digest BLOB NOT NULL,
    PRIMARY KEY (kind, digest)
) WITHOUT ROWID;
