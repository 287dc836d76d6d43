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
