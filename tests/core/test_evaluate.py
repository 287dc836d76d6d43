"""A model version scored on any texts of any app, and what stays of it."""

import shutil
import sys
from dataclasses import replace
from pathlib import Path

import numpy as np
import pytest

from core.app_folder import AppFolder, AppInUseError, AppMissingError, create_app_folder
from core.jobs import Job, JobCancelled
from core.learning.classifier_settings import EmbeddingClassifierSettings
from core.learning.decisions import decide
from core.learning.marks import Cell, Mistakes, Outcome
from core.learning.scored import FILE, SEEN
from core.operations import evaluate as evaluate_module
from core.operations.add_texts import AddTextsRequest, add_texts
from core.operations.annotate import AnnotateRequest, annotate
from core.operations.delete_evaluation import (
    EvaluationDeletion,
    OwnEvaluationError,
    delete_evaluation,
)
from core.operations.evaluate import (
    DatasetNotNamedError,
    EvaluateRequest,
    SplitError,
    evaluate,
)
from core.operations.evaluation_needs import is_stale
from core.operations.evaluation_texts import EvaluationTextsRequest, list_evaluation_texts
from core.operations.export_evaluation import ExportEvaluationRequest, export_evaluation
from core.operations.freeze_dataset import FreezeRequest, freeze_dataset
from core.operations.look_into import RescoreRequest, rescore
from core.operations.scoring import TextsNotKeptError, scored_of
from core.operations.train import TrainRequest, train
from core.records import Method
from core.storage.database import transaction
from core.storage.datasets import DatasetMissingError
from core.storage.evaluations import (
    EvaluationMissingError,
    add_evaluation,
    get_evaluation,
    list_evaluations,
)
from core.storage.filters import InputFilter
from core.storage.versions import VersionMissingError
from tests.core.faults import BUT_VERSIONS, bring_in, run_python, state

pytestmark = pytest.mark.usefixtures("fake_embedder")

PLAIN = EmbeddingClassifierSettings(enrich_dataset="Disabled")
NEW = (("win a holiday today", "spam"), ("free cash for all", "spam"), ("see you at home", "ham"))


def add_all(app, texts, dataset="texts"):
    for text, concept in texts:
        add_texts(app, AddTextsRequest((text,), (concept,), (), dataset), Job())


@pytest.fixture
def model_app(labelled_app):
    """An app with a model “first” and a dataset “more” that it had not seen, but for one text."""
    train(labelled_app, TrainRequest(model="first", settings=PLAIN), Job())
    add_all(labelled_app, [*NEW, ("win a free prize now", "spam")], "more")
    return labelled_app


@pytest.fixture
def other_app(tmp_path):
    app = create_app_folder("Others", tmp_path / "others")
    add_all(app, NEW)
    return app


def evaluated(app, **changes):
    request = EvaluateRequest(**{"model": "first", "dataset": "more"} | changes)
    return evaluate(app, request, Job()).evaluation


def texts_of(app, evaluation, mark, **changes):
    request = EvaluationTextsRequest(evaluation.id, mark, **changes)
    return list_evaluation_texts(app, request, Job())


def test_any_version_of_a_dataset_can_be_scored_as_it_was(model_app):
    freeze_dataset(model_app, FreezeRequest("more"), Job())
    add_all(model_app, [("claim your cash", "spam")], "more")
    then, now = evaluated(model_app, dataset_number=1), evaluated(model_app)
    assert (then.dataset, then.dataset_number, then.report["n_texts"]) == ("more", 1, 4)
    assert (now.dataset_number, now.report["n_texts"]) == (2, 5)
    with model_app.database() as db:
        assert list_evaluations(db)[:2] == [now, then]


def test_only_the_texts_of_a_split_can_be_scored(app, tmp_path):
    path = tmp_path / "mails.csv"
    rows = [f"win cash now {i},spam,train\nsee you tonight {i},ham,train" for i in range(6)]
    rows += ["win a free prize,spam,test", "see you,ham,test", "cash,spam,validation"]
    path.write_text("\n".join(["text,label,split", *rows]), encoding="utf-8")
    bring_in(app, path)
    train(app, TrainRequest(model="first", settings=PLAIN), Job())
    found = {
        split: evaluated(app, dataset="texts", split=split).report
        for split in ("train", "test", "validation")
    }
    assert {split: report["n_texts"] for split, report in found.items()} == {
        "train": 12,
        "test": 2,
        "validation": 1,
    }
    assert (found["train"]["n_seen"], found["test"]["n_seen"]) == (12, 0)
    with pytest.raises(SplitError, match="dev"):
        EvaluateRequest("first", split="dev")


def test_texts_of_another_app_can_be_scored_and_shown(model_app, other_app):
    found = evaluated(model_app, dataset="texts", other_app=other_app.path)
    assert (found.report["n_texts"], found.report["n_seen"]) == (3, 0)
    assert (found.other_app, found.dataset_version_id) == (str(other_app.path), 0)
    assert (found.dataset, found.dataset_number) == ("texts", 1)
    spam = [Outcome("spam", kind) for kind in ("found", "missed")]
    shown = [text.text for mark in spam for text in texts_of(model_app, found, mark).texts]
    assert sorted(shown) == ["free cash for all", "win a holiday today"]
    annotate(other_app, AnnotateRequest(InputFilter(containing="holiday"), "ham"), Job())
    now = {one.text: one for one in texts_of(model_app, found, spam[0]).texts}
    if "win a holiday today" in now:
        assert now["win a holiday today"].said == ("spam",)
        assert set(now["win a holiday today"].now) == {"spam", "ham"}


def test_this_app_named_as_another_one_is_this_app(model_app):
    with model_app.locked():
        found = evaluated(model_app, other_app=model_app.path)
    assert (found.report["n_texts"], found.other_app) == (4, "")
    add_all(model_app, [("claim your cash", "spam")], "more")
    with model_app.database() as db:
        assert is_stale(db, found)


@pytest.mark.parametrize("named", [{"dataset_number": 2}, {"other_app": Path("others")}])
def test_a_version_or_an_app_without_a_dataset_is_refused(named):
    with pytest.raises(DatasetNotNamedError):
        EvaluateRequest("first", **named)


def test_another_app_that_is_open_elsewhere_is_not_frozen(model_app, other_app):
    with other_app.locked(), pytest.raises(AppInUseError):
        evaluated(model_app, dataset="texts", other_app=other_app.path)


def test_another_app_that_is_missing_or_was_moved_is_named(model_app, other_app, tmp_path):
    found = evaluated(model_app, dataset="texts", other_app=other_app.path)
    shutil.move(other_app.path, tmp_path / "moved")
    with pytest.raises(AppMissingError, match="others"):
        texts_of(model_app, found, Mistakes())
    with pytest.raises(AppMissingError):
        evaluated(model_app, dataset="texts", other_app=other_app.path)
    again = rescore(model_app, RescoreRequest(found.id), Job()).report
    assert again == found.report  # what was said is ours


def test_texts_of_an_app_that_was_made_anew_are_not_taken_for_those_of_the_old_one(
    model_app, other_app, tmp_path
):
    found = evaluated(model_app, dataset="texts", other_app=other_app.path)
    shutil.rmtree(other_app.path)
    create_app_folder("Others", other_app.path)
    add_all(other_app, [("see you", "ham"), ("win", "spam"), ("prize", "spam")])
    freeze_dataset(other_app, FreezeRequest("texts"), Job())
    with other_app.database() as db:
        db.execute("UPDATE version_inputs SET input_id = input_id + 100")
    before = tmp_path / "before"  # time is kept to the second, and none has gone by
    export_evaluation(model_app, ExportEvaluationRequest(found.id, before), Job())
    with other_app.database() as db:
        db.execute("UPDATE dataset_versions SET created = '2999-01-01T00:00:00+00:00'")
    with pytest.raises(VersionMissingError):
        texts_of(model_app, found, Mistakes())
    folder = tmp_path / "out"
    export_evaluation(model_app, ExportEvaluationRequest(found.id, folder), Job())
    assert not (folder / "texts.csv").exists()
    assert (folder / "scores.csv").exists()


@pytest.mark.parametrize(
    ("changes", "error"),
    [({"dataset": "nothing"}, DatasetMissingError), ({"dataset_number": 7}, VersionMissingError)],
)
def test_what_is_missing_is_named(model_app, changes, error):
    with pytest.raises(error) as raised:
        evaluated(model_app, **changes)
    assert raised.value.next_step


def test_cross_validation_asks_no_model_about_what_it_learned(model_app):
    found = evaluated(model_app, dataset="texts", n_folds=4)
    assert (found.method, found.n_folds) == (Method.CROSS_VALIDATION, 4)
    assert (found.report["n_texts"], found.report["n_seen"]) == (20, 0)


def test_scores_stand_with_and_without_the_texts_that_were_learned(model_app):
    report = evaluated(model_app).report
    assert (report["n_texts"], report["n_seen"]) == (4, 1)
    without = report["without_seen"]
    assert without["n_texts"] == 3
    n_right = round(report["top1_accuracy"] * 4)
    assert round(without["top1_accuracy"] * 3) == n_right - 1  # the one learned from is right
    assert without["top1_accuracy_low"] <= without["top1_accuracy"]
    assert evaluated(model_app, dataset="texts").report["without_seen"] is None


def test_what_the_model_said_is_kept_and_gives_the_same_report(model_app):
    found = evaluated(model_app)
    scored = scored_of(model_app, found)
    assert scored.concepts == ("spam", "ham")
    assert (scored.seen == SEEN).sum() == 1
    assert rescore(model_app, RescoreRequest(found.id), Job()).report == found.report
    strict = rescore(model_app, RescoreRequest(found.id, {"spam": 1.0, "ham": 1.0}), Job()).report
    assert strict["decided_share"] < found.report["decided_share"] == 1
    quick = RescoreRequest(found.id, has_intervals=False)
    assert rescore(model_app, quick, Job()).report["top1_accuracy_low"] is None


def test_the_texts_behind_a_mark_say_what_people_and_the_model_said(model_app):
    found = evaluated(model_app)
    scored = scored_of(model_app, found)
    answered = decide(scored.probabilities, np.zeros(2, np.float32), is_exclusive=True)
    for i, person in enumerate(scored.concepts):
        for j, model in enumerate(scored.concepts):
            page = texts_of(model_app, found, Cell(person, model))
            assert page.n_texts == len(page.texts) == found.report["confusion"][i][j]
            for text in page.texts:
                place = scored.input_ids.tolist().index(text.input_id)
                assert (text.said, text.answered) == ((person,), (model,))
                assert answered[place, j]
                assert text.probability == pytest.approx(scored.probabilities[place, j])
                assert dict(text.best)[model] == pytest.approx(text.probability)
                assert text.is_seen == (text.text == "win a free prize now")


def test_texts_come_in_pages(model_app):
    found = evaluated(model_app)
    whole = texts_of(model_app, found, Outcome("spam", "found"))
    pages = [
        texts_of(model_app, found, Outcome("spam", "found"), limit=1, offset=i)
        for i in range(whole.n_texts)
    ]
    assert [page.texts[0] for page in pages] == list(whole.texts)
    assert {page.n_texts for page in pages} == {whole.n_texts}
    assert texts_of(model_app, found, Mistakes(), offset=99).texts == ()


def test_an_evaluation_is_stale_once_the_dataset_has_changed(model_app):
    found = evaluated(model_app)
    with model_app.database() as db:
        assert not is_stale(db, found)
    add_all(model_app, [("cash", "spam")], "more")
    with model_app.database() as db:
        assert is_stale(db, found)
        assert not is_stale(db, list_evaluations(db)[-1])  # the training's texts are as they were


def test_deleting_an_evaluation_takes_its_folder_along(model_app):
    with model_app.database() as db:
        own = list_evaluations(db)[-1]
    found = evaluated(model_app)
    assert (model_app.evaluations / found.folder).is_dir()
    delete_evaluation(model_app, EvaluationDeletion(found.id), Job())
    assert [path.name for path in model_app.evaluations.iterdir()] == [own.folder]
    for ask in (
        lambda: texts_of(model_app, found, Mistakes()),
        lambda: delete_evaluation(model_app, EvaluationDeletion(found.id), Job()),
    ):
        with pytest.raises(EvaluationMissingError):
            ask()


def test_the_scores_of_the_training_stay_with_their_version(model_app):
    with model_app.database() as db:
        (own,) = list_evaluations(db)
    with pytest.raises(OwnEvaluationError) as raised:
        delete_evaluation(model_app, EvaluationDeletion(own.id), Job())
    assert raised.value.next_step
    assert texts_of(model_app, own, Mistakes()).n_texts >= 0
    with model_app.database() as db:
        assert get_evaluation(db, own.id) == own


def kept(app):
    """Return all that an app holds, what models said included."""
    files = [path for path in app.evaluations.rglob("*") if path.is_file()]
    return state(app), {str(path): path.read_bytes() for path in files}


@pytest.mark.parametrize("n_folds", [0, 3])
def test_an_evaluation_stopped_at_any_report_leaves_nothing(model_app, impatient, n_folds):
    before, patience = kept(model_app), 0
    request = EvaluateRequest("first", dataset="more", n_folds=n_folds)
    while True:
        try:
            evaluate(model_app, request, impatient(patience))
        except JobCancelled:
            assert kept(model_app) == before
            patience += 1
        else:
            break
    assert patience > 3
    assert kept(model_app) != before


def test_a_stopped_evaluation_leaves_nothing_in_the_other_app_either(
    model_app, other_app, impatient
):
    before = kept(model_app), state(other_app)
    request = EvaluateRequest("first", dataset="texts", other_app=other_app.path)
    for patience in range(4):
        with pytest.raises(JobCancelled):
            evaluate(model_app, request, impatient(patience))
        assert (kept(model_app), state(other_app)) == before


def test_scores_that_cannot_be_kept_leave_no_folder(model_app, monkeypatch):
    before = kept(model_app)

    def broken(*_arguments):
        raise ZeroDivisionError

    monkeypatch.setattr(evaluate_module, "add_evaluation", broken)
    with pytest.raises(ZeroDivisionError):
        evaluated(model_app)
    assert kept(model_app) == before


DYING = """
import os, signal, sys
from pathlib import Path
from core.app_folder import AppFolder
from core.jobs import Job
from core.learning import embedders, scored
from core.operations import evaluate as evaluating
sys.path.insert(0, "tests/core")
from conftest import FakeEmbedder

embedders.load = lambda name: FakeEmbedder()

def die(*_):
    os.kill(os.getpid(), signal.SIGKILL)

def half_save(some, folder):
    (folder / scored.FILE).write_bytes(b"half")
    die()

app = AppFolder(Path(sys.argv[1]))
if sys.argv[2] == "half saved":
    scored.save_scored = half_save
else:
    evaluating.add_evaluation = die
with app.locked():
    evaluating.evaluate(app, evaluating.EvaluateRequest("first", dataset="more"), Job())
"""


@pytest.mark.skipif(sys.platform == "win32", reason="Windows has no such signals")
@pytest.mark.parametrize("when", ["half saved", "saved without a row"])
def test_an_evaluation_killed_half_way_leaves_nothing(model_app, when):
    before = state(model_app, BUT_VERSIONS), sorted(model_app.evaluations.iterdir())
    died = run_python("-c", DYING, model_app.path, when)
    assert died.returncode < 0, died.stderr
    with model_app.locked():
        assert state(model_app, BUT_VERSIONS) == before[0]
    assert sorted(model_app.evaluations.iterdir()) == before[1]


def test_an_evaluation_without_kept_texts_says_so_and_keeps_its_numbers(model_app):
    found = evaluated(model_app)
    with model_app.database() as db, transaction(db):
        old = add_evaluation(db, replace(found, folder=""))
    assert old.report == found.report
    for ask in (
        lambda: texts_of(model_app, old, Mistakes()),
        lambda: rescore(model_app, RescoreRequest(old.id), Job()),
    ):
        with pytest.raises(TextsNotKeptError) as raised:
            ask()
        assert "again" in raised.value.next_step


def test_a_damaged_file_is_as_if_it_were_not_kept(model_app, tmp_path):
    found = evaluated(model_app)
    (model_app.evaluations / found.folder / FILE).write_bytes(b"\0" * 30)
    moved = AppFolder(shutil.copytree(model_app.path, tmp_path / "copy"))
    with pytest.raises(TextsNotKeptError):
        texts_of(moved, found, Mistakes())
