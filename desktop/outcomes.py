"""What the job bar says when something is done, and where it can be looked at."""

from collections.abc import Callable
from dataclasses import dataclass
from typing import Any

from core.i18n import _, ngettext
from core.operations.accept_suggestions import AcceptResult, WithdrawResult
from core.operations.annotate import AnnotateResult
from core.operations.check_data import CheckResult
from core.operations.choose_workflow import ReadNewResult
from core.operations.draw_map import MapResult
from core.operations.edit_inputs import EditInputsResult
from core.operations.evaluate import EvaluateResult
from core.operations.export_app import ExportAppResult
from core.operations.export_evaluation import ExportEvaluationResult
from core.operations.export_inputs import ExportResult
from core.operations.export_model import ExportModelResult
from core.operations.find_topics import TopicsResult
from core.operations.freeze_dataset import FreezeResult
from core.operations.import_model import ImportModelResult
from core.operations.import_texts import ImportResult
from core.operations.index_texts import IndexResult
from core.operations.merge_app import MergeAppResult
from core.operations.predict import PredictResult
from core.operations.remedy import RemedyResult
from core.operations.run_workflow import RunOnTextsResult
from core.operations.run_workflow_on_rows import RunOnFileResult
from core.operations.save_predictions import SaveResult
from core.operations.suggest import SuggestResult
from core.operations.sweep import SweepResult
from core.operations.train import TrainResult
from core.operations.undo import UndoResult
from core.operations.use_predictions import UseResult
from core.operations.write_report import ReportResult
from core.wording import size
from desktop.widgets.wording import number


@dataclass(frozen=True)
class Outcome:
    """One sentence; `link` leads to the `screen` that shows it, where there is one."""

    words: str
    link: str = ""
    screen: str = ""


def outcome_of(title: str, result: object) -> Outcome:
    """Return what came of a job, by what it returned.

    Args:
        title: what was being done, for results that say nothing themselves.
        result: what the operation returned.
    """
    if isinstance(result, UndoResult):
        return Outcome(f"{result.words}.")
    tell = _TOLD.get(type(result))
    return tell(result) if tell else Outcome(_("Done: {what}").format(what=title))


def _imported(result: ImportResult) -> Outcome:
    words = ngettext("Added {n} text.", "Added {n} texts.", result.n_added)
    return Outcome(words.format(n=number(result.n_added)), _("Show them"), "dataset")


def _trained(result: TrainResult) -> Outcome:
    version = result.model_version
    words = _("“{model}”, version {number}, is trained.")
    said = words.format(model=version.model, number=version.number)
    return Outcome(said, _("Show its scores"), "train")


def _swept(result: SweepResult) -> Outcome:
    n = len(result.rows)
    words = ngettext("{n} version is trained.", "{n} versions are trained.", n)
    return Outcome(words.format(n=number(n)), _("Show the ranking"), "train")


def _evaluated(_result: EvaluateResult) -> Outcome:
    return Outcome(_("The model is evaluated."), _("Show its scores"), "evaluate")


def _predicted(result: PredictResult) -> Outcome:
    words = ngettext("Predicted {n} text.", "Predicted {n} texts.", result.n_predicted)
    return Outcome(words.format(n=number(result.n_predicted)), _("Show the file"), "predict")


def _suggested(result: SuggestResult) -> Outcome:
    n = result.n_inputs
    words = ngettext(
        "The model was asked about {n} text.", "The model was asked about {n} texts.", n
    )
    return Outcome(words.format(n=number(n)), _("Look at it"), "suggestions")


def _accepted(result: AcceptResult) -> Outcome:
    n = result.texts.n_accepted
    words = ngettext("Accepted {n} text.", "Accepted {n} texts.", n)
    return Outcome(words.format(n=number(n)), _("Look at it"), "suggestions")


def _withdrawn(result: WithdrawResult) -> Outcome:
    n = result.n_inputs
    words = ngettext("Took back the labels of {n} text.", "Took back the labels of {n} texts.", n)
    return Outcome(words.format(n=number(n)), _("Look at it"), "suggestions")


def _saved(result: SaveResult) -> Outcome:
    words = ngettext("Wrote {n} text to {file}.", "Wrote {n} texts to {file}.", result.n_rows)
    return Outcome(words.format(n=number(result.n_rows), file=result.out.name))


def _used(result: UseResult) -> Outcome:
    words = ngettext("Labelled {n} text.", "Labelled {n} texts.", result.n_labelled)
    said = [words.format(n=number(result.n_labelled))]
    if n := result.n_added:
        said.append(ngettext("Added {n} text.", "Added {n} texts.", n).format(n=number(n)))
    if n := result.n_kept:
        stays = ngettext("{n} had labels, which stay.", "{n} had labels, which stay.", n)
        said.append(stays.format(n=number(n)))
    return Outcome(" ".join(said), _("Show the dataset"), "dataset")


def _checked(result: CheckResult) -> Outcome:
    n = sum(kind.n_found for kind in result.kinds)
    words = ngettext("The check found {n} thing.", "The check found {n} things.", n)
    return Outcome(words.format(n=number(n)), _("Look at it"), "data_check")


def _changed(result: AnnotateResult | EditInputsResult | RemedyResult) -> Outcome:
    if isinstance(result, AnnotateResult | EditInputsResult) and result.step:
        return Outcome(_("Done: {what}. Ctrl+Z takes it back.").format(what=result.step))
    words = ngettext("Changed {n} text.", "Changed {n} texts.", result.n_inputs)
    return Outcome(words.format(n=number(result.n_inputs)))


def _exported(result: ExportResult) -> Outcome:
    words = ngettext("Wrote {n} text to {file}.", "Wrote {n} texts to {file}.", result.n_inputs)
    return Outcome(words.format(n=number(result.n_inputs), file=result.path.name))


def _reported(result: ReportResult) -> Outcome:
    return Outcome(_("Wrote the report “{file}”.").format(file=result.path.name))


def _taken_along(result: ExportEvaluationResult) -> Outcome:
    n = len(result.files)
    words = ngettext("Wrote {n} file to “{folder}”.", "Wrote {n} files to “{folder}”.", n)
    return Outcome(words.format(n=number(n), folder=result.folder.name))


def _copied(result: ExportAppResult) -> Outcome:
    words = _("The app is copied to “{file}” ({size}).")
    told = words.format(file=result.path.name, size=size(result.n_bytes))
    if result.left_behind:
        told += " " + _("Interrupted trainings stay here.")
    return Outcome(told)


def _taken_elsewhere(result: ExportModelResult) -> Outcome:
    words = _("The model is in “{place}” ({size}).")
    return Outcome(words.format(place=result.to.name, size=size(result.n_bytes)))


def _brought_back(result: ImportModelResult) -> Outcome:
    version = result.model_version
    words = _("“{model}”, version {number}, is here.")
    said = words.format(model=version.model, number=version.number)
    return Outcome(said, _("Show its scores"), "evaluate")


def _merged(result: MergeAppResult) -> Outcome:
    words = _("Merged: {n_added} new texts, {n_open} to settle.")
    said = words.format(n_added=number(result.n_added), n_open=number(result.n_disagreements))
    return Outcome(said, _("Look at it"), "elsewhere")


def _read(result: IndexResult) -> Outcome:
    words = ngettext("Read {n} text.", "Read {n} texts.", result.n_read)
    return Outcome(words.format(n=number(result.n_read)), _("Show what was found"), "explore")


def _sorted(result: TopicsResult) -> Outcome:
    words = ngettext("Found {n} topic.", "Found {n} topics.", result.n_topics)
    return Outcome(words.format(n=number(result.n_topics)), _("Show them"), "explore")


def _drawn(_result: MapResult) -> Outcome:
    return Outcome(_("The map is drawn."), _("Show it"), "explore")


def _frozen(result: FreezeResult) -> Outcome:
    words = _("Version {n} of the dataset is kept.")
    return Outcome(words.format(n=result.version.number))


def _ran(result: RunOnTextsResult | RunOnFileResult) -> Outcome:
    words = ngettext("The workflow read {n} text.", "The workflow read {n} texts.", result.n_texts)
    return Outcome(words.format(n=number(result.n_texts)), _("Show what came of it"), "workflows")


def _read_new(result: ReadNewResult) -> Outcome:
    n = max(result.n_indexed, result.n_processed)
    words = ngettext(
        "The default workflow read {n} text.", "The default workflow read {n} texts.", n
    )
    return Outcome(words.format(n=number(n)))


_TOLD: dict[type, Callable[[Any], Outcome]] = {
    ImportResult: _imported,
    TrainResult: _trained,
    SweepResult: _swept,
    EvaluateResult: _evaluated,
    PredictResult: _predicted,
    ReadNewResult: _read_new,
    RunOnFileResult: _ran,
    RunOnTextsResult: _ran,
    UseResult: _used,
    SaveResult: _saved,
    CheckResult: _checked,
    AnnotateResult: _changed,
    EditInputsResult: _changed,
    RemedyResult: _changed,
    ExportResult: _exported,
    ExportAppResult: _copied,
    ExportEvaluationResult: _taken_along,
    ExportModelResult: _taken_elsewhere,
    ImportModelResult: _brought_back,
    MergeAppResult: _merged,
    ReportResult: _reported,
    SuggestResult: _suggested,
    AcceptResult: _accepted,
    WithdrawResult: _withdrawn,
    FreezeResult: _frozen,
    IndexResult: _read,
    TopicsResult: _sorted,
    MapResult: _drawn,
}
