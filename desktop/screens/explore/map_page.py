"""The map of the texts: what is alike stands together, and can be labelled together."""

from collections.abc import Mapping

from PySide6.QtCore import QSize, Qt, Signal
from PySide6.QtGui import QPaintEvent
from PySide6.QtWidgets import QSizePolicy, QVBoxLayout, QWidget
from typing_extensions import override

from core.i18n import _, ngettext
from core.operations.look_at_map import NO_GROUP, MapGroup, MapLook, MapStand
from core.records import Concept
from core.storage.database import Database
from core.storage.inputs import get_inputs
from desktop.screens.explore.map_points import NO_POINTS, Points
from desktop.screens.explore.map_view import MapView
from desktop.screens.explore.results_table import ResultsTable, Row
from desktop.widgets.buttons import button
from desktop.widgets.choices import Segmented
from desktop.widgets.concept_chip import paint_mark
from desktop.widgets.empty_state import EmptyState, Way
from desktop.widgets.layout import clip, column, hide_below, row
from desktop.widgets.painted import painter_of, put_text
from desktop.widgets.text import Elided, text
from desktop.widgets.wording import number

SIDE, LISTED, LINE = 320, 100, 22  # pixels, texts, pixels
TEXTS_HEIGHT = 76  # the head and a row
TOPICS, CONCEPTS = 0, 1
LIST_FROM = 1160  # pixels of the window


class Legend(QWidget):
    """What each mark stands for."""

    def __init__(self) -> None:
        """Name nothing."""
        super().__init__()
        self.groups: tuple[MapGroup, ...] = ()
        self._others = ""
        self.setFixedHeight(LINE)

    def show_groups(self, groups: tuple[MapGroup, ...], others: str) -> None:
        """Name these; the small points are the others."""
        self.groups, self._others = groups, others
        lines = [f"{one.name}, {number(one.n_inputs)}" for one in groups]
        self.setAccessibleName(_("Marks: {marks}").format(marks="; ".join([*lines, others])))
        self.setFixedHeight(LINE * (len(groups) + bool(others)))
        self.updateGeometry()
        self.update()

    @override
    def sizeHint(self) -> QSize:
        return QSize(SIDE, self.height())

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
    look_asked = Signal()
    open_asked = Signal()

    def __init__(self) -> None:
        """Have no map."""
        super().__init__()
        self._db: Database | None = None
        self._concepts: Mapping[int, Concept] = {}
        self._seen = MapStand(None)
        self._doing = ""  # in words; "" for nothing
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
        self._rest = QWidget()  # keeps the words above it where they are
        self._lay_out()
        self.empty.way_chosen.connect(lambda _key: self.draw.click())
        self.by.chosen.connect(lambda _place: self.look_asked.emit())
        self.draw.clicked.connect(self.draw_asked)
        self.view.selected_changed.connect(self._show_selected)
        self.view.opened.connect(self.open_asked)
        self.view.met.connect(self._show_met)
        self.show_view(self._seen, None, {})

    def _lay_out(self) -> None:
        self.names = clip(self.legend)  # scrolls where the window is low
        self.names.setSizePolicy(QSizePolicy.Policy.Preferred, QSizePolicy.Policy.Maximum)
        self.texts.setSizePolicy(QSizePolicy.Policy.Expanding, QSizePolicy.Policy.Ignored)
        self.texts.setMinimumHeight(TEXTS_HEIGHT)
        side = column(self.names, 8, self.chosen, (self.texts, 1), gap=4)
        side.setFixedWidth(SIDE)
        hide_below(side, LIST_FROM)
        layout = QVBoxLayout(self)
        layout.setContentsMargins(0, 0, 0, 0)
        layout.setSpacing(8)
        layout.addWidget(row((self.count, 1), self.by, self.draw, gap=8))
        self._work = row((column((self.view, 1), self.met, gap=4), 1), side, gap=16)
        layout.addWidget(self._begin, 1)
        layout.addWidget(self._rest, 1)
        layout.addWidget(self._work, 1)

    @property
    def look(self) -> MapLook:
        """By what texts are told apart."""
        return MapLook("topics" if self.by.value == TOPICS else "concepts")

    def show_view(
        self, view: MapStand, db: Database | None, concepts: Mapping[int, Concept]
    ) -> None:
        """Show the map as it was drawn, with what its texts belong to now."""
        self._db, self._concepts, self._seen = db, concepts, view
        for part in (self._work, self.by):
            part.setVisible(view.drawn is not None)
        points = NO_POINTS
        if view.drawn is not None:
            drawn = view.drawn
            points = Points(drawn.input_ids, drawn.points, view.groups, view.group_of)
        self.view.show_points(points)
        n_rest = int((points.of_groups == NO_GROUP).sum())
        self.legend.show_groups(points.groups, _("Others  {n}").format(n=number(n_rest)))
        self.show_words(self._doing)
        self._show_selected()

    def show_words(self, words: str) -> None:
        """Say what is being done; "" for nothing any more."""
        self._doing = words
        self.count.setText(words or self._told())
        self._begin.setVisible(self._seen.drawn is None and not words)
        self._rest.setVisible(self._seen.drawn is None and bool(words))

    def ids(self) -> tuple[int, ...]:
        """Return the inputs that are selected."""
        return self.view.ids()

    def _told(self) -> str:
        if self._seen.drawn is None:
            return _("The map has not been drawn yet.")
        n = len(self._seen.drawn.input_ids)
        words = ngettext("{n} text", "{n} texts", n).format(n=number(n))
        hint = _("draw an outline around texts to select them")
        if self.by.value == TOPICS and not self._seen.has_topics:
            hint = _("sort the texts into topics first to see them here")
        return f"{words} · {hint}"

    def _show_selected(self) -> None:
        ids = self.ids()
        n = len(ids)
        words = ngettext("{n} selected", "{n} selected", n).format(n=number(n))
        self.chosen.setText(words if n else "")
        self.texts.horizontalHeader().setVisible(n > 0)
        shown = get_inputs(self._db, ids[:LISTED]) if self._db and ids else []
        self.texts.show_rows([Row(one) for one in shown], self._concepts)
        self.texts.setColumnHidden(1, True)  # noqa: FBT003

    def _show_met(self, input_id: int) -> None:
        found = get_inputs(self._db, [input_id]) if self._db and input_id else []
        self.met.setText(found[0].text[:400] if found else "")
