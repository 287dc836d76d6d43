"""Whatever is brought in: read, or refused in two sentences. Never a crash, endless time, memory.

Every reader gets valid inputs that were harmed (`tests/core/hostile.py` says how) and inputs that
somebody made to do harm. What once broke a reader stays here by name.
"""

import json
import shutil
import sys
import zipfile
from pathlib import Path

import pytest

from core.app_folder import AppFolder, create_app_folder
from core.base_models import add_base_model
from core.errors import UserError
from core.files.predicted.growing import aside_of, journal_of
from core.files.predicted.reading import PredictedReader
from core.jobs import Job
from core.learning.classifier_settings import EmbeddingClassifierSettings
from core.operations.add_texts import AddTextsRequest, add_texts
from core.operations.back_up import BackUpRequest, back_up
from core.operations.export_app import ExportAppRequest, export_app
from core.operations.export_model import MANIFEST, ExportModelRequest, export_model
from core.operations.import_model import ModelRefusedError
from core.operations.growing_rows import count_kept
from core.operations.train import TrainRequest, train
from core.operations.workflow_files import ImportWorkflowRequest, import_workflow
from core.seals import SEAL, is_broken
from core.storage.backups import list_backups
from tests.core.conftest import HAM, SPAM
from tests.core.hostile import (
    Case,
    Tally,
    as_zip,
    attack,
    meet,
)
from tests.core.hostile_cases import (
    ABOUT,
    SAID,
    brought_cases,
    journal,
    kept_cases,
    model_summed,
    settings_cases,
    table,
    tables_cases,
    template,
)
from tests.core.tiny_models import make_sentence_transformer, make_tiny

FEW, MANY = 9, 300


@pytest.fixture(scope="module")
def built(tmp_path_factory):
    """A computer with a small base model and an app that has a model, taken along both."""
    place = tmp_path_factory.mktemp("built")
    with pytest.MonkeyPatch.context() as patch:
        patch.setenv("TEXTWRIGHT_HOME", str(place / "home"))
        make_tiny(place / "bert")
        add_base_model(make_sentence_transformer(place / "tiny"), Job())
        app = create_app_folder("Messages", place / "messages")
        for texts, concept in ((SPAM, "spam"), (HAM, "ham")):
            add_texts(app, AddTextsRequest(texts, (concept,)), Job())
        export_app(app, ExportAppRequest(place / "a.textwright"), Job())
        back_up(app, BackUpRequest(), Job())
        settings = EmbeddingClassifierSettings(base_embed_model="tiny")
        train(app, TrainRequest("mail", settings=settings), Job())
        export_model(app, ExportModelRequest("mail", place / "out"), Job())
    return place


@pytest.fixture
def computer(built, tmp_path, monkeypatch):
    """That computer, with an app of one's own."""
    monkeypatch.setenv("TEXTWRIGHT_HOME", str(shutil.copytree(built / "home", tmp_path / "home")))
    return AppFolder(Path(shutil.copytree(built / "messages", tmp_path / "app")))


HOW_MANY = pytest.mark.parametrize(
    "n", [FEW, pytest.param(MANY, marks=pytest.mark.slow)], ids=["few", "many"]
)


@pytest.fixture
def attacked(tmp_path, capsys):
    """Return a function that attacks cases; where it tries many it says what came of them."""

    def attacked(cases, n):
        for name, case in cases.items():
            folder = tmp_path / f"attack {name}"
            folder.mkdir()
            tally = attack(case, folder, n)
            shutil.rmtree(folder)
            if n > FEW:
                with capsys.disabled():
                    words = f"{name:20} {tally.n_read:6} read {tally.n_refused:6} refused, 0 failed"
                    sys.stdout.write(f"\n{words}")

    return attacked


@HOW_MANY
def test_harmed_tables_and_documents_are_read_or_refused(tmp_path, attacked, n):
    attacked(tables_cases(tmp_path), n)


@HOW_MANY
def test_harmed_settings_and_workflows_are_read_or_refused(app, attacked, n):
    attacked(settings_cases(app), n)


@HOW_MANY
def test_harmed_models_and_apps_are_read_or_refused(built, computer, tmp_path, attacked, n):
    attacked(brought_cases(built, computer, tmp_path), n)


@HOW_MANY
def test_harmed_notes_of_our_own_are_read_or_refused(built, computer, tmp_path, attacked, n):
    attacked(kept_cases(built, computer, tmp_path), n)


# What somebody makes to do harm


EVIL = {
    "a way up": ("../../up.json", 0o644),
    "a way to the root": ("/textwright-up.json", 0o644),
    "a link": ("link.json", 0o120777),
    "a way up with the other stroke": ("..\\up.json", 0o644),
    "a name from the right": ("\u202enosj.exe", 0o644),
    "half a character": ("a\udc80.json", 0o644),
}


@pytest.mark.parametrize(("name", "mode"), EVIL.values(), ids=EVIL)
def test_what_leads_out_of_an_archive_leads_nowhere(built, computer, tmp_path, name, mode):
    cases = brought_cases(built, computer, tmp_path)
    inner = tmp_path / "inner"
    inner.mkdir()
    for kind in ("base model in zip", "model in zip", "in app file", "folder"):
        case = cases.get(kind) or Case({"a/1.txt": b"one"}, as_zip("a.zip"), table)
        path = case.write(inner, case.files)
        entry = zipfile.ZipInfo(name.encode(errors="replace").decode())
        entry.external_attr = mode << 16
        with zipfile.ZipFile(path, "a") as archive:
            archive.writestr(entry, "/etc/passwd")
        before = {p for p in tmp_path.rglob("*") if "apps" not in p.parts and "app" not in p.parts}
        meet(case.read, path, Tally())
        after = {p for p in tmp_path.rglob("*") if "apps" not in p.parts and "app" not in p.parts}
        assert {p for p in after - before if not p.name.startswith(".")} == set()
        assert not Path("/textwright-up.json").exists()
        path.unlink()


# What once broke a reader


def test_a_seal_that_names_other_places_is_broken_and_none_of_them_is_read(tmp_path):
    for name in ("/dev/zero", "../seal.json", "a\0b", ""):
        (tmp_path / SEAL).write_text(json.dumps({name: "0" * 64}))
        assert is_broken(tmp_path)
    (tmp_path / SEAL).write_text("[" * 100_000)
    assert is_broken(tmp_path)


@pytest.mark.parametrize("content", [b"[" * 100_000, b"[]", b'{"format": 1}'])
def test_a_model_whose_words_are_of_another_shape_is_refused(built, computer, tmp_path, content):
    case = brought_cases(built, computer, tmp_path)["model"]
    place = json.loads(case.files[MANIFEST])["files"]["classifier.json"]
    path = case.write(tmp_path, model_summed({**case.files, place: content}))
    with pytest.raises(ModelRefusedError):
        case.read(path)


@pytest.mark.parametrize(
    "note",
    [b"{}", b'{"bytes": "1"}', b'{"bytes": -1}', b'{"bytes": 1, "rows": null}', b"[" * 99_999],
)
def test_a_journal_is_read_up_to_what_is_no_note_of_ours(tmp_path, note):
    lines = [json.dumps(ABOUT).encode(), b'{"rows": 1, "bytes": 5}', note]
    journal_of(tmp_path / "out.csv").write_bytes(b"\n".join(lines))
    aside_of(tmp_path / "out.csv").write_bytes(b"text\n" * 4)
    journal(tmp_path)
    assert count_kept(tmp_path / "out.csv") == 1


@pytest.mark.parametrize(
    "told",
    [{"number": None}, {"number": 1.5}, {"number": {}}, {"created": "2020-01-01"}, {"counts": {}}],
)
def test_a_backup_that_tells_nonsense_is_none(built, computer, told):
    (backup,) = list_backups(computer.backups)
    file = backup.path / "backup.json"
    file.write_text(json.dumps(json.loads(file.read_text()) | told))
    assert list_backups(computer.backups) == []
    file.write_text("[" * 100_000)
    assert list_backups(computer.backups) == []


def test_predictions_without_one_of_their_columns_are_read(tmp_path):
    path = tmp_path / "a.csv"
    path.write_bytes(SAID.replace(b"runner_up_probability", b"other"))
    assert [row.runner_up_probability for row in PredictedReader(path)] == [0.0, 0.0]


def test_a_workflow_with_an_endless_name_of_a_node_is_refused_in_a_short_sentence(app, tmp_path):
    path = tmp_path / "a.yaml"
    path.write_text(f"workflow: {{id: w, nodes: [{{id: {'9' * 5000}, model: 3}}]}}")
    with pytest.raises(UserError) as refused:
        import_workflow(app, ImportWorkflowRequest(path), Job())
    assert len(str(refused.value)) < 300


def test_half_a_character_in_a_file_of_settings_is_refused_in_words_that_can_be_written(tmp_path):
    path = tmp_path / "a.json"
    path.write_text('{"seed": "\\udfff"}')
    with pytest.raises(UserError) as refused:
        template(path)
    assert str(refused.value).encode().decode().isprintable()
