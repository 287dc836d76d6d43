"""Valid inputs of every kind, each with all that the program does with it."""

import gzip
import hashlib
import itertools
import json
import shutil
from datetime import UTC, datetime
from itertools import islice
from pathlib import Path

from core.app_folder import AppFolder
from core.base_models import check_base_model_folder
from core.files import preview, read
from core.files.app_file import MANIFEST as APP_MANIFEST
from core.files.predicted.growing import GrowingFile, aside_of, journal_of
from core.files.predicted.reading import PredictedReader
from core.jobs import Job
from core.operations.export_model import MANIFEST, load_exactly
from core.operations.growing_rows import count_kept
from core.operations.import_app import ImportAppRequest, import_app
from core.operations.import_model import ImportModelRequest, import_model
from core.operations.predict import unfinished
from core.operations.restore import RestoreRequest, restore
from core.operations.workflow_files import ImportWorkflowRequest, import_workflow
from core.seals import SEAL, is_broken, seal
from core.storage.backups import list_backups, thin_out
from core.templates import delete_template, import_template, read_config, shipped_template
from core.templates.template_file import to_mapping
from core.templates.yaml_text import parse_yaml, write_yaml
from tests.core.hostile import (
    Case,
    Files,
    as_file,
    as_folder,
    as_zip,
    of_folder,
    of_zip,
)
from tests.core.old_workbook import old_workbook
from tests.core.test_files_formats import packed, paragraph, pdf, word, workbook
from tests.core.test_workflow_files import PORTAL

ROWS = [
    ["id", "text", "label", "split"],
    *([i, f"text {i}", "ab"[i % 2], "train"] for i in range(30)),
]
CSV = "\n".join(",".join(map(str, row)) for row in ROWS).encode()
OBJECTS = [{"text": f"text {i}", "labels": ["a", "b"], "more": {"n": i}} for i in range(9)]
LETTERS = "text,label\n" + "Где моя посылка? Верните деньги,а\n" * 20
PACKED = b"""text,concepts,metadata
one,a,"{""case"": 1, ""more"": {""b"": [1]}}"
two,b,"{'case': 'x', 'at': None}"
"""
SAID = b"""text,predicted_concepts,probability,runner_up,runner_up_probability,p:a,p:b
one,a,0.900000,b,0.100000,0.900000,0.100000
two,b,0.800000,a,0.200000,0.200000,0.800000
"""
SAID_LINES = b"""{"text": "one", "predicted_concepts": ["a"], "probability": 1, "p:a": 1, "p:b": 0}
{"text": "two", "predicted_concepts": ["b"], "probability": 0.8, "p:a": 0.2, "p:b": 0.8}
"""
PYTHON = b"""# settings
_base_ = []
template = "full_fine" + "_tuning"
_rate = -1e-5 * -1
batch_size = 2 ** 3
train_params = dict(num_train_epochs=3, learning_rate=_rate)
inference_params = {"select_concepts": ["a", "b"], "max_concepts": None}
"""
WORKFLOW = (
    PORTAL
    + """\
    - id: cut
      model: {model_id: c, model_type_id: text-splitter, output_info: {params: {max_chars: 300}}}
"""
)


def table(path):
    """Read a file as an import does, to its end."""
    for row in islice(read(path, preview(path).mapping), 100_000):
        assert row.cells is not None


def predictions(path):
    list(PredictedReader(path))


def _file(name, content, reader=table):
    return Case({"": content}, as_file(name), reader)


def _office(name, path, reader=table):
    """Return an office file, both as it is and with what it packs open to harm."""
    return {
        name: _file(name, path.read_bytes(), reader),
        f"in {name}": Case(of_zip(path), as_zip(name), reader),
    }


def _as_gzip(folder: Path, files: Files) -> Path:
    (folder / "a.csv.gz").write_bytes(gzip.compress(files[""], 1))
    return folder / "a.csv.gz"


def tables_cases(place: Path) -> dict[str, Case]:
    documents = {f"{c}/{i}.txt": f"text {i}".encode() for c in "ab" for i in range(4)}
    lines = "\n".join(map(json.dumps, OBJECTS)).encode()
    return {
        "csv": _file("a.csv", CSV),
        "tsv": _file("a.tsv", CSV.replace(b",", b"\t")),
        "wide csv": _file("a.csv", CSV.decode().encode("utf-16")),
        "csv.gz": _file("a.csv.gz", gzip.compress(CSV)),
        "json": _file("a.json", json.dumps(OBJECTS).encode()),
        "json object": _file("a.json", json.dumps({"n": 1, "inputs": OBJECTS}).encode()),
        "jsonl": _file("a.jsonl", lines),
        "portal": _file("a.jsonl", json.dumps({"data": {"text": {"raw": "x"}}}).encode()),
        "zipped csv": _file("a.zip", packed(place / "c.zip", {"a.csv": CSV}).read_bytes()),
        "folder": Case(documents, as_folder, table),
        "pdf": _file("a.pdf", pdf(place / "a.pdf", *["a line of words"] * 9).read_bytes()),
        "predicted csv": _file("a.csv", SAID, predictions),
        "predicted jsonl": _file("a.jsonl", SAID_LINES, predictions),
        "old workbook": _file("a.xls", old_workbook(place / "a.xls", ROWS).read_bytes()),
        "old letters": _file("a.csv", LETTERS.encode("cp1251")),
        "packed details": _file("a.csv", PACKED),
        "in csv.gz": Case({"": CSV}, _as_gzip, table),
        "in zipped csv": Case({"a.csv": CSV}, as_zip("a.zip"), table),
        "zipped lines": Case({"a.jsonl": lines}, as_zip("a.zip"), table),
        **_office("a.zip", packed(place / "a.zip", documents)),
        **_office("a.xlsx", workbook(place / "a.xlsx", {"A": ROWS, "B": ROWS[:2]})),
        **_office("a.docx", word(place / "a.docx", paragraph("<w:t>words</w:t>") * 9)),
        **_office(
            "said.xlsx",
            workbook(place / "said.xlsx", {"A": [r.split(",") for r in SAID.decode().split()]}),
            predictions,
        ),
    }


def template(path):
    """Take a file of settings in as a template, and out again."""
    read_config(path)
    delete_template(import_template(path, type="text-classifier").name)


def settings_cases(app: AppFolder) -> dict[str, Case]:
    fine = to_mapping(shipped_template("text-classifier", "HuggingFace_AdvancedConfig")) | {
        "name": "mine"
    }

    def workflow(path):
        import_workflow(app, ImportWorkflowRequest(path), Job())

    return {
        "template yaml": _file("a.yaml", write_yaml(fine).encode(), template),
        "template values": _file("a.yaml", json.dumps(fine).encode(), template),
        "template json": _file("a.json", json.dumps(fine).encode(), template),
        "python": _file("a.py", PYTHON, template),
        "python bases": Case(
            {"a.py": b"_base_ = 'b.py'\nseed = 1", "c/d.py": b"train_params = dict(_delete_=True)",
             "b.py": b"_base_ = ['c/d.py']\nseed = 8\ntemplate = 'encoder_lora'"},
            lambda folder, files: as_folder(folder, files) / "a.py",
            template,
        ),
        "workflow yaml": _file("a.yaml", WORKFLOW.encode(), workflow),
        "workflow values": _file("a.yaml", json.dumps(parse_yaml(WORKFLOW, "")).encode(), workflow),
    }  # fmt: skip


def summed(content):
    return hashlib.sha256(content).hexdigest()


def model_summed(files):
    """Return the files of a model with the checksums that they have."""
    try:
        told = json.loads(files[MANIFEST])
        places = dict(told["files"])
        own = {name: files[place] for name, place in places.items() if name != SEAL}
        files = {**files, places[SEAL]: json.dumps({n: summed(c) for n, c in own.items()}).encode()}
        told["sha256"] = {name: summed(files[place]) for name, place in places.items()}
    except (KeyError, ValueError, TypeError, AttributeError, RecursionError):
        return files
    return files | {MANIFEST: json.dumps(told).encode()}


def _app_summed(files):
    try:
        told = json.loads(files[APP_MANIFEST])
        told["files"] = {name: summed(files[name]) for name in told["files"]}
    except (KeyError, ValueError, TypeError, AttributeError, RecursionError):
        return files
    return files | {APP_MANIFEST: json.dumps(told).encode()}


def _exported(folder: Path) -> Files:
    """Return a model that was taken along, without what only people read."""
    files = of_folder(folder)
    return {name: files[name] for name in files if not name.endswith((".py", ".md"))}


def brought_cases(place: Path, app: AppFolder, tmp_path: Path) -> dict[str, Case]:
    numbers = itertools.count()
    base, moved = of_folder(place / "bert"), place / "a.textwright"
    model, *deep = (_exported(place / name) for name in ("out", "deep", "lora", "writer"))

    def base_model(path):
        check_base_model_folder(path, Job())

    def brought_model(path):
        version = import_model(app, ImportModelRequest(path, f"m{next(numbers)}"), Job())
        version = version.model_version
        load_exactly(app.models / version.folder, version)

    def brought_app(path):
        place = tmp_path / "apps" / f"{next(numbers)}"
        brought = import_app(ImportAppRequest(path, place), Job()).app
        with brought.database() as db:
            assert db.execute("SELECT COUNT(*) FROM inputs").fetchone()
        shutil.rmtree(place)

    def zipped(folder, files):
        return as_zip("a.zip")(folder, files)

    whole = zipped(tmp_path, base).read_bytes()
    return {
        "base model": Case(base, as_folder, base_model),
        "base model zip": _file("a.zip", whole, base_model),
        "base model in zip": Case(base, zipped, base_model),
        "model": Case(model, as_folder, brought_model, model_summed),
        **{
            f"deep model {n}": Case(one, as_folder, brought_model, model_summed)
            for n, one in enumerate(deep, start=1)
        },
        "model in zip": Case(model, zipped, brought_model, model_summed),
        "app file": _file("a.textwright", moved.read_bytes(), brought_app),
        "in app file": Case(of_zip(moved), as_zip("a.textwright"), brought_app, _app_summed),
    }


def journal(path):
    """Do with what is left of a stopped prediction all that the program does."""
    out = path / "out.csv"
    unfinished(out)
    count_kept(out)
    file = GrowingFile(out, ABOUT)
    file.go_on()
    file.leave()


ABOUT = {"prediction": 1, "model": "mail", "number": 1, "rows": {"path": "a.csv", "mapping": {}}}


def kept_cases(place: Path, app: AppFolder, tmp_path: Path) -> dict[str, Case]:
    notes = [ABOUT, *({"rows": n, "bytes": n * 5, "tally": {}} for n in (1, 2, 3))]
    out = Path("out.csv")
    lines = "\n".join(map(json.dumps, notes)).encode()
    left = {str(aside_of(out)): b"text\n" * 4, str(journal_of(out)): lines}
    backup = {
        f"00001-aaaaaaaa/{n}": c for n, c in of_folder(list_backups(app.backups)[0].path).items()
    }

    def backups(path):
        shutil.rmtree(app.backups)
        shutil.copytree(path, app.backups)
        thin_out(app.backups, datetime.now(UTC))
        restore(app, RestoreRequest(), Job())

    folder = tmp_path / "sealed"
    folder.mkdir()
    (folder / "a.json").write_text("{}")
    seal(folder)
    return {
        "journal": Case(left, as_folder, journal),
        "backup": Case(backup, as_folder, backups),
        "seal": Case(of_folder(folder), as_folder, is_broken),
    }
