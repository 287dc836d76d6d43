"""What the list is narrowed by: words, a concept, a split, or having no concept."""

from collections.abc import Sequence

from PySide6.QtCore import QRectF, QSignalBlocker, QSize, Qt, QTimer, Signal
from PySide6.QtGui import QHideEvent, QKeyEvent, QPaintEvent, QPen
from PySide6.QtWidgets import QAbstractButton, QHBoxLayout, QSizePolicy, QWidget
from typing_extensions import override

from core.i18n import _
from core.records import Concept
from core.storage.inputs import InputFilter
from desktop.theme.icons import pixmap
from desktop.theme.tokens import CONTROL, RADIUS, colour
from desktop.widgets.choices import Select, line_edit
from desktop.widgets.painted import inside_edge, paint_ring, painter_of, put, text_width
from desktop.widgets.wording import number, texts

PAUSE_MS = 200  # of typing, after which is searched
SPLITS = ("", "train", "validation", "test", "none")
POPUP_WIDTH = 320


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
    """The filters beside each other; `changed` is emitted when the list has to be read anew."""

    changed = Signal()

    def __init__(self) -> None:
        """Narrow nothing."""
        super().__init__()
        self.search = line_edit("", _("Search"), "search")
        self.search.setMaximumWidth(280)
        self.concept = Select(kind="filter", width=152, name=_("Filter by concept"))
        self.split = Select(kind="filter", width=136, name=_("Filter by split"))
        self.unlabelled = FilterToggle(_("Without concept"))
        self.split.addItems(
            [_("Any split"), _("Train"), _("Validation"), _("Test"), _("No split said")]
        )
        for select in (self.concept, self.split):
            select.view().setTextElideMode(Qt.TextElideMode.ElideMiddle)
        self.concept.view().setMinimumWidth(POPUP_WIDTH)
        self._pause = QTimer(self, singleShot=True, interval=PAUSE_MS)
        self._pause.timeout.connect(self.changed)
        self.set_concepts([])
        self.search.textChanged.connect(lambda _words: self._pause.start())
        self.search.returnPressed.connect(self._search_now)
        self.concept.currentIndexChanged.connect(self.changed)
        self.split.currentIndexChanged.connect(self.changed)
        self.unlabelled.toggled.connect(self.changed)
        layout = QHBoxLayout(self)
        layout.setContentsMargins(0, 0, 0, 0)
        layout.setSpacing(8)
        layout.addWidget(self.search, 1)
        for part in (self.concept, self.split, self.unlabelled):
            layout.addWidget(part)
        layout.addStretch(0)

    def wanted(self, dataset_id: int) -> InputFilter:
        """Return what the analyst wants to see of a dataset; 0 means of all."""
        return InputFilter(
            dataset_id=dataset_id,
            containing=self.search.text().strip(),
            concept_id=self.concept.currentData() or 0,
            split=SPLITS[self.split.currentIndex()],
            unlabelled=self.unlabelled.isChecked(),
        )

    def is_narrowing(self) -> bool:
        """Say whether any filter is in use."""
        return self.wanted(0) != InputFilter()

    def clear(self) -> None:
        """Narrow nothing any more."""
        with QSignalBlocker(self):
            self.search.clear()
            self.concept.setCurrentIndex(0)
            self.split.setCurrentIndex(0)
            self.unlabelled.setChecked(False)
        self._search_now()

    def set_concepts(self, concepts: Sequence[Concept]) -> None:
        """Offer these concepts; the chosen one stays chosen."""
        known = [(_("Any concept"), 0), *((concept.name, concept.id) for concept in concepts)]
        places = range(self.concept.count())
        shown = [(self.concept.itemText(i), self.concept.itemData(i)) for i in places]
        if known == shown:
            return
        chosen = self.concept.currentData()
        with QSignalBlocker(self.concept):
            self.concept.clear()
            for name, key in known:
                self.concept.addItem(name, key)
            self.concept.setCurrentIndex(max(0, self.concept.findData(chosen)))
        self.concept.update()

    def set_counts(self, n_inputs: int, n_unlabelled: int) -> None:
        """Say how many texts there are to search in, and how many have no concept."""
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

    def _search_now(self) -> None:
        self._pause.stop()
        self.changed.emit()
