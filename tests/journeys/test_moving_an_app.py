"""An app goes to a colleague as one file, comes back with her labels, and both are merged."""

from core.operations.annotate import AnnotateRequest
from core.operations.annotate import annotate as say
from core.operations.train import TrainRequest
from core.storage.concepts import list_concepts
from core.storage.filters import count_inputs
from core.storage.inputs import get_inputs
from core.storage.models import list_model_versions
from desktop import boxes


def open_elsewhere(person):
    person.window.workspace.open("app")
    person.click("Copy, merge or take along")
    return person.window.workspace.open("elsewhere")


def copy_to(person, path, monkeypatch):
    monkeypatch.setattr(boxes, "choose_save_file", lambda *_a: path)
    open_elsewhere(person)
    person.click("Copy this app to a file…")
    person.wait_for(path.is_file)
    person.wait_for(lambda: person.window.jobs.current is None)


def open_from(person, path, monkeypatch):
    monkeypatch.setattr(boxes, "choose_file", lambda *_a: path)
    person.look("60-start")
    person.click("Open an app from a file…")
    person.wait_for(lambda: person.window.session is not None)


def test_an_app_moves_to_a_colleague_and_comes_back_merged(person, tmp_path, monkeypatch):
    person.click(person.window.start.sample_rows[0].accessibleName())
    n_texts = count_inputs(person.window.session.db)
    copy_to(person, tmp_path / "mine.textwright", monkeypatch)
    person.look("61-elsewhere")
    person.window.leave()

    open_from(person, tmp_path / "mine.textwright", monkeypatch)
    hers = person.window.session
    assert (hers.name, count_inputs(hers.db)) == ("Spam or not? (2)", n_texts)
    first, second = list_concepts(hers.db)
    spam = [one for one in get_inputs(hers.db, range(1, n_texts + 1)) if first.id in one.positive]
    changed = tuple(one.id for one in spam[:5])
    hers.do(say, AnnotateRequest(changed, second.name, only=True))
    copy_to(person, tmp_path / "hers.textwright", monkeypatch)
    person.window.leave()

    person.wait_for(lambda: len(person.window.start.recent_rows) == 2)
    mine = next(r for r in person.window.start.recent_rows if r.app.name == "Spam or not?")
    person.click(mine.accessibleName())
    monkeypatch.setattr(boxes, "choose_file", lambda *_a: tmp_path / "hers.textwright")
    screen = open_elsewhere(person)
    person.click("Merge with a colleague's copy…")
    person.wait_for(lambda: screen.stack.currentWidget() is screen.merged)
    assert screen.merged.left.text() == "5 texts to settle"
    person.look("62-merged")
    person.click("Take theirs")
    person.wait_for(lambda: screen.merged.left.text() == "4 texts to settle")
    (one,) = get_inputs(person.window.session.db, [changed[0]])
    assert one.positive == (second.id,)


def test_a_model_goes_elsewhere_and_comes_back(person, tmp_path, monkeypatch):
    person.click(person.window.start.sample_rows[0].accessibleName())
    session = person.window.session
    task = session.train(TrainRequest("Mail"))
    person.wait_for(lambda: task.is_over)
    monkeypatch.setattr(boxes, "choose_folder", lambda *_a: tmp_path)
    open_elsewhere(person)
    person.click("Take this model elsewhere…")
    person.wait_for(lambda: bool(list(tmp_path.glob("Mail*/predict.py"))))
    person.wait_for(lambda: person.window.jobs.current is None)
    person.look("63-model-taken")
    (folder,) = tmp_path.glob("Mail*")
    monkeypatch.setattr(boxes, "choose_file", lambda *_a: folder)
    person.click("Bring a model back…")
    person.wait_for(lambda: len(list_model_versions(session.db)) == 2)
    person.wait_for(lambda: person.window.jobs.current is None)
    person.look("64-model-back")
