import numpy as np
import pytest

from core.jobs import Job, JobCancelled
from core.learning import projection
from core.learning.projection import lay_out
from core.learning.topics import chances_of
from core.operations.add_texts import AddTextsRequest, add_texts
from core.operations.draw_map import MapRequest, TooFewForMapError, draw_map
from core.operations.find_topics import TooFewToSortError
from core.storage.filters import InputFilter
from core.storage.inputs import text_hash
from core.storage.maps import find_map
from tests.core.test_find_topics import SUBJECTS, texts_about


@pytest.fixture
def subjects_app(app, fake_embedder):
    for subject in SUBJECTS:
        add_texts(app, AddTextsRequest(texts_about(subject), (subject,)), Job())
    return app


def drawn(app):
    with app.database() as db:
        return find_map(db)


def test_texts_that_are_alike_stand_close_to_each_other(subjects_app):
    assert draw_map(subjects_app, MapRequest(), Job()).n_inputs == 90
    points = drawn(subjects_app).points
    assert points.min() >= 0
    assert points.max() <= 1
    middles = points.reshape(3, 30, 2).mean(axis=1)
    spread = np.linalg.norm(points.reshape(3, 30, 2) - middles[:, None], axis=2).mean()
    apart = np.linalg.norm(middles[:, None] - middles[None], axis=2)[np.triu_indices(3, 1)].min()
    assert apart > 2 * spread


def test_the_same_texts_give_the_same_map(subjects_app):
    draw_map(subjects_app, MapRequest(), Job())
    first = drawn(subjects_app)
    draw_map(subjects_app, MapRequest(), Job())
    assert np.array_equal(drawn(subjects_app).points, first.points)


def test_texts_beyond_those_laid_out_stand_with_the_ones_they_are_like(monkeypatch):
    monkeypatch.setattr(projection, "LAID_OUT", 60)
    random = np.random.default_rng(1)
    vectors = np.repeat(np.eye(12)[:2], 60, axis=0) + random.normal(0, 0.1, (120, 12))
    vectors = (vectors / np.linalg.norm(vectors, axis=1, keepdims=True)).astype(np.float32)
    points = lay_out(vectors, chances_of([text_hash(str(i)) for i in range(120)]), Job())
    one, other = points[:60], points[60:]
    limit = (np.median(one, axis=0) + np.median(other, axis=0)) / 2
    axis = int(np.abs(np.median(one, axis=0) - np.median(other, axis=0)).argmax())
    is_less = np.median(one[:, axis]) < limit[axis]
    assert ((one[:, axis] < limit[axis]) == is_less).mean() > 0.95
    assert ((other[:, axis] < limit[axis]) == is_less).mean() < 0.05


def test_a_map_can_be_stopped_and_narrowed(subjects_app, impatient):
    with pytest.raises(JobCancelled):
        draw_map(subjects_app, MapRequest(), impatient(12))
    assert drawn(subjects_app) is None
    assert draw_map(subjects_app, MapRequest(InputFilter(containing="tree")), Job()).n_inputs == 30


def test_hardly_any_texts_make_no_map(app, fake_embedder):
    add_texts(app, AddTextsRequest(("one", "two")), Job())
    with pytest.raises(TooFewForMapError):
        draw_map(app, MapRequest(), Job())
    assert str(TooFewForMapError(1)) == "1 text makes no map."
    assert str(TooFewToSortError(1)) == "1 text cannot be sorted into topics."
