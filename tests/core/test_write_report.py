"""An evaluation taken along: as a report, and as tables and charts."""

import csv
import re
from html import unescape

import pypdfium2
import pytest

from core.app_folder import OwnFileError
from core.errors import NotWritableError
from core.evaluation_words import headline, lead, without_learned
from core.jobs import Job, JobCancelled
from core.learning.scored import FILE
from core.operations.add_texts import AddTextsRequest, add_texts
from core.operations.evaluate import EvaluateRequest, evaluate
from core.operations.export_evaluation import (
    ExportEvaluationRequest,
    FolderTakenError,
    export_evaluation,
)
from core.operations.freeze_dataset import FreezeRequest, freeze_dataset
from core.operations.train import TrainRequest, train
from core.operations.write_report import (
    NoteTooLongError,
    ReportEndingError,
    ReportRequest,
    write_report,
)
from core.records import Thresholds
from core.storage.concepts import list_concepts
from core.storage.evaluations import EvaluationMissingError, list_evaluations
from core.storage.version_hash import hash_version
from core.wording import NumberStyle, decimal, interval_words, number, percent, use_style
from tests.core.markup import Outline

SCORES = (
    "top1_accuracy", "macro_avg_precision", "macro_avg_recall", "macro_avg_f1_score",
    "macro_avg_roc_auc", "macro_avg_average_precision",
)  # fmt: skip
HEADINGS = [
    "What the model is for", "In short", "Is it good enough?", "How it was tested",
    "With and without texts it had seen", "Concept by concept", "What gets mixed up",
    "Behind the numbers", "Found against wrongly flagged", "Right against found",
    "Is it as sure as it is right?", "How sure it is", "Known weaknesses",
    "What this test cannot tell", "Where it is from",
]  # fmt: skip
BLAMED = "win a free prize now claim your cash <script>alert(1)</script> \u202e \0 中文 😀"


@pytest.fixture
def evaluation(labelled_app, fake_embedder):
    """A model of spam and ham, scored on texts of which some mislead it."""
    add_texts(labelled_app, AddTextsRequest((BLAMED, "prize " + "x" * 100_000), ("ham",)), Job())
    return train(labelled_app, TrainRequest(model="Mails"), Job()).evaluation


@pytest.fixture
def report(labelled_app, evaluation, tmp_path):
    """Return a function that writes a report and gives its words on one line."""

    def write(ending, **options):
        path = tmp_path / f"report.{ending}"
        write_report(labelled_app, ReportRequest("Mails", path, **options), Job())
        if ending == "pdf":
            with pypdfium2.PdfDocument(path) as pdf:
                words = " ".join(page.get_textpage().get_text_range() for page in pdf)
        else:
            words = " ".join(Outline(path.read_text(encoding="utf-8")).words)
        return in_a_line(words)

    return write


def in_a_line(words):
    return " ".join(words.split())


@pytest.mark.parametrize("ending", ["html", "pdf"])
def test_the_numbers_are_those_of_the_evaluation_to_the_digit(report, evaluation, ending):
    words, scores = report(ending), evaluation.report
    for key in SCORES:
        assert in_a_line(percent(scores[key])) in words
        assert in_a_line(interval_words(scores[f"{key}_low"], scores[f"{key}_high"])) in words
    for place, record in enumerate(scores["concepts"], start=1):
        counts = [number(record[key]) for key in ("n_positive", "tp", "fn", "fp")]
        values = [decimal(record[key] * 100) for key in ("precision", "recall", "f1", "roc_auc")]
        assert " ".join([record["name"], number(place), *counts, *values]) in words
    assert headline(scores) in words
    assert in_a_line(lead(evaluation)) in words


@pytest.mark.parametrize("ending", ["html", "pdf"])
def test_it_says_what_was_tested_and_what_is_not_known(report, evaluation, labelled_app, ending):
    words = report(ending, author="Ann Alyst", note="For the meeting.")
    with labelled_app.database() as db:
        content = hash_version(db, evaluation.dataset_version_id)
    assert content in words.replace(" ", "")
    for told in ("Ann Alyst", "For the meeting.", "“texts”, version 1", "cross-validation"):
        assert told in words
    assert "The mistakes that it was surest of" in words
    assert "People said “ham”; the model answered “spam”" in words


def test_html_is_whole_by_itself(report, tmp_path):
    report("html")
    written = (tmp_path / "report.html").read_text(encoding="utf-8")
    found = Outline(written)
    assert [words for _tag, words in found.headings[1:]] == HEADINGS
    assert not {"script", "link", "img", "iframe", "object", "form"} & set(found.tags)
    assert not re.search(r"url\((?!#)|@import", written)
    assert all("://" not in value for name, value in found.attributes if name != "xmlns")
    ids = [value for name, value in found.attributes if name == "id"]
    assert len(ids) == len(set(ids))
    linked = {value[1:] for name, value in found.attributes if name == "href"}
    assert linked <= set(ids)
    assert "&lt;script&gt;alert" in written
    assert "x" * 1_000 not in unescape(written)


def test_a_pdf_has_the_same_headings_as_its_outline(report, tmp_path):
    report("pdf")
    with pypdfium2.PdfDocument(tmp_path / "report.pdf") as pdf:
        outline = [mark.get_title() for mark in pdf.get_toc()]
    assert outline == ["How good is “Mails”?", *HEADINGS]


def test_numbers_are_written_as_where_the_report_is_asked_for(report, evaluation):
    use_style(NumberStyle())
    try:
        words = report("html", number_style=NumberStyle(group=".", point=","))
        accuracy = evaluation.report["top1_accuracy"]
        assert in_a_line(percent(accuracy)) in words
        assert "," in percent(accuracy)
    finally:
        use_style(NumberStyle())


def test_texts_it_had_seen_are_told_apart(labelled_app, evaluation, report):
    add_texts(labelled_app, AddTextsRequest(("something new entirely",), ("ham",)), Job())
    stored = evaluate(labelled_app, EvaluateRequest("Mails", dataset="texts"), Job()).evaluation
    assert stored.report["n_seen"]
    words = report("html")
    assert "were also learned from" in words
    assert without_learned(stored.report)[0].words in words
    assert in_a_line(percent(stored.report["without_seen"]["top1_accuracy"])) in words


def test_the_report_tells_what_is_decided_automatically(
    labelled_app, evaluation, report, monkeypatch
):
    chosen = Thresholds({"spam": 0.9, "ham": 0.95}, tolerated_share=0.02)
    with labelled_app.database() as db:
        db.execute(
            "UPDATE model_versions SET thresholds = ?",
            ['{"concepts": {"spam": 0.9, "ham": 0.95}, "tolerated_share": 0.02}'],
        )
    assert "The model decides by other probabilities since" in report("html")
    evaluate(labelled_app, EvaluateRequest("Mails", dataset="texts"), Job())
    words = report("html")
    assert "What is decided automatically" in words
    assert in_a_line(f"at most {percent(chosen.tolerated_share)}") in words
    assert decimal(95.0) in words


def test_without_the_texts_behind_it_an_evaluation_is_told_in_numbers(
    labelled_app, evaluation, report
):
    (labelled_app.evaluations / evaluation.folder / FILE).unlink()
    words = report("html")
    assert in_a_line(percent(evaluation.report["top1_accuracy"])) in words
    assert "What gets mixed up" in words
    assert "Behind the numbers" not in words


@pytest.mark.parametrize("name", ["report.docx", "report", "report.html.txt"])
def test_other_kinds_of_files_are_refused(name, tmp_path):
    with pytest.raises(ReportEndingError):
        ReportRequest("Mails", tmp_path / name)


def test_a_note_that_is_a_book_is_refused_before_anything_starts(tmp_path):
    ReportRequest("Mails", tmp_path / "report.pdf", note="x" * 5_000)
    with pytest.raises(NoteTooLongError, match="5,000 characters"):
        ReportRequest("Mails", tmp_path / "report.pdf", note="x" * 5_001)


def test_nothing_is_written_among_the_files_of_the_app(labelled_app, evaluation):
    path = labelled_app.path / "report.html"
    with pytest.raises(OwnFileError):
        write_report(labelled_app, ReportRequest("Mails", path), Job())
    with pytest.raises(OwnFileError):
        export_evaluation(
            labelled_app, ExportEvaluationRequest(evaluation.id, labelled_app.path / "out"), Job()
        )
    assert not path.exists()


def test_a_model_without_evaluation_has_no_report(labelled_app, evaluation, tmp_path):
    with labelled_app.database() as db:
        db.execute("DELETE FROM evaluations")
    with pytest.raises(EvaluationMissingError):
        write_report(labelled_app, ReportRequest("Mails", tmp_path / "report.html"), Job())


def test_the_hash_is_of_what_was_frozen_and_of_nothing_else(labelled_app):
    def frozen_hash():
        version = freeze_dataset(labelled_app, FreezeRequest(), Job()).version
        with labelled_app.database() as db:
            return hash_version(db, version.id)

    before = frozen_hash()
    assert frozen_hash() == before
    assert re.fullmatch("[0-9a-f]{64}", before)
    add_texts(labelled_app, AddTextsRequest(("one more",), ("ham",)), Job())
    assert frozen_hash() != before


def test_every_table_and_chart_goes_out(labelled_app, evaluation, tmp_path):
    folder = tmp_path / "out"
    folder.mkdir()  # as a dialog for folders makes it
    request = ExportEvaluationRequest(evaluation.id, folder)
    result = export_evaluation(labelled_app, request, Job())
    assert sorted(path.name for path in folder.iterdir()) == list(result.files)
    charts = ("confusion", "roc", "precision-recall", "reliability", "histogram")
    assert {f"{name}{end}" for name in charts for end in (".csv", ".svg")} < set(result.files)
    scores = {row[0]: row[1:] for row in rows_of(folder / "scores.csv")}
    assert float(scores["top1_accuracy"][0]) == evaluation.report["top1_accuracy"]
    concepts = rows_of(folder / "concepts.csv")
    assert [row[0] for row in concepts] == [c["name"] for c in evaluation.report["concepts"]]
    texts = rows_of(folder / "texts.csv")
    assert len(texts) == evaluation.report["n_texts"]
    n_right = sum(row[2] == row[3] for row in texts)
    assert n_right / len(texts) == pytest.approx(evaluation.report["top1_accuracy"])
    assert all(sum(map(float, row[5:])) == pytest.approx(1, abs=1e-4) for row in texts)


def rows_of(path):
    content = path.read_bytes()
    assert content.startswith("\ufeff".encode())
    return list(csv.reader(content.decode("utf-8-sig").splitlines()))[1:]


def test_a_spreadsheet_runs_nothing_of_an_export(labelled_app, evaluation, tmp_path):
    with labelled_app.database() as db:
        concept = next(c for c in list_concepts(db) if c.name == "spam")
        newest = list_evaluations(db)[0]
        for table, column in (("concepts", "name"), ("version_concepts", "name")):
            where = "id" if table == "concepts" else "concept_id"
            db.execute(f"UPDATE {table} SET {column} = ? WHERE {where} = ?", ["=1+1", concept.id])
        told = db.execute("SELECT report FROM evaluations WHERE id = ?", [newest.id]).fetchone()[0]
        db.execute(
            "UPDATE evaluations SET report = ? WHERE id = ?",
            [told.replace('"spam"', '"=1+1"'), newest.id],
        )
    folder = tmp_path / "out"
    export_evaluation(labelled_app, ExportEvaluationRequest(newest.id, folder), Job())
    for path in folder.glob("*.csv"):
        for row in csv.reader(path.read_text(encoding="utf-8-sig").splitlines()):
            assert not any(cell.startswith(("=", "@", "+", "-")) for cell in row), path.name


def test_a_folder_with_something_in_it_is_refused(labelled_app, evaluation, tmp_path):
    (tmp_path / "mine.txt").write_text("mine")
    with pytest.raises(FolderTakenError):
        export_evaluation(labelled_app, ExportEvaluationRequest(evaluation.id, tmp_path), Job())


def test_a_folder_that_cannot_be_there_is_refused(labelled_app, evaluation, tmp_path):
    request = ExportEvaluationRequest(evaluation.id, tmp_path / ("n" * 300))
    with pytest.raises(NotWritableError):
        export_evaluation(labelled_app, request, Job())


@pytest.mark.slow
@pytest.mark.parametrize("letters", ["word ", "W", "م"])
def test_facts_longer_than_a_page_are_told_whole(report, letters):
    author = letters * (6_000 // len(letters))
    words = report("pdf", author=author)
    assert words.count(letters.strip()) >= 2 * author.count(letters.strip())  # title and origin


@pytest.mark.slow
@pytest.mark.parametrize("signs", ["-", "\U0001f9ff", "- ", "(", "[]"])
def test_a_thousand_signs_without_a_letter_do_not_keep_a_report_from_being_written(report, signs):
    words = report("pdf", note=f"Before. {signs * (4_000 // len(signs))} After.")
    assert "Before." in words
    assert "After." in words


@pytest.mark.parametrize("patience", [0, 2, 4])
def test_a_stopped_export_leaves_nothing(labelled_app, evaluation, tmp_path, impatient, patience):
    place = tmp_path / "place"
    place.mkdir()
    request = ExportEvaluationRequest(evaluation.id, place / "out")
    with pytest.raises(JobCancelled):
        export_evaluation(labelled_app, request, impatient(patience))
    assert not list(place.iterdir())


def test_the_command_line_writes_both(labelled_app, evaluation, tmp_path, run_json, refused):
    app = labelled_app.path
    for ending in ("html", "pdf"):
        out = tmp_path / f"told.{ending}"
        assert run_json("report", app, "Mails", "--out", out, "--note", "Seen.") == {
            "out": str(out)
        }
        assert out.stat().st_size
    answer = run_json("export-evaluation", app, "Mails", "--out", tmp_path / "tables")
    assert "texts.csv" in answer["files"]
    what, next_step = refused("report", app, "Mails", "--out", tmp_path / "told.txt")
    assert "told.txt" in what
    assert ".html or .pdf" in next_step
