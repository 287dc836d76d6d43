"""Model type: one aligned comparison of what there is, and what each takes on this computer."""

from collections.abc import Callable

from PySide6.QtCore import Qt, Signal
from PySide6.QtGui import QMouseEvent, QPaintEvent, QShowEvent
from PySide6.QtWidgets import QButtonGroup, QGridLayout, QVBoxLayout, QWidget
from typing_extensions import override

from core.app_folder import MAIN_DATASET
from core.changes import Changes
from core.errors import UserError
from core.i18n import _
from core.operations.estimate_training import Estimate, EstimateRequest, estimate
from core.records import TEXT_TO_TEXT
from core.storage.counts import count_labels, count_targets
from core.storage.database import TookTooLongError, within
from core.storage.datasets import get_dataset
from core.templates import find_template
from desktop import boxes
from desktop.asking import Asking
from desktop.screens.model_type.kinds import HAVE, KINDS, LABELS, TAKES, Kind, Stock, have, lacks
from desktop.session import Session
from desktop.theme.tokens import RADIUS_LARGE, colour
from desktop.widgets.buttons import button
from desktop.widgets.choices import Radio
from desktop.widgets.footer import FooterBar
from desktop.widgets.icon import Icon
from desktop.widgets.layout import TOP, Hairline, clip, column, row, step_body
from desktop.widgets.painted import inside_edge, painter_of
from desktop.widgets.step_screen import StepScreen
from desktop.widgets.text import Text, Wrapped, heading, text, wrapped
from desktop.widgets.wording import counted_texts, duration

LABEL_WIDTH = 120
PATIENCE_S = 0.3  # for counting answers, for which every text is looked into


class _Ground(QWidget):
    """The surface behind the chosen column."""

    @override
    def paintEvent(self, event: QPaintEvent) -> None:
        painter = painter_of(self)
        painter.setPen(colour("accent_text"))
        painter.setBrush(colour("accent_soft"))
        painter.drawRoundedRect(inside_edge(self.rect()), RADIUS_LARGE, RADIUS_LARGE)


class _Head(QWidget):
    """The head of a column, which can be clicked anywhere."""

    clicked = Signal()

    def __init__(self, kind: Kind, radio: Radio, mark: Text) -> None:
        super().__init__()
        self.setCursor(Qt.CursorShape.PointingHandCursor)
        self.sign = Icon(kind.icon_name, "ink_2", 22)
        self._name = kind.icon_name
        title = text(_(kind.name), "heading")
        also = wrapped(f"{_(kind.field_name)} · {kind.key}", "caption", "ink_3")
        top = row(self.sign, None, mark, radio, gap=4)
        what = wrapped(_(kind.what), "small", "ink_2")
        layout = QVBoxLayout(self)
        layout.setContentsMargins(20, 16, 16, 20)
        layout.addWidget(column(top, 8, title, 2, also, 8, what, gap=0))

    def set_chosen(self, *, is_chosen: bool) -> None:
        self.sign.set_icon(self._name, "accent_text" if is_chosen else "ink_2")

    @override
    def mousePressEvent(self, event: QMouseEvent) -> None:
        self.clicked.emit()


class ModelTypeScreen(StepScreen):
    """What each model type is good for, needs, has, and takes on this computer.

    Attributes:
        radios, have, takes: by the type.
    """

    SHOWS = Changes.INPUTS | Changes.ANNOTATIONS | Changes.DATASETS | Changes.MODELS

    def __init__(self, session: Session) -> None:
        """Offer all types; the one that was chosen before, or else the recommended, is chosen."""
        super().__init__(session)
        self.radios = {kind.key: Radio(_(kind.name)) for kind in KINDS}
        self.have = {kind.key: wrapped("", "small") for kind in KINDS}
        self.takes = {kind.key: wrapped("", "small_strong") for kind in KINDS}
        self._marks = {kind.key: text("", "caption_strong", "accent_text") for kind in KINDS}
        self._heads = {kind.key: self._head(kind) for kind in KINDS}
        self._askings = {kind.key: Asking(session) for kind in KINDS}
        self._stock: Stock | None = None
        self._ground, self._grid = _Ground(), QGridLayout()
        self.bring = button(_("Bring answers…"), "link")
        self.bring.clicked.connect(lambda: self.asked_for.emit("dataset"))
        self.bring.setToolTip(_("Import a table in which a second column holds the answers"))
        self.back = button(_("Back"))
        self.next = button(_("Next: Settings"), "primary", "arrow-right", trailing=True)
        self.back.clicked.connect(lambda: self.asked_for.emit("concepts"))
        self.next.clicked.connect(self._choose)
        lead = _("What should the model do with a text? You can train more than one and compare.")
        body = step_body(heading(_("Model type"), lead), 12, self._comparison(), None, gap=12)
        self.lay_out(clip(body), FooterBar(self.back, self.next))
        self._group = QButtonGroup(self)
        for radio in self.radios.values():
            self._group.addButton(radio)
        self._group.buttonToggled.connect(self._show_chosen)

    def _head(self, kind: Kind) -> _Head:
        radio = self.radios[kind.key]
        head = _Head(kind, radio, self._marks[kind.key])
        head.clicked.connect(radio.click)
        return head

    def _comparison(self) -> QWidget:
        holder, grid = QWidget(), self._grid
        holder.setLayout(grid)
        grid.setContentsMargins(0, 0, 0, 0)
        grid.setSpacing(0)
        grid.setColumnMinimumWidth(0, LABEL_WIDTH)
        for i, label in enumerate(LABELS, start=1):
            name = column(text(_(label), "small", "ink_3"), None, margins=(0, 13, 12, 13))
            grid.addWidget(name, i, 0)
            grid.addWidget(Hairline(), i, 0, 1, len(KINDS) + 1, TOP)
        for j, kind in enumerate(KINDS, start=1):
            grid.addWidget(self._heads[kind.key], 0, j, TOP)
            for i, fact in enumerate(self._facts(kind), start=1):
                grid.addWidget(fact, i, j)
            grid.setColumnStretch(j, 1)
        return holder

    def _facts(self, kind: Kind) -> list[QWidget]:
        facts: list[Wrapped] = [wrapped(_(fact) if fact else "", "small") for fact in kind.facts]
        facts[HAVE], facts[TAKES] = self.have[kind.key], self.takes[kind.key]
        parts = []
        for place, fact in enumerate(facts):
            more = [self.bring] if place == HAVE and kind.key == TEXT_TO_TEXT else []
            parts.append(column(fact, *more, None, gap=2, margins=(20, 13, 20, 13)))
        return parts

    @property
    def chosen(self) -> str:
        """The type that is chosen."""
        return next(key for key, radio in self.radios.items() if radio.isChecked())

    @override
    def first_focus(self) -> QWidget | None:
        return self.radios[self.chosen]

    @override
    def showEvent(self, event: QShowEvent) -> None:
        super().showEvent(event)
        if self.session.model_type:
            self.radios[self.session.model_type].setChecked(True)

    @override
    def look_again(self) -> None:
        db = self.session.db
        dataset_id = get_dataset(db, MAIN_DATASET).id
        try:
            with within(db, PATIENCE_S):
                targets = count_targets(db, dataset_id)
        except TookTooLongError:
            targets = None
        stock = self._stock = Stock(count_labels(db, dataset_id), targets)
        for kind in KINDS:
            words, is_enough = have(kind.key, stock)
            self.have[kind.key].setText(words)
            self.have[kind.key].set_tone("ink" if is_enough else "warn")
            is_best = kind.key == stock.recommended
            self._marks[kind.key].setText(_("Recommended") if is_best else "")
            self._ask(kind.key, stock)
        self.bring.setVisible(targets is not None and not targets.n_pairs)
        if not self._group.checkedButton():
            self.radios[self.session.model_type or stock.recommended].setChecked(True)
        self._show_chosen()

    def _ask(self, key: str, stock: Stock) -> None:
        """Ask what a training with the usual settings takes."""
        n_texts = stock.n_texts(key)
        if not n_texts:
            wants_answers = key == TEXT_TO_TEXT and not any(stock.labels.concepts.values())
            self.takes[key].setText(
                _("Known once some texts have an answer")
                if wants_answers
                else _("Known once some texts have a concept")
            )
            return
        writes = key == TEXT_TO_TEXT and stock.targets is not None and stock.targets.n_pairs
        request = EstimateRequest(
            key,
            find_template(key).with_values({}),
            n_texts,
            stock.labels.mean_length,
            mean_answer=stock.targets.mean_length if writes and stock.targets else 0.0,
            n_concepts=0 if writes else sum(n > 0 for n in stock.labels.concepts.values()),
        )
        self.takes[key].setText(_("Working out the time…"))
        self._askings[key].ask(
            self._teller(key, n_texts),
            estimate,
            request,
            refused=lambda error: self.takes[key].setText(str(error)),
        )

    def _teller(self, key: str, n_texts: int) -> Callable[[Estimate], None]:
        def tell(found: Estimate) -> None:
            about = _("About {time} for your {texts}")
            measured = "" if found.is_measured else f" {_('(a careful guess)')}"
            said = about.format(time=duration(found.seconds), texts=counted_texts(n_texts))
            short = "" if found.fits else f" {_('Needs more memory than is free.')}"
            self.takes[key].setText(said + measured + short)

        return tell

    def _show_chosen(self) -> None:
        """Put the surface behind the chosen column, and say what that type lacks."""
        if not self._group.checkedButton() or self._stock is None:
            return
        keys = [kind.key for kind in KINDS]
        place = keys.index(self.chosen) + 1
        self._grid.removeWidget(self._ground)
        self._grid.addWidget(self._ground, 0, place, len(LABELS) + 1, 1)
        self._ground.lower()
        self._ground.show()
        for key, head in self._heads.items():
            head.set_chosen(is_chosen=key == self.chosen)
        lack = lacks(self.chosen, self._stock)
        words = _("The times are for this computer, with the usual settings.")
        self.footer.set_note(lack or words, "warn" if lack else "ink_2", "info" if lack else "")

    def _choose(self) -> None:
        try:
            self.session.choose_model_type(self.chosen)
        except UserError as error:
            boxes.show_error(self, error)
            return
        self.asked_for.emit("settings")
