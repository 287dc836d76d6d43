"""Commands that train and use models."""

from pathlib import Path

from core import tables
from core.app_folder import MAIN_DATASET
from core.cli.inputs import mapping_of
from core.cli.terminal import Add, Answer, Arguments, app_of, with_app
from core.i18n import _
from core.jobs import Job
from core.learning.settings import EmbeddingClassifierSettings, parse_settings
from core.operations.evaluate import EvaluateRequest, evaluate
from core.operations.predict import PredictRequest, predict
from core.operations.train import TrainRequest, train
from core.operations.try_text import TryRequest, try_text
from core.records import EMBEDDING_CLASSIFIER
from core.storage.evaluations import find_own_evaluation
from core.storage.models import list_model_versions


def add_commands(add: Add) -> None:
    """Add them."""
    command = with_app(add("train", _run_train, "train a model"))
    command.add_argument("--model", required=True, metavar="NAME")
    command.add_argument("--type", default=EMBEDDING_CLASSIFIER)
    command.add_argument("--dataset", metavar="NAME", default=MAIN_DATASET)
    command.add_argument("--version", type=int, default=0, metavar="N", help="of the dataset")
    command.add_argument("--concept", metavar="C", action="append", default=[])
    command.add_argument("--set", metavar="KEY=VALUE", action="append", default=[])
    with_app(add("models", _run_models, "list the trained models"))
    command = with_app(add("evaluate", _run_evaluate, "score a model"))
    command.add_argument("model", metavar="MODEL")
    command.add_argument("--number", type=int, default=0, metavar="N", help="version of the model")
    command.add_argument("--dataset", metavar="NAME", default="")
    command.add_argument("--cross-validate", type=int, default=0, metavar="K")
    command = with_app(add("try", _run_try, "ask a model about a text"))
    command.add_argument("model", metavar="MODEL")
    command.add_argument("text", metavar="TEXT")
    command = with_app(add("predict", _run_predict, "predict every text of a file"))
    command.add_argument("model", metavar="MODEL")
    command.add_argument("file", type=Path, metavar="FILE")
    command.add_argument("--out", type=Path, required=True, metavar="FILE")
    command.add_argument("--text", metavar="COL", help="column of the text")


def _run_train(arguments: Arguments, job: Job) -> Answer:
    request = TrainRequest(
        model=arguments.model,
        type=arguments.type,
        dataset=arguments.dataset,
        version=arguments.version,
        concepts=tuple(arguments.concept),
        settings=parse_settings(EmbeddingClassifierSettings, arguments.set),
    )
    app = app_of(arguments)
    with app.locked():
        result = train(app, request, job)
    version = result.model_version
    head = _("“{model}”, version {number}, is trained in {seconds:.1f} s").format(
        model=version.model, number=version.number, seconds=version.summary["seconds"]
    )
    value = {"model": version.model, "version": version.number, "status": "MODEL_TRAINED"}
    value |= {"summary": version.summary, "evaluation": result.evaluation.report}
    return Answer(value, f"{head}\n\n{tables.scores(result.evaluation)}")


def _run_models(arguments: Arguments, _job: Job) -> Answer:
    with app_of(arguments).database() as db:
        versions = list_model_versions(db)
        own = [find_own_evaluation(db, version.id) for version in versions]
    reports = [evaluation.report if evaluation else {} for evaluation in own]
    heads = (_("Model"), _("Version"), _("Type"), _("Trained"), _("Right answers"), _("Macro F1"))
    rows = [
        (
            version.model,
            version.number,
            version.type,
            f"{version.created:%Y-%m-%d %H:%M}",
            report.get("top1_accuracy"),
            report.get("macro_avg_f1_score"),
        )
        for version, report in zip(versions, reports, strict=True)
    ]
    keys = ("model", "version", "type", "created", "top1_accuracy", "macro_avg_f1_score")
    status = {"status": "MODEL_TRAINED"}
    value = [dict(zip(keys, row, strict=True)) | status for row in rows]
    return Answer(value, tables.table(heads, rows) if rows else _("No models yet"))


def _run_evaluate(arguments: Arguments, job: Job) -> Answer:
    request = EvaluateRequest(
        arguments.model, arguments.number, arguments.dataset, arguments.cross_validate
    )
    app = app_of(arguments)
    with app.locked():
        evaluation = evaluate(app, request, job).evaluation
    value = {"method": evaluation.method, "n_folds": evaluation.n_folds} | evaluation.report
    return Answer(value, tables.scores(evaluation))


def _run_try(arguments: Arguments, job: Job) -> Answer:
    result = try_text(app_of(arguments), TryRequest(arguments.model, arguments.text), job)
    heads = (_("Concept"), _("Probability"))
    rows = [(p.concept, p.probability) for p in result.predictions]
    answer = ", ".join(result.chosen) or _("None of your concepts")
    value = {
        "chosen": list(result.chosen),
        "predictions": [{"concept": c, "probability": p} for c, p in rows],
        "neighbours": [
            {"text": n.text, "concepts": list(n.concepts), "similarity": n.similarity}
            for n in result.neighbours
        ],
    }
    return Answer(value, f"{answer}\n\n{tables.table(heads, rows)}")


def _run_predict(arguments: Arguments, job: Job) -> Answer:
    mapping = mapping_of(arguments)
    request = PredictRequest(arguments.model, arguments.file, arguments.out, mapping)
    result = predict(app_of(arguments), request, job)
    text = _("{n} texts predicted into {path}; {skipped} rows could not be read").format(
        n=result.n_predicted, path=result.out, skipped=result.n_skipped
    )
    value = {"out": str(result.out), "predicted": result.n_predicted}
    return Answer(value | {"skipped": result.n_skipped, "counts": result.counts}, text)
