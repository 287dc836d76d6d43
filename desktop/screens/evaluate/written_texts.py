"""What a model wrote, text by text: a list, worst first, and the one that is chosen in full."""

from collections.abc import Sequence

from PySide6.QtCore import QObject, Qt, Signal
from PySide6.QtWidgets import QScrollArea, QVBoxLayout, QWidget
from typing_extensions import override

from core.i18n import N_, _
from core.operations.written import WrittenRow
from desktop.widgets.layout import LEFT, RIGHT, V_CENTRE, clip, column
from desktop.widgets.notice import Notice
from desktop.widgets.table import TONE_ROLE, Index, RowsModel, TextTable
from desktop.widgets.text import Wrapped, text, tip, wrapped
from desktop.widgets.wording import percent

HEADS = (N_("Text"), N_("Right answer"), N_("What it wrote"), N_("In common"))
SCORE, SCORE_WIDTH = 3, 96
MEASURE = "chrf"  # what the list is sorted by
DETAIL_WIDTH, SCROLL_BAR = 400, 16


class WrittenTextsModel(RowsModel):
    """The texts of an evaluation, the worst answer first."""

    def __init__(self, parent: QObject | None = None) -> None:
        """Be empty."""
        super().__init__([_(head) for head in HEADS], parent)
        self.rows: list[WrittenRow] = []

    def set_rows(self, rows: Sequence[WrittenRow]) -> None:
        """Hold other texts."""
        self.beginResetModel()
        self.rows = list(rows)
        self.endResetModel()

    @override
    def count(self) -> int:
        return len(self.rows)

    @override
    def alignment(self, section: int) -> Qt.AlignmentFlag:
        return (RIGHT if section == SCORE else LEFT) | V_CENTRE

    @override
    def hint(self, section: int) -> str:
        return _("Letters in common with the right answer (chrF)") if section == SCORE else ""

    @override
    def data(self, index: Index, role: int = Qt.ItemDataRole.DisplayRole) -> object:
        one, section = self.rows[index.row()], index.column()
        shown = (one.text, one.target, one.answer, percent(one.scores.get(MEASURE, 0.0), 0))
        words = " ".join(shown[section].split())
        roles = Qt.ItemDataRole
        match role:
            case roles.DisplayRole:
                return words or _("nothing")
            case roles.ToolTipRole:
                return tip(shown[section])
            case roles.TextAlignmentRole:
                return self.alignment(section)
            case roles.AccessibleTextRole:
                return f"{_(HEADS[section])}: {words or _('nothing')}"
            case _ if role == TONE_ROLE:
                return "ink" if words else "ink_3"
        return None


class WrittenTextsTable(TextTable):
    """Chooses one of the texts."""

    row_chosen = Signal(object)  # WrittenRow

    def __init__(self) -> None:
        """Be empty."""
        super().__init__(_("What the model wrote, worst first"))
        self.model_ = WrittenTextsModel(self)
        self.setModel(self.model_)
        self.setSelectionMode(self.SelectionMode.SingleSelection)
        self.set_columns({SCORE: SCORE_WIDTH})
        self.selectionModel().currentRowChanged.connect(lambda now, _before: self._tell(now.row()))

    def set_rows(self, rows: Sequence[WrittenRow]) -> None:
        """Show other texts, and choose the first."""
        self.model_.set_rows(rows)
        if rows:
            self.selectRow(0)

    def _tell(self, place: int) -> None:
        if 0 <= place < len(self.model_.rows):
            self.row_chosen.emit(self.model_.rows[place])


class WrittenDetail(QWidget):
    """One text in full: what it says, the right answer, what was written, and what was before."""

    def __init__(self) -> None:
        """Show nothing."""
        super().__init__()
        self.copied = Notice("warn")
        self.parts: dict[str, Wrapped] = {}
        self._heads = {
            "text": _("Text"),
            "target": _("Right answer"),
            "answer": _("What it wrote"),
            "untrained": _("Before the training"),
        }
        sections = [self._section(name) for name in self._heads]
        layout = QVBoxLayout(self)
        layout.setContentsMargins(0, 0, 0, 0)
        area: QScrollArea = clip(column(self.copied, *sections, None, gap=14))
        layout.addWidget(area)
        self.setFixedWidth(DETAIL_WIDTH)
        self.show_row(None)

    def _section(self, name: str) -> QWidget:
        self.parts[name] = wrapped(
            "", "body", "ink_2" if name == "untrained" else "ink", width=DETAIL_WIDTH - SCROLL_BAR
        )
        flags = Qt.TextInteractionFlag
        selects = flags.TextSelectableByMouse | flags.TextSelectableByKeyboard
        self.parts[name].setTextInteractionFlags(selects)
        return column(text(self._heads[name], "small_strong", "ink_2"), self.parts[name], gap=3)

    def show_row(self, row: WrittenRow | None) -> None:
        """Show a text, or nothing."""
        for name, part in self.parts.items():
            words = str(getattr(row, name)) if row else ""
            part.setText(words or (_("nothing") if row else ""))
            holder = part.parentWidget()
            if holder:
                holder.setVisible(bool(row) and (name != "untrained" or bool(words)))
        is_copied = row is not None and row.is_copied
        self.copied.say(_("This answer is word for word one of the training.") if is_copied else "")
