"""The map of the texts: what is alike stands together, and can be labelled together."""

from collections import Counter
from collections.abc import Mapping

import numpy as np
from PySide6.QtCore import Qt, Signal
from PySide6.QtGui import QPaintEvent
from PySide6.QtWidgets import QVBoxLayout, QWidget
from typing_extensions import override

from core.i18n import _, ngettext
from core.records import Concept
from core.storage.database import Database
from core.storage.inputs import get_inputs
from core.storage.maps import TextMap, find_map
from core.storage.topics import TopicRun, find_topic_run
from core.storage.vectors import list_positive_pairs
from desktop.screens.explore.map_points import NO_POINTS, REST, Group, Ids, Points
from desktop.screens.explore.map_view import MapView
from desktop.screens.explore.results_table import ResultsTable, Row
from desktop.widgets.buttons import button
from desktop.widgets.choices import Segmented
from desktop.widgets.concept_chip import paint_mark
from desktop.widgets.empty_state import EmptyState, Way
from desktop.widgets.layout import column, hide_below, row
from desktop.widgets.painted import painter_of, put_text
from desktop.widgets.text import Elided, text
from desktop.widgets.wording import number

SIDE, LISTED, LINE = 320, 100, 22  # pixels, texts, pixels
MOST_GROUPS = 12  # a colour for each
TOPICS, CONCEPTS = 0, 1
LIST_FROM = 1160  # pixels of the window


class Legend(QWidget):
    """What each mark stands for."""

    def __init__(self) -> None:
        """Name nothing."""
        super().__init__()
        self.groups: tuple[Group, ...] = ()
        self._others = ""
        self.setFixedHeight(LINE)

    def show_groups(self, groups: tuple[Group, ...], others: str) -> None:
        """Name these; the small points are the others."""
        self.groups, self._others = groups, others
        lines = [f"{one.name}, {number(one.n_inputs)}" for one in groups]
        self.setAccessibleName(_("Marks: {marks}").format(marks="; ".join([*lines, others])))
        self.setFixedHeight(LINE * (len(groups) + bool(others)))
        self.update()

    @override
    def paintEvent(self, event: QPaintEvent) -> None:
        painter = painter_of(self)
        for i, one in enumerate(self.groups):
            middle = i * LINE + LINE / 2
            paint_mark(painter, 2, middle, one.number)
            area = self.rect().adjusted(20, i * LINE, 0, 0)
            area.setHeight(LINE)
            middle_mode = Qt.TextElideMode.ElideMiddle
            words = f"{one.name}  {number(one.n_inputs)}"
            put_text(painter, area.toRectF(), words, "caption", "ink_2", middle_mode)
        if self._others:
            area = self.rect().adjusted(20, len(self.groups) * LINE, 0, 0)
            put_text(painter, area.toRectF(), self._others, "caption", "ink_3")


class MapPage(QWidget):
    """Shows the map, what its marks are, and the texts that are selected on it."""

    draw_asked = Signal()
    open_asked = Signal()

    def __init__(self) -> None:
        """Have no map."""
        super().__init__()
        self._db: Database | None = None
        self._concepts: Mapping[int, Concept] = {}
        self._map: TextMap | None = None
        self.count = Elided("", "small_strong")
        self.by = Segmented([_("Topics"), _("Concepts")], name=_("Marks show"))
        self.draw = button(_("Draw the map"), "secondary", "rotate-cw")
        self.view, self.legend = MapView(), Legend()
        self.met = Elided("", "small", "ink_2")
        self.chosen = text("", "small_strong")
        self.texts = ResultsTable(_("Texts that are selected on the map"))
        self.texts.setColumnHidden(1, True)  # noqa: FBT003  # Qt's own signature
        self.empty = EmptyState(
            _("Which texts stand together?"),
            _("The map shows a point for each text; those that mean alike are close."),
            [Way("draw", "eye", _("Draw the map"), _("Then draw an outline to select texts"))],
        )
        self._begin = column(None, row(None, self.empty, None), None, None)
        self._lay_out()
        self.empty.way_chosen.connect(lambda _key: self.draw.click())
        self.by.chosen.connect(lambda _place: self._show_points())
        self.draw.clicked.connect(self.draw_asked)
        self.view.selected_changed.connect(self._show_selected)
        self.view.opened.connect(self.open_asked)
        self.view.met.connect(self._show_met)
        self.show_map(None, {})

    def _lay_out(self) -> None:
        side = column(self.legend, 8, self.chosen, (self.texts, 1), gap=4)
        side.setFixedWidth(SIDE)
        hide_below(side, LIST_FROM)
        layout = QVBoxLayout(self)
        layout.setContentsMargins(0, 0, 0, 0)
        layout.setSpacing(8)
        layout.addWidget(row((self.count, 1), self.by, self.draw, gap=8))
        self._work = row((column((self.view, 1), self.met, gap=4), 1), side, gap=16)
        layout.addWidget(self._begin, 1)
        layout.addWidget(self._work, 1)

    def show_map(self, db: Database | None, concepts: Mapping[int, Concept]) -> None:
        """Show the map as it was drawn, with what is said of the texts now."""
        self._db, self._concepts = db, concepts
        self._map = find_map(db) if db else None
        for part in (self._work, self.by):
            part.setVisible(self._map is not None)
        self._begin.setVisible(self._map is None)
        self._show_points()

    def show_words(self, words: str) -> None:
        """Say what happens."""
        self.count.setText(words)

    def ids(self) -> tuple[int, ...]:
        """Return the inputs that are selected."""
        return self.view.ids()

    def _show_points(self) -> None:
        points, run = NO_POINTS, None
        if self._map is not None and self._db is not None:
            run = find_topic_run(self._db)
            by_topic = self.by.value == TOPICS
            points = _by_topic(self._map, run) if by_topic else self._by_concept(self._map)
        self.view.show_points(points)
        n_rest = int((points.of_groups == REST).sum())
        self.legend.show_groups(points.groups, _("Others  {n}").format(n=number(n_rest)))
        self.count.setText(self._told(run))
        self._show_selected()

    def _by_concept(self, drawn: TextMap) -> Points:
        assert self._db is not None
        inputs, keys = list_positive_pairs(self._db)
        places = np.searchsorted(drawn.input_ids, inputs)
        is_here = places < len(drawn.input_ids)
        is_here[is_here] = drawn.input_ids[places[is_here]] == inputs[is_here]
        said = np.zeros(len(drawn.input_ids), np.int64)
        said[places[is_here]] = keys[is_here]
        counts = Counter(said[said > 0].tolist())
        groups = [
            (key, Group(self._concepts[key].name, self._concepts[key].colour, n))
            for key, n in counts.most_common(MOST_GROUPS)
            if key in self._concepts
        ]
        return _points(drawn, said, groups)

    def _told(self, run: TopicRun | None) -> str:
        if self._map is None:
            return _("The map has not been drawn yet.")
        n = len(self._map.input_ids)
        words = ngettext("{n} text", "{n} texts", n).format(n=number(n))
        hint = _("draw an outline around texts to select them")
        if self.by.value == TOPICS and run is None:
            hint = _("sort the texts into topics first to see them here")
        return f"{words} · {hint}"

    def _show_selected(self) -> None:
        ids = self.ids()
        n = len(ids)
        words = ngettext("{n} selected", "{n} selected", n).format(n=number(n))
        self.chosen.setText(words if n else "")
        shown = get_inputs(self._db, ids[:LISTED]) if self._db and ids else []
        self.texts.show_rows([Row(one) for one in shown], self._concepts)
        self.texts.setColumnHidden(1, True)  # noqa: FBT003

    def _show_met(self, input_id: int) -> None:
        found = get_inputs(self._db, [input_id]) if self._db and input_id else []
        self.met.setText(found[0].text[:400] if found else "")


def _by_topic(drawn: TextMap, run: TopicRun | None) -> Points:
    if run is None:
        return Points(drawn.input_ids, drawn.points)
    numbers = np.zeros(len(drawn.input_ids), np.int64)
    _ids, here, there = np.intersect1d(
        drawn.input_ids, run.input_ids, assume_unique=True, return_indices=True
    )
    numbers[here] = run.numbers[there]
    largest = sorted(run.topics, key=lambda topic: -topic.n_inputs)[:MOST_GROUPS]
    groups = [
        (topic.number, Group(topic.name, place, topic.n_inputs))
        for place, topic in enumerate(largest)
    ]
    return _points(drawn, numbers, groups)


def _points(drawn: TextMap, keys: Ids, groups: list[tuple[int, Group]]) -> Points:
    """Return points in groups by a key of each."""
    group_of = np.full(len(keys), REST)
    for place, (key, _group) in enumerate(groups):
        group_of[keys == key] = place
    return Points(drawn.input_ids, drawn.points, tuple(group for _key, group in groups), group_of)
