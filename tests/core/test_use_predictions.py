import csv

import pytest

from core.files.predicted.reading import NoPredictionsError, PredictedReader
from core.jobs import Job, JobCancelled
from core.operations.add_texts import AddTextsRequest, add_texts
from core.operations.annotate import AnswerRequest, annotate
from core.operations.look_into_predictions import (
    LookRequest,
    PredictionFilter,
    look_into_predictions,
)
from core.operations.predict import OutputIsInputError
from core.operations.save_predictions import NothingToSaveError, SaveRequest, save_predictions
from core.operations.undo import undo
from core.operations.use_predictions import NothingToUseError, UseRequest, use_predictions
from core.records import Origin, Status
from core.storage.annotations import list_label_events
from core.storage.datasets import list_datasets
from core.storage.filters import InputFilter, count_inputs, list_input_ids
from core.storage.inputs import get_inputs

HEAD = (
    "note,text,predicted_concepts,probability,runner_up,runner_up_probability,needs_person,"
    "unlike_training,p:spam,p:ham"
)
ROWS = (
    "a,win a prize,spam,0.950000,ham,0.050000,no,no,0.950000,0.050000",
    "b,see you,ham,0.700000,spam,0.300000,no,no,0.300000,0.700000",
    "c,quarterly revenue,,0.500000,spam,0.500000,yes,yes,0.500000,0.500000",
    "d,,,,,,,,,",
    "e,'=cash now,spam,0.990000,ham,0.010000,no,no,0.990000,0.010000",
)


@pytest.fixture
def predicted(tmp_path):
    path = tmp_path / "predicted.csv"
    path.write_text("\n".join((HEAD, *ROWS)), encoding="utf-8")
    return path


def look(app, path, **more):
    wanted = PredictionFilter(**more.pop("wanted", {}))
    return look_into_predictions(app, LookRequest(path, wanted=wanted, **more), Job())


def texts_of(result):
    return [row.text for row in result.rows]


def test_a_file_of_predictions_is_counted_and_read_back(app, predicted):
    found = look(app, predicted)
    assert (found.n_rows, found.n_without, found.n_found) == (4, 1, 4)
    assert found.counts == (("spam", 2), ("ham", 1))
    assert (found.n_none, found.n_for_people, found.n_unlike) == (1, 1, 1)
    assert texts_of(found) == ["win a prize", "see you", "quarterly revenue", "=cash now"]
    assert found.rows[1].predicted == ("ham",)
    assert (found.rows[1].runner_up, found.rows[1].runner_up_probability) == ("spam", 0.3)
    assert found.columns.own == ("note", "text")
    assert (sum(found.decided), sum(found.left)) == (3, 1)
    assert found.left[10] == 1


@pytest.mark.parametrize(
    ("wanted", "texts"),
    [
        ({"concept": "spam"}, ["win a prize", "=cash now"]),
        ({"concept": "other"}, []),
        ({"is_none": True}, ["quarterly revenue"]),
        ({"needs_person": True}, ["quarterly revenue"]),
        ({"is_unlike": True}, ["quarterly revenue"]),
        ({"low": 0.7, "high": 0.95}, ["win a prize", "see you"]),
        ({"concept": "spam", "low": 0.96}, ["=cash now"]),
    ],
)
def test_rows_are_found_by_what_the_model_said(app, predicted, wanted, texts):
    found = look(app, predicted, wanted=wanted)
    assert texts_of(found) == texts
    assert found.n_found == len(texts)


def test_rows_come_in_order_and_in_parts(app, predicted):
    least = look(app, predicted, order="least-sure", start=1, most=2)
    assert texts_of(least) == ["see you", "win a prize"]
    assert texts_of(look(app, predicted, order="surest", most=1)) == ["=cash now"]


def test_a_file_that_changed_is_read_again(app, predicted):
    look(app, predicted)
    predicted.write_text("\n".join((HEAD, *ROWS[:2])), encoding="utf-8")
    assert look(app, predicted).n_rows == 2


def test_files_without_predictions_are_refused(app, tmp_path):
    path = tmp_path / "plain.csv"
    path.write_text("text,label\na,b\n")
    with pytest.raises(NoPredictionsError):
        look(app, path)
    with pytest.raises(NoPredictionsError):
        use_predictions(app, UseRequest(path), Job())


def test_columns_that_the_source_had_already_are_not_taken_for_ours(tmp_path):
    path = tmp_path / "twice.csv"
    path.write_text(
        "text,predicted_concepts,probability,predicted_concepts (2),probability (2),p:a,p:b|c\n"
        "hello,old,high,a;b|c,0.800000,0.800000,0.700000\n"
    )
    reader = PredictedReader(path, "text")
    (row,) = reader
    assert row.predicted == ("a", "b|c")
    assert (row.probability, row.runner_up, row.needs_person) == (0.8, "", False)
    assert reader.columns.own == ("text", "predicted_concepts", "probability")


def labels_of(app):
    with app.database() as db:
        found = get_inputs(db, list(list_input_ids(db, InputFilter())))
        names = {row[0]: row[1] for row in db.execute("SELECT id, name FROM concepts")}
    return {one.text: tuple(names[i] for i in one.positive) for one in found}


def test_texts_of_a_file_become_a_dataset_labelled_from_a_probability_on(app, predicted):
    result = use_predictions(app, UseRequest(predicted, dataset="new", accept_from=0.9), Job())
    assert (result.n_added, result.n_labelled, result.n_below) == (4, 2, 2)
    assert labels_of(app) == {
        "win a prize": ("spam",),
        "see you": (),
        "quarterly revenue": (),
        "=cash now": ("spam",),
    }
    with app.database() as db:
        (new,) = [one for one in list_datasets(db) if one.name == "new"]
        assert count_inputs(db, InputFilter(dataset_id=new.id, containing="prize")) == 1
        (event,) = list_label_events(db, 1)
        assert event.step.origin == Origin.MODEL
    undo(app, Job())
    assert labels_of(app) == {}


def test_what_a_person_said_stays_and_texts_of_the_app_are_not_added_twice(app, predicted):
    add_texts(app, AddTextsRequest(("win a prize",), ("ham",)), Job())
    add_texts(app, AddTextsRequest(("see you",)), Job())
    request = UseRequest(predicted, accept_from=0.6, adds_texts=False)
    result = use_predictions(app, request, Job())
    assert (result.n_added, result.n_labelled, result.n_kept) == (0, 1, 1)
    assert labels_of(app) == {"win a prize": ("ham",), "see you": ("ham",)}


def test_a_text_that_somebody_was_unsure_of_stays_so(app, predicted):
    add_texts(app, AddTextsRequest(("win a prize", "=cash now")), Job())
    annotate(app, AnswerRequest((1,), Status.UNSURE), Job())
    result = use_predictions(app, UseRequest(predicted, adds_texts=False), Job())
    assert (result.n_labelled, result.n_kept) == (1, 1)
    assert labels_of(app) == {"win a prize": (), "=cash now": ("spam",)}


def test_only_rows_that_are_wanted_are_used(app, predicted):
    wanted = PredictionFilter(concept="ham")
    use_predictions(app, UseRequest(predicted, wanted=wanted, accept_from=0), Job())
    assert labels_of(app) == {"see you": ("ham",)}
    with pytest.raises(NothingToUseError):
        use_predictions(app, UseRequest(predicted, wanted=PredictionFilter(concept="x")), Job())


def test_a_text_of_a_dataset_is_labelled_where_it_is(app, tmp_path):
    add_texts(app, AddTextsRequest(("same", "same")), Job())
    path = tmp_path / "of-dataset.csv"
    with path.open("w", newline="") as file:
        rows = csv.writer(file)
        rows.writerow(("textwright_id", *HEAD.split(",")))
        rows.writerow(("2", "", "same", "spam", "1.0", "", "0", "no", "no", "1.0", "0"))
    result = use_predictions(app, UseRequest(path, text="text", adds_texts=False), Job())
    assert result.n_labelled == 2  # the same text is about the same, wherever it is
    with app.database() as db:
        assert count_inputs(db, InputFilter(labelling="labelled")) == 2


@pytest.mark.parametrize("ending", ["csv", "tsv", "jsonl", "xlsx"])
def test_rows_that_are_wanted_become_a_file_of_their_own(app, predicted, tmp_path, ending):
    out = tmp_path / f"chosen.{ending}"
    wanted = PredictionFilter(low=0.9)
    result = save_predictions(app, SaveRequest(predicted, out, wanted=wanted), Job())
    assert result.n_rows == 2
    found = look(app, out)
    assert texts_of(found) == ["win a prize", "=cash now"]
    assert found.counts == (("spam", 2),)
    assert found.rows[0].probability == 0.95
    if ending in ("csv", "tsv"):
        assert "'=cash now" in out.read_text()


def test_a_number_that_was_changed_into_none_stops_no_saving(app, predicted, tmp_path):
    predicted.write_text(predicted.read_text().replace("0.990000,0.010000", "0.990000,a little"))
    result = save_predictions(app, SaveRequest(predicted, tmp_path / "c.jsonl"), Job())
    assert result.n_rows == 4


def test_a_file_without_rows_is_not_saved(app, predicted, tmp_path):
    out = tmp_path / "none.csv"
    wanted = PredictionFilter(concept="other")
    with pytest.raises(NothingToSaveError):
        save_predictions(app, SaveRequest(predicted, out, wanted=wanted), Job())
    with pytest.raises(OutputIsInputError):
        save_predictions(app, SaveRequest(predicted, predicted), Job())
    assert not out.exists()


def test_using_predictions_can_be_stopped_and_leaves_nothing(app, predicted, impatient):
    with pytest.raises(JobCancelled):
        use_predictions(app, UseRequest(predicted), impatient(1))
    assert labels_of(app) == {}
