"""Commands that predict whole files, and make something of what came of it."""

from pathlib import Path

from core.app_folder import MAIN_DATASET
from core.cli.inputs import mapping_of
from core.cli.terminal import Add, Answer, Arguments, UsageError, app_of, with_app, with_model
from core.files import Mapping
from core.i18n import _, ngettext
from core.jobs import Job, JobCancelled
from core.operations.growing_rows import count_kept
from core.operations.look_into_predictions import PredictionFilter
from core.operations.predict import PredictRequest, PredictResult, predict
from core.operations.save_predictions import SaveRequest, save_predictions
from core.operations.use_predictions import UseRequest, use_predictions
from core.wording import number


def add_commands(add: Add) -> None:
    """Add them."""
    command = with_model(add("predict", _run_predict, "predict every text of a file"))
    command.add_argument("file", type=Path, metavar="FILE", nargs="?", help="or a folder")
    command.add_argument("--dataset", metavar="NAME", default="", help="instead of a file")
    command.add_argument("--version", type=int, default=0, metavar="N", help="of the dataset")
    command.add_argument("--out", type=Path, required=True, metavar="FILE", help=OUT)
    command.add_argument("--text", metavar="COL", help="column of the text")
    command.add_argument("--resume", action="store_true", help="go on with what was stopped")

    command = with_app(add("use-predictions", _run_use, "make labels of a file of predictions"))
    command.add_argument("file", type=Path, metavar="FILE", help="that “predict” wrote")
    command.add_argument("--accept", type=_share, default=0.9, metavar="PROBABILITY", help=ACCEPT)
    command.add_argument("--concept", metavar="C", default="", help="only texts with this answer")
    command.add_argument("--needs-person", action="store_true", help="only those left for people")
    command.add_argument("--unlike", action="store_true", help="only those unlike the training")
    command.add_argument("--from", dest="low", type=_share, default=0.0, metavar="PROBABILITY")
    command.add_argument("--to", dest="high", type=_share, default=1.0, metavar="PROBABILITY")
    command.add_argument("--out", type=Path, metavar="FILE", help="only write these texts there")
    command.add_argument("--dataset", metavar="NAME", default=MAIN_DATASET)
    command.add_argument("--only-known", action="store_true", help="add no text that is new")
    command.add_argument("--text", metavar="COL", default="", help="column of the text")


ACCEPT = "from which on an answer becomes a label; above 1 for none"
OUT = "new file, .csv, .tsv, .xlsx or .jsonl; one of that name is replaced"


def _run_predict(arguments: Arguments, job: Job) -> Answer:
    if (arguments.file is None) == (not arguments.dataset):
        raise UsageError(
            _("Give a file to predict, or a dataset."),
            next_step=_("See `{command} --help`.").format(command="textwright-cli predict"),
        )
    if arguments.version and not arguments.dataset:
        raise UsageError(
            _("A version is one of a dataset."),
            next_step=_("Give the dataset, too: {option}").format(option="--dataset NAME"),
        )
    request = PredictRequest(
        arguments.model,
        arguments.file or Path(),
        arguments.out,
        Mapping() if arguments.dataset else mapping_of(arguments),
        arguments.number,
        arguments.dataset,
        arguments.resume,
        arguments.version,
    )
    try:
        result = predict(app_of(arguments), request, job)
    except KeyboardInterrupt as stop:
        raise JobCancelled(kept_words(count_kept(arguments.out))) from stop
    return Answer(_value(result), _words(result))


def _share(words: str) -> float:
    """Return a probability.

    Raises:
        ValueError: it is none, nor above 1.
    """
    share = float(words)
    if not share >= 0:
        raise ValueError(words)
    return share


def _run_use(arguments: Arguments, job: Job) -> Answer:
    wanted = PredictionFilter(
        arguments.concept,
        needs_person=arguments.needs_person,
        is_unlike=arguments.unlike,
        low=arguments.low,
        high=arguments.high,
    )
    app = app_of(arguments)
    if arguments.out:
        save = SaveRequest(arguments.file, arguments.out, arguments.text, wanted)
        saved = save_predictions(app, save, job)
        told = _("{n} texts written to {path}").format(n=number(saved.n_rows), path=saved.out)
        return Answer({"out": str(saved.out), "written": saved.n_rows}, told)
    request = UseRequest(
        arguments.file,
        arguments.text,
        arguments.accept,
        wanted,
        arguments.dataset,
        adds_texts=not arguments.only_known,
    )
    with app.locked():
        result = use_predictions(app, request, job)
    value = {
        "added": result.n_added,
        "labelled": result.n_labelled,
        "kept": result.n_kept,
        "below": result.n_below,
        "dataset": result.dataset,
    }
    words = _("{added} texts added, {labelled} labelled; {kept} had labels already, which stay")
    told = words.format(
        added=number(result.n_added),
        labelled=number(result.n_labelled),
        kept=number(result.n_kept),
    )
    return Answer(value, told)


def kept_words(n_kept: int) -> str:
    """Say that a file can go on, and how, after Ctrl+C."""
    if not n_kept:
        return _("Stopped. Nothing was changed.")
    words = ngettext(
        "Stopped. {n} row is kept; --resume goes on from there.",
        "Stopped. {n} rows are kept; --resume goes on from there.",
        n_kept,
    )
    return words.format(n=number(n_kept))


def _value(result: PredictResult) -> dict[str, object]:
    return {
        "out": str(result.out),
        "predicted": result.n_predicted,
        "for_people": result.n_for_people,
        "unlike_training": result.n_unlike,
        "skipped": result.n_skipped,
        "counts": result.counts,
    }


def _words(result: PredictResult) -> str:
    lines = [
        _("{n} texts predicted into {path}; {skipped} rows could not be read").format(
            n=number(result.n_predicted), path=result.out, skipped=number(result.n_skipped)
        )
    ]
    if n := result.n_for_people:
        left = ngettext("{n} text is left for people", "{n} texts are left for people", n)
        lines.append(left.format(n=number(n)))
    if n := result.n_unlike or 0:
        unlike = ngettext(
            "{n} text is unlike anything in training",
            "{n} texts are unlike anything in training",
            n,
        )
        lines.append(unlike.format(n=number(n)))
    return "\n".join(lines)
