"""A training that came to nothing: why, what it means for the work, and where to mend it."""

from collections.abc import Sequence
from pathlib import Path

from PySide6.QtCore import QUrl, Signal
from PySide6.QtGui import QDesktopServices, QGuiApplication
from PySide6.QtWidgets import QVBoxLayout, QWidget

from core.errors import DiskFullError, NotWritableError, UserError
from core.i18n import _
from core.records import ModelStatus
from desktop.runner import BugError
from desktop.screens.train.log_fold import LogFold
from desktop.theme.tokens import S2, S3
from desktop.widgets.buttons import Button, button
from desktop.widgets.icon import Icon
from desktop.widgets.layout import TOP, Item, boxed, clip, column, row, step_body
from desktop.widgets.message_panel import MessagePanel, error_panel
from desktop.widgets.text import heading, text, wrapped

TOO_LITTLE = (
    ModelStatus.MODEL_TRAINING_NO_DATA,
    ModelStatus.MODEL_TRAINING_NO_POSITIVES,
    ModelStatus.MODEL_TRAINING_INSUFFICIENT_DATA,
)


class EndingPage(QWidget):
    """Shows how a training ended that made no model."""

    asked_for = Signal(str)  # a screen

    def __init__(
        self,
        model: str,
        error: Exception | None,
        log: Sequence[str],
        folder: Path,
        *,
        kept: str = "",
    ) -> None:
        """Say it; without an error the analyst stopped it.

        Args:
            model: the name of the model that was trained.
            error: a `UserError` or a `BugError`.
            log: what was noted until then.
            folder: the app's.
            kept: what is kept of a training that was stopped; "" where nothing was changed.
        """
        super().__init__()
        self._folder, self._kept = folder, kept
        self.log = LogFold(model)
        self.log.set_lines(log)
        self.log.setVisible(bool(log))
        title = heading(_("Training “{model}”").format(model=model))
        items: list[Item] = [title, S2, self._panel(error), S3, self.log, None]
        layout = QVBoxLayout(self)
        layout.setContentsMargins(0, 0, 0, 0)
        layout.addWidget(clip(step_body(column(*items, gap=0), most=1064)))

    def _panel(self, error: Exception | None) -> QWidget:
        match error:
            case None:
                return _stopped(self._kept)
            case BugError():
                return _broken(error)
            case UserError():
                return error_panel(error, *self._ways(error))
            case _:
                raise error

    def _ways(self, error: UserError) -> list[Button]:
        """Return the buttons that lead to where the failure can be mended."""
        if isinstance(error, DiskFullError | NotWritableError):
            way = button(_("Show folder"))
            way.clicked.connect(self._show_folder)
            return [way]
        is_little = getattr(error, "status", 0) in TOO_LITTLE
        places = (
            (("dataset", _("Label texts")), ("concepts", _("Look at the concepts")))
            if is_little
            else (("settings", _("Look at the settings")),)
        )
        return [self._way(*place) for place in places]

    def _way(self, screen: str, label: str) -> Button:
        result = button(label)
        result.clicked.connect(lambda: self.asked_for.emit(screen))
        return result

    def _show_folder(self) -> None:
        QDesktopServices.openUrl(QUrl.fromLocalFile(str(self._folder)))


def _stopped(kept: str) -> QWidget:
    words = kept or _("The texts that were read already do not have to be read again.")
    title = _("Stopped.") if kept else _("Stopped. Nothing was changed.")
    lines = column(text(title, "heading"), wrapped(words), gap=4)
    return boxed(
        "soft", row((Icon("info", "ink_2", 20), TOP), (lines, 1), gap=S2, margins=(S3, 20, S3, 20))
    )


def _broken(error: BugError) -> QWidget:
    copy = button(_("Copy report"), "secondary", "copy")
    copy.clicked.connect(lambda: QGuiApplication.clipboard().setText(error.report))
    return MessagePanel(
        "bad",
        _("Something is broken on our side"),
        _("Your texts, concepts and settings are as they were. A report helps us to mend it."),
        actions=[copy],
        details=error.report,
    )
