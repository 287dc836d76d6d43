-- The thresholds that somebody chose for a version, and why: JSON, {} for the usual ones.
ALTER TABLE model_versions ADD COLUMN thresholds TEXT NOT NULL DEFAULT '{}';

-- What was scored may lie in another app; then there is no dataset version of ours.
CREATE TABLE evaluations_now (
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
INSERT INTO evaluations_now (id, model_version_id, dataset_version_id, method, n_folds, created, report)
SELECT id, model_version_id, dataset_version_id, method, n_folds, created, report FROM evaluations;
DROP TABLE evaluations;
ALTER TABLE evaluations_now RENAME TO evaluations;

CREATE TABLE learning_curves (
    model_version_id INTEGER PRIMARY KEY REFERENCES model_versions (id) ON DELETE CASCADE,
    created TEXT NOT NULL,
    curve TEXT NOT NULL -- JSON
);
