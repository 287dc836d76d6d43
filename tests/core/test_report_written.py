"""The report of a model that writes."""

import pypdfium2
import pytest

from core.jobs import Job
from core.operations.add_texts import AddTextsRequest, add_texts
from core.operations.export_evaluation import ExportEvaluationRequest, export_evaluation
from core.operations.write_report import ReportRequest, write_report
from core.operations.written import WrittenRow
from core.storage.models import NoConceptsError
from core.wording import percent
from core.written_words import MEASURES, written_headline, written_lead
from tests.core.markup import Outline
from tests.desktop.fake_models import keep_writer

HEADINGS = [
    "What the model is for", "In short", "Is it good enough?", "How it was tested",
    "Does it write, or repeat?", "Answers to read", "What this test cannot tell",
    "Where it is from",
]  # fmt: skip
WARNING = "20 % of the answers are word for word answers from the training."


def in_a_line(words):
    return " ".join(words.split())


def a_row(place):
    scores = {"chrf": place / 30}
    answer = f"answer {place} <script>"
    return WrittenRow(place, f"text {place}", f"right {place}", answer, "", scores, place == 0)


@pytest.fixture
def evaluation(app):
    add_texts(app, AddTextsRequest(("Where is it?",), targets=("On its way.",)), Job())
    rows = [a_row(place) for place in range(30)]
    return keep_writer(app, rows=rows, exact_match=0.41, warning=WARNING)[1]


@pytest.mark.parametrize("ending", ["html", "pdf"])
def test_it_tells_the_scores_their_intervals_what_is_copied_and_the_worst_answers(
    app, evaluation, tmp_path, ending
):
    path = tmp_path / f"replies.{ending}"
    write_report(app, ReportRequest("Replies", path, note="For the board."), Job())
    if ending == "pdf":
        with pypdfium2.PdfDocument(path) as pdf:
            found = " ".join(page.get_textpage().get_text_range() for page in pdf)
            headings = [one.get_title() for one in pdf.get_toc()]
    else:
        outline = Outline(path.read_text(encoding="utf-8"))
        found, headings = " ".join(outline.words), [words for _tag, words in outline.headings]
    told = in_a_line(found)
    report = evaluation.report
    for words in (written_headline(report), written_lead(report), WARNING, "For the board."):
        assert in_a_line(words) in told
    for name, title in MEASURES.items():
        assert title in told
        assert in_a_line(percent(report[name])) in told
    assert in_a_line(percent(report["untrained"]["chrf"])) in told
    assert in_a_line(percent(report["copied"]["exact"])) in told
    assert "Part of it Kept apart" in told  # and not all texts
    assert "right 0" in told
    assert "It is an answer from the training." in told
    assert "answer 9 <script>" in told
    assert "answer 15" not in told  # neither among the worst nor among the best
    assert told.index("text 29") < told.index("text 28")
    assert [heading for heading in headings if heading in HEADINGS] == HEADINGS


def test_no_name_of_a_score_runs_into_its_value(app, evaluation, tmp_path):
    path = tmp_path / "replies.pdf"
    write_report(app, ReportRequest("Replies", path), Job())
    with pypdfium2.PdfDocument(path) as pdf:
        page = pdf[0].get_textpage()
        found = [boxes_of(page, name) for name in MEASURES.values()]
        assert all(len(boxes) > 1 for boxes in found)  # the last is that of the table
        names, values = [boxes[-2] for boxes in found], boxes_of(page, "62.0")
        beside = [(n, v) for n in names for v in values if abs(n[1] - v[1]) < 10]
        assert all(name[2] < value[0] for name, value in beside)


def boxes_of(page, words):
    """Return left, bottom and right of each place where words stand."""
    search, found = page.search(words), []
    while place := search.get_next():
        first, last = (page.get_charbox(i) for i in (place[0], sum(place) - 1))
        found.append((first[0], first[1], last[2]))
    return found


def test_where_the_answers_are_not_kept_it_says_so(app, tmp_path):
    add_texts(app, AddTextsRequest(("Where is it?",), targets=("On its way.",)), Job())
    version, evaluation = keep_writer(app)
    (app.evaluations / evaluation.folder / "answers.json").unlink()
    path = tmp_path / "replies.html"
    write_report(app, ReportRequest(version.model, path), Job())
    assert "is not kept; evaluate again" in path.read_text(encoding="utf-8")


def test_tables_of_concepts_are_refused(app, evaluation, tmp_path):
    with pytest.raises(NoConceptsError):
        export_evaluation(app, ExportEvaluationRequest(evaluation.id, tmp_path / "out"), Job())
    assert not (tmp_path / "out").exists()
