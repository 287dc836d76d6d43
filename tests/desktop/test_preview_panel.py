"""What the model will see, as the panel shows it; with a view made by hand."""

import pytest

from core.learning.text_to_text.viewing import Span, SpanKind, TrainingView
from core.operations.preview_training import NothingToPreviewError, TrainingPreview
from core.templates import find_template
from desktop.screens.settings import preview_panel as module
from desktop.screens.settings.preview_panel import PreviewPanel
from desktop.theme.apply import apply_theme

SETTINGS = find_template("text-to-text").with_values({})
SPANS = (
    Span(SpanKind.FRAME, "### Input:\n", is_cut=False, is_learned=False),
    Span(SpanKind.TEXT, "teh <b>parcle", is_cut=False, is_learned=False),
    Span(SpanKind.TEXT, " is late", is_cut=True, is_learned=False),
    Span(SpanKind.ANSWER, "The parcel", is_cut=False, is_learned=True),
)


@pytest.fixture
def asked(monkeypatch):
    """Return the examples that were asked for; the last one has nothing to show."""
    monkeypatch.setattr(module, "TYPING_MS", 0)
    places = []

    def preview(app, request, job):
        places.append(request.place)
        if request.place > 1:
            raise NothingToPreviewError
        spans = SPANS if request.place == 0 else SPANS[:2]
        view = TrainingView(spans, 9, 3, 3, 512, (), ())
        return TrainingPreview(view, request.place, 3)

    monkeypatch.setattr(module, "preview_training", preview)
    return places


@pytest.fixture
def panel(qtbot, session, asked):
    panel = PreviewPanel(session)
    qtbot.addWidget(panel)
    panel.resize(700, 320)
    with qtbot.waitExposed(panel):
        panel.show()
    panel.show_request("texts", 0, SETTINGS)
    qtbot.waitUntil(lambda: panel.place.text() != "")
    return panel


def test_every_part_is_shown_as_it_is_and_counted(panel):
    shown = panel.words().replace("\n", "")
    assert shown == "### Input:↵teh <b>parcle is lateThe parcel"
    assert panel.place.text() == "example 1 of 3"
    assert panel.counts.text() == (
        "9 tokens before the answer, 3 of the answer; 512 is the most. "
        "8 characters are cut, struck through above."
    )
    assert panel.counts.property("tone") == "warn"


def test_another_text_can_be_shown_and_what_cannot_says_why(qtbot, panel, asked):
    panel.another.click()
    qtbot.waitUntil(lambda: panel.place.text() == "example 2 of 3")
    assert panel.counts.text().endswith("Nothing is cut.")
    panel.another.click()
    qtbot.waitUntil(lambda: "no example to show" in panel.words())
    assert asked == [0, 1, 2]
    assert panel.another.isHidden()


def test_settings_that_cannot_stay_leave_the_last_example(qtbot, panel, asked):
    panel.show_request("texts", 0, None)
    assert "parcle" in panel.words()
    assert asked == [0]


@pytest.mark.parametrize("theme", ["light", "dark"])
def test_it_is_drawn_in_both_themes(qapp, panel, theme):
    apply_theme(qapp, theme)
    assert "parcle" in panel.words()
    assert not panel.grab().isNull()
