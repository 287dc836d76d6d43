"""The verbs that are killed, each as steps that an analyst takes one after the other.

A step is a function of a place, a folder with `app`, `in`, `out`, `home` and `tmp`. What a step
did must be there when the next one has begun.
"""

import importlib
import shutil
import sqlite3
import sys
from collections.abc import Callable
from contextlib import ExitStack, closing, contextmanager
from dataclasses import dataclass, replace
from functools import partial
from pathlib import Path

from core.app_folder import AppFolder, create_app_folder
from core.files import preview
from core.jobs import Job
from core.learning.classifier_settings import EmbeddingClassifierSettings
from core.operations import edit_concepts as concepts
from core.operations import edit_inputs as inputs
from core.operations import empty_bin as binning
from core.operations import import_texts as importing
from core.operations import parts
from core.operations.add_texts import AddTextsRequest, add_texts
from core.operations.annotate import AnnotateRequest, AnswerRequest, annotate
from core.operations.back_up import BackUpRequest, back_up
from core.operations.delete_backup import BackupDeletion, delete_one_backup
from core.operations.export_app import ExportAppRequest, export_app
from core.operations.export_inputs import ExportRequest, export_inputs
from core.operations.freeze_dataset import FreezeRequest, freeze_dataset
from core.operations.import_app import ImportAppRequest, import_app
from core.operations.restore import RestoreRequest, restore
from core.operations.train import TrainRequest, is_resumable, resume, train
from core.operations.undo import redo, undo
from core.records import Status
from core.storage.backups import list_backups
from core.storage.filters import InputFilter
from core.storage.jobs import list_jobs
from core.storage.models import list_model_versions
from core.storage.thinning import Reason

OLD_APPS = Path(__file__).parents[1] / "old_apps"
WORDS = {
    "spam": ["win", "free", "cash", "prize", "claim", "now", "urgent", "voucher"],
    "ham": ["see", "you", "home", "tonight", "lunch", "late", "milk", "dinner"],
    "work": ["meeting", "report", "budget", "agenda", "minutes", "slides", "room", "office"],
}
SECRET = "unforgettable"  # a word of the texts in the bin
QUICK = TrainRequest("quick", settings=EmbeddingClassifierSettings(enrich_dataset="Disabled"))


class FellingJob(Job):
    """Touches the disk, as far as it is counted, whenever it reports."""

    def report(self, *words):
        sys.audit("textwright.report", words[0])
        super().report(*words)


def app_of(place):
    return AppFolder(place / "app")


def does(operation, request):
    """Return a step that does an operation to the app."""
    return lambda place: operation(app_of(place), request, FellingJob())


def load_quick():
    """Load what the quick verbs need."""
    _load(
        "core.learning.embedding_classifier",
        "core.operations.evaluate",
        "core.operations.predict",
        "tests.core.conftest",
    )


def load_deep():
    """Load what deep trainings and models that go elsewhere need."""
    load_quick()
    _load(
        "sentence_transformers",
        "torch._dynamo",
        "core.learning.portable.networks",
        "core.learning.portable.writers",
        "core.operations.fit_text_classifier",
        "tests.core.tiny_models",
    )


def _load(*names):
    for name in names:
        importlib.import_module(name)


def prepare_quick():
    """Let nothing load real weights, and small apps be treated as large ones are."""
    from core.learning import embedders
    from tests.core.conftest import FakeEmbedder

    embedder = FakeEmbedder()
    embedders.load = lambda _name: embedder
    importing.BATCH, importing.BULK_IMPORT = 50, 100
    parts.PART, inputs.BULK, concepts.BULK = 60, 50, 50
    binning.INPUTS_AT_ONCE, binning.TEXTS_AT_ONCE = 15, 15


def prepare_deep():
    """Let a checkpoint be written at every step."""
    from core.learning.fine_tuning import loop

    loop.CHECKPOINT_S = 0.0


@contextmanager
def held(place):
    """Keep the app as the window does: locked, and its database open."""
    with app_of(place).locked(), app_of(place).database():
        yield


@contextmanager
def locked(place):
    with app_of(place).locked():
        yield


@contextmanager
def alone(_place):
    yield


@dataclass(frozen=True)
class Verb:
    """A verb that is killed.

    Attributes:
        steps: what is done, one after the other.
        template: the place that it begins with, made by this step.
        opened: what holds the app meanwhile.
        load: what is loaded before, in the process that is forked.
        prepare: what is changed for it, in the child.
        between: a step that leads to another state that may be left, by the number of its own.
    """

    steps: tuple[Callable, ...]
    template: str = "plain"
    opened: Callable = held
    load: Callable = load_quick
    prepare: Callable = prepare_quick
    between: dict[int, Callable] | None = None


# Places


def build_plain(place):
    """Make an app with texts, labels, a bin, a version, a model, a backup, and files beside it."""
    app = create_app_folder("Messages", place / "app")
    (place / "out").mkdir()
    (place / "in").mkdir()
    for concept, words in WORDS.items():
        texts = tuple(f"{words[i % 8]} {words[i // 8 % 8]} number {i}" for i in range(40))
        add_texts(app, AddTextsRequest(texts, (concept,)), Job())
    add_texts(app, AddTextsRequest(tuple(f"nobody said {i}" for i in range(100))), Job())
    add_texts(app, AddTextsRequest(tuple(f"{SECRET} {i}" for i in range(40))), Job())
    wanted = InputFilter(containing=SECRET)
    inputs.edit_inputs(app, inputs.InputDeletion(wanted), Job())
    train(app, QUICK, Job())
    annotate(app, AnnotateRequest((121, 122), "ham"), Job())
    back_up(app, BackUpRequest(), Job())
    annotate(app, AnnotateRequest((123, 124), "work"), Job())
    back_up(app, BackUpRequest(), Job())
    annotate(app, AnnotateRequest((125,), "work"), Job())
    lines = [f"a fresh text number {i},{'spam' if i % 2 else 'ham'}" for i in range(220)]
    (place / "in" / "more.csv").write_text("\n".join(["text,label", *lines]), encoding="utf-8")
    export_app(app, ExportAppRequest(place / "in" / "other.textwright"), Job())
    export_app(app, ExportAppRequest(place / "out" / "app.textwright"), Job())
    for ending in ("csv", "jsonl", "xlsx"):
        (place / "out" / f"texts.{ending}").write_bytes(b"older")


def build_old(number, place):
    """Make an app as an earlier Textwright left it."""
    (place / "app" / "models").mkdir(parents=True)
    (place / "out").mkdir()
    (place / "in").mkdir()
    script = (OLD_APPS / f"storage_{number}.sql").read_text(encoding="utf-8")
    with closing(sqlite3.connect(place / "app" / "app.db")) as db:
        db.executescript(script)


def build_deep(place):
    """Make a computer with base models, and an app with a model that can be taken elsewhere."""
    from core.base_models import add_base_model
    from core.operations.export_model import ExportModelRequest, export_model
    from tests.core.tiny_models import make_sentence_transformer, make_tiny

    with ExitStack() as left:
        for make, name in ((make_sentence_transformer, "tiny"), (make_tiny, "bert")):
            folder = place / name
            make(folder)
            left.callback(shutil.rmtree, folder)
            add_base_model(folder, Job())
    app = create_app_folder("Messages", place / "app")
    for concept, words in WORDS.items():
        texts = tuple(f"{words[i % 8]} {words[i // 8 % 8]} number {i}" for i in range(16))
        add_texts(app, AddTextsRequest(texts, (concept,)), Job())
    settings = EmbeddingClassifierSettings(base_embed_model="tiny", enrich_dataset="Disabled")
    train(app, TrainRequest("quick", settings=settings), Job())
    (place / "out").mkdir()
    (place / "in").mkdir()
    export_model(app, ExportModelRequest("quick", place / "in" / "model"), Job())


# Steps that are more than one call


def predict_on(ending, place):
    """Predict a file, from where it was left on if it was."""
    from core.operations import growing_rows, predict_said
    from core.operations import predict as predicting

    growing_rows.KEPT_AFTER_S = -1
    predict_said._Classifier.most_rows = 20
    path, out = place / "in" / "more.csv", place / "out" / f"predicted.{ending}"
    request = predicting.unfinished(out) or predicting.PredictRequest(
        "quick", path, out, preview(path).mapping
    )
    predicting.predict(app_of(place), request, FellingJob())


def note_prediction(ending, place):
    """Leave what is remembered of a prediction before its file is there."""
    predict_on(ending, place)
    (place / "out" / f"predicted.{ending}").unlink()


def train_deep(place):
    """Train, or go on with the training that was interrupted."""
    from core.learning.text_classifier_settings import FullFineTuningSettings
    from core.operations.train import ResumeRequest
    from core.records import TEXT_CLASSIFIER

    app = app_of(place)
    with app.database() as db:
        left = [record for record in list_jobs(db) if is_resumable(app, record)]
    if left:
        resume(app, ResumeRequest(left[0].id), FellingJob())
        return
    settings = FullFineTuningSettings(base_model="bert", num_train_epochs=2, device="cpu")
    template = "full_fine_tuning"
    request = TrainRequest("deep", type=TEXT_CLASSIFIER, template=template, settings=settings)
    train(app, request, FellingJob())


def import_model_here(place):
    from core.operations.import_model import ImportModelRequest, import_model

    request = ImportModelRequest(place / "in" / "model", "back again")
    import_model(app_of(place), request, FellingJob())


def export_model_there(name, place):
    from core.operations.export_model import ExportModelRequest, export_model

    there = place / "out" / name
    if not there.exists():
        export_model(app_of(place), ExportModelRequest("quick", there), FellingJob())


def evaluate_again(place):
    from core.operations.evaluate import EvaluateRequest, evaluate

    evaluate(app_of(place), EvaluateRequest("quick", dataset="texts", n_folds=2), FellingJob())


def import_other(place):
    there = place / "out" / "other"
    if not there.exists():  # as an analyst would see, who looks for it
        request = ImportAppRequest(place / "in" / "other.textwright", there, "Another")
        import_app(request, FellingJob())


def export_as(ending, place):
    request = ExportRequest(place / "out" / f"texts.{ending}", ending)
    export_inputs(app_of(place), request, FellingJob())


def export_app_there(place):
    export_app(app_of(place), ExportAppRequest(place / "out" / "app.textwright"), FellingJob())


def delete_first_backup(place):
    if any(backup.number == 1 for backup in list_backups(app_of(place).backups)):
        delete_one_backup(app_of(place), BackupDeletion(1), FellingJob())


def bring_in(place):
    path = place / "in" / "more.csv"
    request = importing.ImportRequest(path, preview(path).mapping)
    importing.import_texts(app_of(place), request, FellingJob())


def open_app(place):
    """Open the app as the program does when it starts."""
    with app_of(place).locked(), app_of(place).database() as db:
        list_model_versions(db)


def taken_back(place):
    undo(app_of(place), FellingJob())


def done_again(place):
    redo(app_of(place), FellingJob())


KEYS = tuple(
    does(annotate, AnnotateRequest((200 + i,), ("ham", "spam", "work")[i % 3])) for i in range(6)
)
DELETED = does(inputs.edit_inputs, inputs.InputDeletion(tuple(range(1, 81))))
VERBS = {
    "import": Verb((bring_in,)),
    "label": Verb((*KEYS, does(annotate, AnswerRequest((211,), Status.UNSURE)))),
    "label many": Verb((does(annotate, AnnotateRequest(InputFilter(), "work")),)),
    "delete, undo, redo": Verb((DELETED, taken_back, done_again)),
    "delete, undo, delete, redo": Verb(
        (
            does(inputs.edit_inputs, inputs.InputDeletion((1, 2))),
            taken_back,
            does(inputs.edit_inputs, inputs.InputDeletion((2, 3))),
            taken_back,
            done_again,
        ),
        opened=locked,
    ),
    "freeze": Verb((does(freeze_dataset, FreezeRequest(description="as it is")),), opened=locked),
    "rename and merge": Verb(
        (
            does(concepts.edit_concepts, concepts.ConceptEdit(1, "junk", "", "")),
            does(concepts.edit_concepts, concepts.ConceptMerge((2,), 3)),
            taken_back,
        )
    ),
    "train": Verb((does(train, QUICK),), between={0: does(freeze_dataset, FreezeRequest())}),
    "evaluate": Verb((evaluate_again,), between={0: does(freeze_dataset, FreezeRequest())}),
    **{
        f"predict {ending}": Verb(
            (partial(predict_on, ending),), between={0: partial(note_prediction, ending)}
        )
        for ending in ("csv", "xlsx")
    },
    **{f"export {ending}": Verb((partial(export_as, ending),)) for ending in ("csv", "xlsx")},
    "export app": Verb((export_app_there,)),
    "import app": Verb((import_other,)),
    "back up": Verb((does(back_up, BackUpRequest()), does(back_up, BackUpRequest(Reason.TIME)))),
    "delete a backup": Verb((delete_first_backup,)),
    "restore": Verb((does(restore, RestoreRequest(1)),), opened=locked),
    "empty the bin": Verb((does(inputs.edit_inputs, inputs.BinEmptying()),)),
    **{
        f"migrate {number}": Verb((open_app,), template=f"old {number}", opened=alone)
        for number in range(1, 5)
    },
    "train deep": Verb((train_deep,), template="deep", load=load_deep, prepare=prepare_deep),
    "export model": Verb(
        (partial(export_model_there, "model"), partial(export_model_there, "model.zip")),
        template="deep",
        load=load_deep,
        prepare=prepare_deep,
    ),
    "import model": Verb(
        (import_model_here,), template="deep", load=load_deep, prepare=prepare_deep
    ),
}
VERBS |= {
    **{
        f"between {name}": replace(verb, steps=(verb.between[0],))
        for name, verb in VERBS.items()
        if verb.between
    },
    "build plain": Verb((build_plain,), opened=alone),
    "build deep": Verb((build_deep,), opened=alone, load=load_deep, prepare=prepare_deep),
    **{f"build old {n}": Verb((partial(build_old, n),), opened=alone) for n in range(1, 5)},
}
