import pytest

from core.app_folder import create_app_folder
from core.jobs import Job
from core.operations.add_texts import AddTextsRequest, add_texts
from core.operations.annotate import (
    SHARE_LABELS,
    AnnotateRequest,
    AnswerRequest,
    NoneRequest,
    annotate,
)
from core.operations.undo import undo
from core.records import Status
from core.storage.about import update_about
from core.storage.concepts import list_concepts
from core.storage.inputs import get_inputs


@pytest.fixture
def app(tmp_path):
    app = create_app_folder("Letters", tmp_path / "letters")
    add_texts(app, AddTextsRequest(("one", "two", "three"), ("delivery",)), Job())
    add_texts(app, AddTextsRequest(("four", "five", "four"), ()), Job())
    for name in ("payment", "praise"):
        annotate(app, AnnotateRequest((1,), name), Job())
    return app


def looked_up(app, *ids):
    with app.database() as db:
        return get_inputs(db, ids)


def concept_ids(app):
    with app.database() as db:
        return {concept.id for concept in list_concepts(db)}


def test_none_of_these_says_no_to_every_concept(app):
    annotate(app, AnswerRequest((4,), Status.SKIPPED), Job())
    annotate(app, NoneRequest((4,)), Job())
    (found,) = looked_up(app, 4)
    assert set(found.negative) == concept_ids(app)
    assert found.status is Status.NONE
    assert found.is_labelled


def test_none_of_these_leaves_what_was_said_already(app):
    annotate(app, NoneRequest((2,)), Job())
    (found,) = looked_up(app, 2)
    assert len(found.positive) == 1
    assert {*found.positive, *found.negative} == concept_ids(app)


def test_none_of_these_is_one_step_of_undo(app):
    before = looked_up(app, 2, 4)
    annotate(app, NoneRequest((2, 4)), Job())
    assert undo(app, Job()).step.name == "say “none of these” of 2 texts"
    assert looked_up(app, 2, 4) == before


def test_none_of_these_is_shared_by_identical_texts(app):
    with app.database() as db:
        update_about(db, **{SHARE_LABELS: "1"})
    annotate(app, NoneRequest((4,)), Job())
    assert all(found.negative for found in looked_up(app, 4, 6))
