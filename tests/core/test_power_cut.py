"""The lights go out at any byte: what was committed is there, and nothing of what was not."""

import random
import shutil

import pytest

from core.app_folder import AppFolder
from core.jobs import Job
from core.operations.add_texts import AddTextsRequest, add_texts
from core.operations.annotate import AnnotateRequest, annotate
from core.operations.check_app import CheckAppRequest, check_app
from core.storage.filters import InputFilter, list_input_ids

N_LABELS = 12


@pytest.fixture
def written(app):
    """An app whose log of twelve labels, one after the other, is not in the database yet."""
    texts = tuple(f"text number {i}" for i in range(N_LABELS))
    add_texts(app, AddTextsRequest(texts), Job())
    annotate(app, AnnotateRequest((1,), "seen"), Job())
    with app.database() as db:  # so that nobody is the last to close, who moves the log
        db.execute("PRAGMA wal_checkpoint(TRUNCATE)")
        for input_id in range(2, N_LABELS + 1):
            annotate(app, AnnotateRequest((input_id,), "seen"), Job())
        yield app


def labelled_after(app, place, cut):
    """Return the labelled inputs of a copy of the app whose log ends at a byte."""
    place.mkdir()
    copy = AppFolder(place)
    shutil.copyfile(app.file, copy.file)
    log = app.path / "app.db-wal"
    (place / "app.db-wal").write_bytes(log.read_bytes()[:cut])
    with copy.locked(), copy.database() as db:
        found = list(list_input_ids(db, InputFilter(labelling="labelled")))
    assert check_app(copy, CheckAppRequest(), Job()).is_sound
    return found


def test_a_log_that_ends_at_any_byte_opens_at_a_label_that_was_committed(written, tmp_path):
    size = (written.path / "app.db-wal").stat().st_size
    chance = random.Random(555)
    cuts = sorted([0, size, *(chance.randrange(size) for _cut in range(10))])
    found = [labelled_after(written, tmp_path / f"copy-{i}", cut) for i, cut in enumerate(cuts)]
    for labelled in found:
        assert labelled == list(range(1, len(labelled) + 1))
    counts = [len(labelled) for labelled in found]
    assert counts == sorted(counts)
    assert (counts[0], counts[-1]) == (1, N_LABELS)
    assert len(set(counts)) > 3


def test_turned_over_bytes_in_the_log_end_it_where_they_are(written, tmp_path):
    log = written.path / "app.db-wal"
    content = bytearray(log.read_bytes())
    content[len(content) // 2] ^= 0xFF
    broken = tmp_path / "broken-wal"
    broken.write_bytes(content)
    place = tmp_path / "copy"
    place.mkdir()
    shutil.copyfile(written.file, place / "app.db")
    shutil.copyfile(broken, place / "app.db-wal")
    with AppFolder(place).locked(), AppFolder(place).database() as db:
        labelled = list(list_input_ids(db, InputFilter(labelling="labelled")))
    assert 1 <= len(labelled) < N_LABELS
    assert labelled == list(range(1, len(labelled) + 1))
