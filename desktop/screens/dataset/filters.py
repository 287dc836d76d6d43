"""What the list is narrowed by: words, a concept, a split, what is unlabelled, and more."""

from collections.abc import Mapping, Sequence
from dataclasses import replace
from typing import Any

from PySide6.QtCore import QRectF, QSignalBlocker, QSize, Qt, QTimer, Signal
from PySide6.QtGui import QHideEvent, QKeyEvent, QPaintEvent, QPen
from PySide6.QtWidgets import QAbstractButton, QHBoxLayout, QSizePolicy, QVBoxLayout, QWidget
from typing_extensions import override

from core.i18n import _
from core.records import Concept
from core.storage.filters import InputFilter
from desktop.theme.icons import pixmap
from desktop.theme.tokens import CONTROL, RADIUS, colour
from desktop.widgets.buttons import button
from desktop.widgets.choices import Select, line_edit
from desktop.widgets.filter_chips import FilterChips
from desktop.widgets.filter_panel import FilterPanel
from desktop.widgets.filter_words import SPLITS
from desktop.widgets.layout import hide_below
from desktop.widgets.painted import inside_edge, paint_ring, painter_of, put, text_width
from desktop.widgets.wording import number, texts

PAUSE_MS = 80  # of typing, after which is searched
POPUP_WIDTH = 320
SPLIT_FROM = 1280  # pixels of the window from which there is room for the splits


class FilterToggle(QAbstractButton):
    """A filter that is on or off, with a count; a tick says that it is on."""

    def __init__(self, label: str) -> None:
        """Be off."""
        super().__init__()
        self._label, self._count = label, 0
        self.setCheckable(True)
        self.setFocusPolicy(Qt.FocusPolicy.StrongFocus)
        self.setAttribute(Qt.WidgetAttribute.WA_Hover)
        self.setSizePolicy(QSizePolicy.Policy.Fixed, QSizePolicy.Policy.Fixed)
        self.toggled.connect(lambda _on: self.updateGeometry())
        self.set_count(0)

    def set_count(self, count: int) -> None:
        """Say how many it would leave."""
        self._count = count
        self.setText(f"{self._label}  {number(count)}")
        self.setAccessibleName(f"{self._label}, {number(count)}")
        self.updateGeometry()
        self.update()

    @override
    def sizeHint(self) -> QSize:
        tick = 20 if self.isChecked() else 0
        return QSize(round(text_width(self.text(), "strong")) + 28 + tick, CONTROL)

    @override
    def paintEvent(self, event: QPaintEvent) -> None:
        painter, on = painter_of(self), self.isChecked()
        tone = "accent_text" if on else "outline" if self.underMouse() else "hairline"
        painter.setPen(QPen(colour(tone), 1))
        painter.setBrush(colour("accent_soft" if on else "raised"))
        painter.drawRoundedRect(inside_edge(self.rect()), RADIUS, RADIUS)
        x = 14.0
        if on:
            tick = pixmap("check", "accent_text", 14, self.devicePixelRatioF())
            painter.drawPixmap(round(x - 2), (self.height() - 14) // 2, tick)
            x += 18
        words = QRectF(x, 0, self.width() - x, self.height())
        put(painter, words, self.text(), "strong", "ink" if self.isEnabled() else "ink_3")
        if self.hasFocus():
            paint_ring(painter, self.rect())


class FilterBar(QWidget):
    """The filter in use, and the controls that show and change it.

    `changed` is emitted when the list has to be read anew.

    Attributes:
        wanted: what the analyst wants to see; its dataset is the screen's to set.
    """

    changed = Signal()

    def __init__(self) -> None:
        """Narrow nothing."""
        super().__init__()
        self.wanted = InputFilter()
        self.concepts: Mapping[int, Concept] = {}
        self.search = line_edit("", _("Search"), "search")
        self.search.setMinimumWidth(120)
        self.search.setMaximumWidth(420)
        self.concept = Select(kind="filter", width=144, name=_("Filter by concept"))
        self.split = Select(kind="filter", width=116, name=_("Filter by split"))
        self.unlabelled = FilterToggle(_("Unlabelled"))
        self.more = button(_("More"), icon_name="sliders-horizontal", tip=_("More filters"))
        self.more.setAccessibleName(_("More filters"))
        self.panel, self.chips = FilterPanel(self), FilterChips()
        self._pause = QTimer(self, singleShot=True, interval=PAUSE_MS)
        for value, words in SPLITS:
            self.split.addItem(_(words), value)
        for select in (self.concept, self.split):
            select.view().setTextElideMode(Qt.TextElideMode.ElideMiddle)
        self.concept.view().setMinimumWidth(POPUP_WIDTH)
        self.split.view().setMinimumWidth(160)
        self._lay_out()
        self.set_concepts([])
        self._connect()

    def _lay_out(self) -> None:
        line = QHBoxLayout()
        line.setSpacing(8)
        line.addWidget(self.search, 1)
        for part in (self.concept, self.split, self.unlabelled, self.more):
            line.addWidget(part)
        line.addStretch(0)
        hide_below(self.split, SPLIT_FROM)
        layout = QVBoxLayout(self)
        layout.setContentsMargins(0, 0, 0, 0)
        layout.setSpacing(8)
        layout.addLayout(line)
        layout.addWidget(self.chips)

    def _connect(self) -> None:
        self._pause.timeout.connect(self._search_now)
        self.search.textChanged.connect(lambda _words: self._pause.start())
        self.search.returnPressed.connect(self._search_now)
        self.concept.currentIndexChanged.connect(self._take_concept)
        self.split.currentIndexChanged.connect(lambda: self._take(split=self.split.currentData()))
        self.unlabelled.toggled.connect(lambda on: self._take(labelling="unlabelled" if on else ""))
        self.more.clicked.connect(lambda: self.panel.open_below(self.more, self.wanted))
        self.panel.chosen.connect(self.set_filter)
        self.chips.chosen.connect(self.set_filter)
        self.chips.cleared.connect(self.clear)

    @property
    def is_narrowing(self) -> bool:
        """Whether any filter is in use."""
        return replace(self.wanted, dataset_id=0).is_narrowing

    def set_filter(self, wanted: InputFilter) -> None:
        """Narrow to this; `changed` is emitted if it is something else."""
        is_new = wanted != self.wanted
        self.wanted = wanted
        self._show_filter()
        if is_new:
            self.changed.emit()

    def clear(self) -> None:
        """Narrow nothing any more, but stay in the dataset."""
        self.set_filter(InputFilter(dataset_id=self.wanted.dataset_id))

    def set_concepts(self, concepts: Sequence[Concept]) -> None:
        """Offer these concepts; the chosen one stays chosen."""
        self.concepts = {concept.id: concept for concept in concepts}
        known = [(_("Any concept"), 0), *((concept.name, concept.id) for concept in concepts)]
        places = range(self.concept.count())
        shown = [(self.concept.itemText(i), self.concept.itemData(i)) for i in places]
        if known != shown:
            with QSignalBlocker(self.concept):
                self.concept.clear()
                for name, key in known:
                    self.concept.addItem(name, key)
        self._show_filter()

    def set_counts(self, n_inputs: int, n_unlabelled: int) -> None:
        """Say how many texts there are to search in, and how many are unlabelled."""
        words = _("Search in {texts}").format(texts=texts(n_inputs)) if n_inputs else _("Search")
        self.search.setPlaceholderText(words)
        self.search.setAccessibleName(words)
        self.unlabelled.set_count(n_unlabelled)

    @override
    def keyPressEvent(self, event: QKeyEvent) -> None:
        if event.key() == Qt.Key.Key_Escape and self.search.text():
            self.search.clear()
            self._search_now()
        else:
            super().keyPressEvent(event)

    @override
    def hideEvent(self, event: QHideEvent) -> None:
        super().hideEvent(event)
        if self._pause.isActive():
            self._search_now()

    def _take(self, **narrowed: Any) -> None:  # noqa: ANN401  # fields of a filter
        self.set_filter(replace(self.wanted, **narrowed))

    def _take_concept(self) -> None:
        chosen = self.concept.currentData()
        self._take(has=(chosen,) if chosen else ())

    def _search_now(self) -> None:
        self._pause.stop()
        self._take(containing=self.search.text().strip())

    def _show_filter(self) -> None:
        """Have every control say what is in use."""
        wanted = self.wanted
        if wanted.containing != self.search.text().strip():
            with QSignalBlocker(self.search):
                self.search.setText(wanted.containing)
        only = wanted.has[0] if len(wanted.has) == 1 else 0
        for select, value in ((self.concept, only), (self.split, wanted.split)):
            with QSignalBlocker(select):
                select.setCurrentIndex(max(0, select.findData(value)))
            select.update()
        with QSignalBlocker(self.unlabelled):
            self.unlabelled.setChecked(wanted.labelling == "unlabelled")
        self.unlabelled.updateGeometry()
        self.chips.show_filter(wanted, self.concepts)
        self.panel.show_filter(wanted)
