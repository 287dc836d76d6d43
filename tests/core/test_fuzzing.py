"""Whatever is brought in: read, or refused in two sentences. Never a crash, endless time, memory.

Every reader gets valid inputs that were harmed (`tests/core/hostile.py` says how) and inputs that
somebody made to do harm. What once broke a reader stays here by name.
"""

import json
import os
import shutil
import zipfile
from dataclasses import asdict
from pathlib import Path

import pytest

from core.app_folder import AppFolder, create_app_folder
from core.base_models import add_base_model
from core.errors import UserError
from core.files import preview, read
from core.files.predicted.growing import aside_of, journal_of
from core.files.predicted.reading import PredictedReader
from core.holder import NOTE, find_holder, this_process
from core.jobs import Job
from core.learning.classifier_settings import EmbeddingClassifierSettings
from core.learning.text_classifier_settings import EncoderLoraSettings, FullFineTuningSettings
from core.learning.text_to_text_settings import OwnTextToTextSettings
from core.operations.add_texts import AddTextsRequest, add_texts
from core.operations.back_up import BackUpRequest, back_up
from core.operations.export_app import ExportAppRequest, export_app
from core.operations.export_model import MANIFEST, ExportModelRequest, export_model
from core.operations.growing_rows import count_kept
from core.operations.import_model import ModelRefusedError
from core.operations.merge_app import MergeAppRequest, merge_app
from core.operations.train import TrainRequest, train
from core.operations.train_elsewhere import TakeAlongRequest, take_training_along
from core.operations.workflow_files import ImportWorkflowRequest, import_workflow
from core.records import TEXT_CLASSIFIER, TEXT_TO_TEXT
from core.seals import SEAL, is_broken
from core.storage.backups import list_backups
from core.storage.trust import StrangeDatabaseError
from tests.core.conftest import HAM, SPAM
from tests.core.guided import keep_failures, search
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
from tests.core.hostile_kept import (
    cells_cases,
    checkpoint_cases,
    home_cases,
    returning_cases,
    said_cases,
)
from tests.core.readers import noted, reading_functions
from tests.core.test_files_formats import packed
from tests.core.test_train_elsewhere import request_for
from tests.core.tiny_models import make_sentence_transformer, make_tiny

FEW, MANY = 5, 300
OUR_OWN = {
    # what ships with the program, or only this process wrote
    "resources.py": ("read_bytes", "read_text"),
    "operations/create_sample.py": ("list_samples",),
    "operations/look_into_predictions.py": ("_Index._rows",),
    "files/predicted/writer.py": ("PredictionsFile._pack",),
    "learning/text_to_text/loading.py": ("adapter_of",),
    "logs.py": ("take_last_end",),  # shown as it is
    "ends.py": ("take_lost",),
    "storage/database.py": ("make_schema", "_migrate"),
    "offline.py": ("_counters",),  # of the system
    # what is typed as a setting, and said to be wrong
    "learning/settings.py": ("_json_or_word",),
    # archives that are written
    "files/app_file.py": ("write_app_file",),
    "operations/export_model.py": ("_pack",),
    # what was checked when it came in (`base_models`, `import_model`), or sealed by us
    "learning/embedders/library.py": ("LibraryReader.__init__",),
    "learning/embedders/static.py": ("read_vectors",),
    "learning/fine_tuning/hugging_face_networks.py": ("_fill",),
    "learning/portable/networks.py": ("_forget_place", "_write_encoder"),
    "learning/portable/readers.py": ("write_reader",),
    "learning/portable/to_onnx.py": ("_Sentences.__init__",),
    "learning/portable/writers.py": ("_write_tokenizer", "write_writer"),
    "learning/text_classifier/network.py": ("most_positions",),
    "learning/text_classifier/saving.py": ("load_earlier",),
    "learning/text_to_text/reading.py": ("_byte_pairs",),
    "learning/text_to_text/saving.py": ("_save_network", "load_adapter"),
    # what `check_kept` looks at when an app comes in
    "storage/data_checks.py": ("_check", "get_groups"),
    "storage/imports.py": ("_cells",),
    "storage/merges.py": ("_merge", "_theirs", "list_disagreements"),
    "storage/topics.py": ("_run_of",),
    # called where halves of characters are: see `test_nonsense_apps`
    "storage/cells.py": ("_is_text",),
}
ON_TINY = {"base_model": "tiny", "num_train_epochs": 1, "device": "cpu"}
ON_GPT = {**ON_TINY, "base_model": "gpt-neo-125m", "max_new_tokens": 4}
DEEP = {
    name: TrainRequest(name, type=type_, settings=settings, template=template)
    for name, type_, template, settings in (
        ("deep", TEXT_CLASSIFIER, "full_fine_tuning", FullFineTuningSettings(**ON_TINY)),
        ("lora", TEXT_CLASSIFIER, "encoder_lora", EncoderLoraSettings(**ON_TINY)),
        ("writer", TEXT_TO_TEXT, "writer", OwnTextToTextSettings(**ON_GPT)),
    )
}


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
        add_base_model(make_tiny(place / "gpt-neo-125m", "gpt_neo"), Job())
        for name, request in DEEP.items():
            train(app, request, Job())
            export_model(app, ExportModelRequest(name, place / name), Job())
        take_training_along(app, TakeAlongRequest(request_for(), place / "along"), Job())
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
def attacked(tmp_path, tell):
    """Return a function that attacks cases; where it tries many it says what came of them."""

    def attacked(cases, n):
        for name, case in cases.items():
            folder = tmp_path / f"attack {name}"
            folder.mkdir()
            tally = attack(case, folder, n)
            shutil.rmtree(folder)
            if n > FEW:
                tell(f"{name:20} {tally.n_read:6} read {tally.n_refused:6} refused, 0 failed")

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
def test_harmed_preferences_and_returning_trainings_are_read_or_refused(
    built, computer, tmp_path, attacked, n
):
    attacked(returning_cases(built / "along", computer), n)
    attacked(home_cases(tmp_path), n)


@HOW_MANY
def test_what_an_app_from_elsewhere_keeps_is_ours_or_the_app_is_refused(
    computer, tmp_path, attacked, n
):
    attacked(said_cases(tmp_path) | checkpoint_cases(tmp_path), n)
    attacked(cells_cases(computer, tmp_path), n)


@HOW_MANY
def test_harmed_notes_of_our_own_are_read_or_refused(built, computer, tmp_path, attacked, n):
    attacked(kept_cases(built, computer, tmp_path), n)


@pytest.fixture
def all_cases(built, computer, tmp_path):
    """Return every case, and the app that they are read into."""
    cases = tables_cases(tmp_path) | settings_cases(computer)
    cases |= returning_cases(built / "along", computer) | said_cases(tmp_path)
    cases |= brought_cases(built, computer, tmp_path) | checkpoint_cases(tmp_path)
    cases |= cells_cases(computer, tmp_path)
    return cases | kept_cases(built, computer, tmp_path) | home_cases(tmp_path)


def test_every_reader_of_ours_is_attacked_or_reads_nothing_of_others(all_cases, tmp_path):
    called = set()
    for name, case in all_cases.items():
        folder = tmp_path / f"read {name}"
        folder.mkdir()
        path = case.write(folder, case.files)
        with noted(called):
            case.read(path)
    left = reading_functions() - called
    listed = {(file, name) for file, names in OUR_OWN.items() for name in names}
    assert left - listed == set()


@pytest.mark.slow
def test_a_search_led_by_the_lines_that_it_reaches_finds_nothing_that_breaks(
    all_cases, tmp_path, tell
):
    seconds = float(os.environ.get("TEXTWRIGHT_FUZZ_SECONDS", "240"))
    seed = int(os.environ.get("TEXTWRIGHT_FUZZ_SEED", "555"))
    chosen = os.environ.get("TEXTWRIGHT_FUZZ_CASES", "")
    cases = {n: c for n, c in all_cases.items() if not chosen or n in chosen.split(",")}
    failures, n_tried, n_ways = {}, 0, 0
    for name, case in cases.items():
        folder = tmp_path / f"search {name}"
        folder.mkdir()
        found = search(case, folder, seconds / len(cases), seed)
        keep_failures(name, found.failures, tmp_path)
        failures |= {f"{name}: {where}": files for where, files in found.failures.items()}
        n_tried, n_ways = n_tried + found.n_tried, n_ways + len(found.pool) - 1
        tell(f"{name:24} {found.told}")
    tell(f"{n_tried} inputs tried, {n_ways} new ways, {len(failures)} failed")
    assert sorted(failures) == []


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


def test_a_file_without_a_name_in_an_archive_is_passed_over(tmp_path):
    path = packed(tmp_path / "a.zip", {"a.txt": "one", "b.txt": "two"})
    nameless = zipfile.ZipInfo("c.txt")
    nameless.filename = ""
    with zipfile.ZipFile(path, "a") as archive:
        archive.writestr(nameless, "three")
    assert len(list(read(path, preview(path).mapping))) == 2


def test_a_refusal_is_one_line_of_bounded_length_whatever_the_name_in_it(tmp_path):
    path = tmp_path / "a.json"
    path.write_text(json.dumps({"template": "\u202e\n\ud800\x1b" + "[" * 100_000, "seed": 1}))
    with pytest.raises(UserError) as refused:
        template(path)
    assert len(str(refused.value)) < 700
    assert str(refused.value).isprintable()


def test_a_comparison_that_is_a_list_is_refused(app, tmp_path):
    path = tmp_path / "a.yaml"
    info = "{params: {concept_threshold_type: []}}"
    model = f"{{model_type_id: concept-thresholder, output_info: {info}}}"
    path.write_text(f"workflow: {{id: w, nodes: [{{id: a, model: {model}}}]}}")
    with pytest.raises(UserError):
        import_workflow(app, ImportWorkflowRequest(path), Job())


def test_a_training_of_a_version_that_is_not_here_does_not_come_back(built, computer, tmp_path):
    case = returning_cases(built / "along", computer)["training coming back"]
    told = json.loads(case.files["training.json"]) | {"dataset_version_id": 1 << 62}
    case.read(case.write(tmp_path, {"training.json": json.dumps(told).encode()}))


@pytest.mark.parametrize("process", [-1, 0, 10**30])
def test_a_note_of_a_process_that_cannot_be_is_of_none_that_runs(tmp_path, process):
    (tmp_path / NOTE).write_text(json.dumps(asdict(this_process()) | {"process": process}))
    assert find_holder(tmp_path).is_running is False


def test_a_device_is_no_file_with_a_checksum(tmp_path):
    (tmp_path / "a.json").symlink_to("/dev/zero")
    (tmp_path / SEAL).write_text(json.dumps({"a.json": "0" * 64}))
    assert is_broken(tmp_path)


@pytest.mark.parametrize(
    ("cell", "words"),
    [
        ("saved_searches/search", '[{"kind": "words"}]'),
        ("saved_searches/search", '[{"kind": "words", "words": 3}]'),
        ("saved_searches/search", "["),
        ("saved_filters/filter", '{"has": 3}'),
        ("inputs/metadata", '{"a": [1]}'),
        ("undo_log/cells", "{}"),
        ("model_versions/concepts", "[1]"),
        ("concepts/examples", "[1]"),
    ],
)
def test_an_app_that_keeps_nonsense_is_refused_at_the_door(computer, tmp_path, cell, words):
    case = cells_cases(computer, tmp_path)["cells of an app"]
    files = {n: words.encode() if n.startswith(cell) else c for n, c in case.files.items()}
    place = tmp_path / "in"
    place.mkdir()
    path = case.write(place, files)
    with pytest.raises(StrangeDatabaseError):
        case.read(path)
    with pytest.raises(StrangeDatabaseError):
        merge_app(computer, MergeAppRequest(path), Job())


def test_half_a_character_in_a_file_of_settings_is_refused_in_words_that_can_be_written(tmp_path):
    path = tmp_path / "a.json"
    path.write_text('{"seed": "\\udfff"}')
    with pytest.raises(UserError) as refused:
        template(path)
    assert str(refused.value).encode().decode().isprintable()
