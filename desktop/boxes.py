"""The only file that opens modal boxes; tests replace its functions.

Boxes are for choosing a file, confirming a loss, naming a thing, and for what went wrong where
no screen can say it.
"""

import re
from pathlib import Path

from PySide6.QtGui import QGuiApplication
from PySide6.QtWidgets import QDialog, QFileDialog, QPlainTextEdit, QVBoxLayout, QWidget

from core.errors import UserError
from core.i18n import _
from core.reports import describe
from desktop.runner import BugError
from desktop.theme.tokens import S1, S3, font
from desktop.widgets.buttons import Button, button
from desktop.widgets.choices import line_edit
from desktop.widgets.fold import Fold
from desktop.widgets.layout import Item, column, row
from desktop.widgets.text import text, wrapped

WIDTH, REPORT_HEIGHT = 480, 160


class Box(QDialog):
    """A dialog: its title is the question, its buttons stand right, Esc is the safe way."""

    def __init__(self, parent: QWidget | None, title: str, *items: Item) -> None:
        """Ask the question over the items; buttons are added by `set_buttons`."""
        super().__init__(parent)
        self.setWindowTitle(title)
        self.setFixedWidth(WIDTH)
        self._layout = QVBoxLayout(self)
        self._layout.setContentsMargins(S3, S3, S3, S3)
        self._layout.setSpacing(S3)
        width = WIDTH - 2 * S3
        self._layout.addWidget(column(wrapped(title, "heading", width=width), *items, gap=S1))

    def set_buttons(self, safe: str, act: Button) -> None:
        """Add the safe way, which has the focus, and the act."""
        cancel = button(safe)
        cancel.clicked.connect(self.reject)
        act.clicked.connect(self.accept)
        self._layout.addWidget(row(None, cancel, act))
        cancel.setFocus()

    def set_close(self, label: str, *others: Button) -> None:
        """Add the one way out, with what else can be done to its left."""
        close = button(label, "primary")
        close.clicked.connect(self.reject)
        self._layout.addWidget(row(None, *others, close))
        close.setDefault(True)
        close.setFocus()


def show_error(parent: QWidget | None, error: Exception) -> None:
    """Say what went wrong and what to do now; what is no `UserError` is a mistake of ours."""
    if isinstance(error, BugError):
        show_fault(parent, error.report, error.doing)
        return
    if not isinstance(error, UserError):
        show_fault(parent, describe(error))
        return
    box = Box(parent, str(error), wrapped(error.next_step, width=WIDTH - 2 * S3))
    box.set_close(_("Close"))
    box.exec()


def show_fault(parent: QWidget | None, report: str, doing: str = "") -> None:
    """Say that something is broken on our side; the report holds no texts of the analyst.

    Args:
        parent: the window it belongs to.
        report: what helps us to mend it.
        doing: what was being done, for the analyst alone.
    """
    meaning = _("Your texts, concepts and models are kept. You can go on; a report helps us.")
    if doing:
        meaning = _("It happened here: {what}.").format(what=doing) + f"\n{meaning}"
    _show_report(parent, _("Something is broken on our side"), meaning, report)


def show_last_end(parent: QWidget | None, report: str) -> None:
    """Offer the report of what ended the program the last time."""
    meaning = _("What you did is kept. A report of where it happened helps us to mend it.")
    _show_report(parent, _("Textwright was ended unexpectedly"), meaning, report)


def _show_report(parent: QWidget | None, title: str, meaning: str, report: str) -> None:
    width = WIDTH - 2 * S3
    shown = QPlainTextEdit(report)
    shown.setFont(font("mono"))
    shown.setReadOnly(True)
    shown.setTabChangesFocus(True)
    shown.setFixedHeight(REPORT_HEIGHT)
    shown.setAccessibleName(_("Report"))
    fold = Fold(_("What the report says"), _("No texts of yours"), shown)
    box = Box(parent, title, wrapped(meaning, width=width), fold)
    fold.setFixedWidth(width)
    copy = button(_("Copy report"))
    copy.clicked.connect(lambda: QGuiApplication.clipboard().setText(report))
    box.set_close(_("Continue"), copy)
    box.exec()


def ask(parent: QWidget | None, question: str, meaning: str, act: str) -> bool:
    """Confirm a loss; return whether the analyst chose the act.

    Args:
        parent: the window it belongs to.
        question: the title, for instance "Delete 214 texts?".
        meaning: what will be lost and what will not.
        act: the button that does it, for instance "Delete 214 texts".
    """
    box = Box(parent, question, wrapped(meaning, width=WIDTH - 2 * S3))
    box.set_buttons(_("Cancel"), button(act, "danger"))
    return box.exec() == QDialog.DialogCode.Accepted


def ask_text(
    parent: QWidget | None, title: str, label: str, value: str = "", *, act: str = ""
) -> str | None:
    """Ask for a name; return it without outer spaces, or None if the analyst thought better of it.

    Args:
        parent: the window it belongs to.
        title: the question, for instance "Rename concept".
        label: what the field holds.
        value: what stands in it at first.
        act: the button that does it; the title without it.
    """
    field = line_edit(value)
    field.setAccessibleName(label)
    field.selectAll()
    box = Box(parent, title, text(label, "small", "ink_2"), field)
    confirm = button(act or title, "primary")
    confirm.setDefault(True)
    field.textChanged.connect(lambda now: confirm.setEnabled(bool(now.strip())))
    confirm.setEnabled(bool(value.strip()))
    box.set_buttons(_("Cancel"), confirm)
    field.setFocus()
    accepted = box.exec() == QDialog.DialogCode.Accepted
    return field.text().strip() if accepted else None


def choose_file(parent: QWidget | None, title: str, kinds: str = "") -> Path | None:
    """Return the file that the analyst chose, or None; kinds as in "Texts (*.csv *.tsv)"."""
    name, _kind = QFileDialog.getOpenFileName(parent, title, "", kinds)
    return Path(name) if name else None


def choose_files(parent: QWidget | None, title: str, kinds: str = "") -> list[Path]:
    """Return the files that the analyst chose, none if he thought better of it."""
    names, _kind = QFileDialog.getOpenFileNames(parent, title, "", kinds)
    return [Path(name) for name in names]


def choose_folder(parent: QWidget | None, title: str) -> Path | None:
    """Return the folder that the analyst chose, or None."""
    name = QFileDialog.getExistingDirectory(parent, title)
    return Path(name) if name else None


def choose_save_file(
    parent: QWidget | None, title: str, suggestion: str, kinds: str = ""
) -> Path | None:
    """Return where to write a file, or None; nothing is replaced without being asked about.

    Without an ending it gets that of the chosen kind, else that of the suggestion.
    """
    name, kind = QFileDialog.getSaveFileName(parent, title, suggestion, kinds)
    path = Path(name)
    if not name or path.suffix:  # Qt has asked
        return path if name else None
    known = re.findall(r"\*(\.\w+)", kind) or [Path(suggestion).suffix]
    path = path.with_name(path.name + known[0])
    if path.exists() and not ask(
        parent,
        _("Replace “{file}”?").format(file=path.name),
        _("There is a file of this name; what is in it is lost."),
        _("Replace the file"),
    ):
        return None
    return path
