"""An app with nonsense in its database is refused in a sentence, or works."""

import shutil
from contextlib import suppress

import pytest

from core.app_folder import AppFolder, create_app_folder
from core.errors import UserError
from core.jobs import Job
from core.learning import embedders
from core.operations.add_texts import AddTextsRequest, add_texts
from core.operations.annotate import AnnotateRequest, NoteRequest, annotate
from core.operations.check_data import CheckRequest, check_data
from core.operations.create_app import CreateAppRequest, create_app
from core.operations.edit_inputs import (
    InputDeletion,
    MetadataEdit,
    SplitEdit,
    TargetEdits,
    edit_inputs,
)
from core.operations.export_app import ExportAppRequest, export_app
from core.operations.freeze_dataset import FreezeRequest, freeze_dataset
from core.operations.import_app import ImportAppRequest, import_app
from core.operations.merge_app import MergeAppRequest, merge_app
from core.operations.suggest import SuggestRequest, suggest
from core.operations.train import TrainRequest, train
from core.operations.undo import undo
from core.storage.choices import set_choice
from core.storage.concepts import add_synonym, list_concepts, update_broader
from core.storage.database import transaction
from core.storage.filters import InputFilter, add_saved_filter
from core.storage.searches import SavedSearch, Search, Words, add_saved_search
from core.storage.trust import StrangeDatabaseError
from core.storage.workflows import add_workflow_version
from tests.core.conftest import HAM, SPAM, FakeEmbedder
from tests.core.nonsense import looks, spoilt


@pytest.fixture(scope="module")
def built(tmp_path_factory):
    """An app with something in nearly every table, and another one to merge it into."""
    place = tmp_path_factory.mktemp("built")
    app = create_app_folder("Messages", place / "messages")
    for texts, concept in ((SPAM, "spam"), (HAM, "ham")):
        add_texts(app, AddTextsRequest(texts, (concept,)), Job())
    add_texts(app, AddTextsRequest(("nobody said anything", "nor here"), ()), Job())
    with pytest.MonkeyPatch.context() as patch:
        patch.setattr(embedders, "load", lambda _name: FakeEmbedder())
        train(app, TrainRequest("mail"), Job())
        suggest(app, SuggestRequest("mail"), Job())
        check_data(app, CheckRequest(fewest_texts=2), Job())
    annotate(app, NoteRequest(1, "ask Ada"), Job())
    edit_inputs(app, TargetEdits(((1, "buy"), (2, "sell"))), Job())
    edit_inputs(app, SplitEdit((1, 2, 3), "train"), Job())
    edit_inputs(app, MetadataEdit((1, 2), "who", "Ada"), Job())
    merge_hers(app, place)
    edit_inputs(app, InputDeletion((5,)), Job())
    add_texts(app, AddTextsRequest(("taken back",), ()), Job())
    undo(app, Job())
    freeze_dataset(app, FreezeRequest(description="before"), Job())
    keep_more(app)
    other = create_app(CreateAppRequest("Other", place / "other"), Job())
    add_texts(other, AddTextsRequest(SPAM[:3], ("junk",)), Job())
    return app, other


def merge_hers(app, place):
    """Merge a copy that differs in labels and splits."""
    path = export_app(app, ExportAppRequest(place / "hers.textwright"), Job()).path
    hers = import_app(ImportAppRequest(path, place / "hers"), Job()).app
    annotate(hers, AnnotateRequest((1, 2), "ham", only=True), Job())
    edit_inputs(hers, SplitEdit((1, 2, 3), "test"), Job())
    merge_app(app, MergeAppRequest(hers.path), Job())


def keep_more(app):
    """Fill the tables that nothing else fills."""
    with app.database() as db, transaction(db):
        spam, ham = (concept.id for concept in list_concepts(db))
        update_broader(db, ham, spam)
        add_synonym(db, spam, ham)
        set_choice(db, "bounds", {"accept": 0.9})
        add_saved_filter(db, "mine", InputFilter(containing="win"))
        words = Search((Words("win"),))
        add_saved_search(db, SavedSearch("mine", words, True, (1,), (0.5,)))
        nodes = [{"id": "in", "kind": "input", "settings": {}, "inputs": []}]
        add_workflow_version(db, "chain", nodes)


def tried(built, folder, seed):
    """Bring an app with nonsense in and do all that can be done; tell whether it came in."""
    app, other = built
    path, told = spoilt(app, folder, seed)
    copy = AppFolder(shutil.copytree(other.path, folder / "other"))
    try:
        there = import_app(ImportAppRequest(path, folder / "there"), Job()).app
    except UserError:
        return False
    except Exception as error:
        raise AssertionError(f"seed {seed}, bringing it in, {told}") from error
    for number, look in enumerate(looks(there, copy, folder)):
        try:
            with suppress(UserError):
                look()
        except Exception as error:
            raise AssertionError(f"seed {seed}, look {number}, {told}") from error
    return True


@pytest.fixture
def quick(monkeypatch, home):
    """Let nothing load the real weights."""
    monkeypatch.setattr(embedders, "load", lambda _name: FakeEmbedder())


def many(built, tmp_path, seeds):
    n_in = 0
    for seed in seeds:
        folder = tmp_path / f"{seed}"
        folder.mkdir()
        n_in += tried(built, folder, seed)
        shutil.rmtree(folder)
    return n_in


def test_an_app_as_it_is_comes_in(built, tmp_path, quick):
    assert import_app(
        ImportAppRequest(
            export_app(built[0], ExportAppRequest(tmp_path / "a.textwright"), Job()).path,
            tmp_path / "there",
        ),
        Job(),
    )


def test_an_app_with_nonsense_in_it_is_refused_or_works(built, tmp_path, quick):
    many(built, tmp_path, (0, 1, 2, 1_372))


def test_half_a_character_in_what_undo_would_write_is_refused(built, tmp_path):
    app, _other = built
    copy = AppFolder(shutil.copytree(app.path, tmp_path / "copy"))
    with copy.database() as db, transaction(db):
        half = r"""'["\ud800"' || substr(cells, instr(cells, ','))"""
        db.execute(f"UPDATE undo_log SET cells = {half} WHERE cells LIKE '[%,%'")
        assert db.execute("SELECT changes()").fetchone()[0]
    path = export_app(copy, ExportAppRequest(tmp_path / "a.textwright"), Job()).path
    with pytest.raises(StrangeDatabaseError):
        import_app(ImportAppRequest(path, tmp_path / "there"), Job())


@pytest.mark.slow
def test_a_thousand_apps_with_nonsense_in_them_are_refused_or_work(built, tmp_path, quick):
    assert many(built, tmp_path, range(1_000, 2_000)) > 100
