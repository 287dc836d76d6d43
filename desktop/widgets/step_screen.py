"""What every screen of the window is: its work, its footer, and when it looks again."""

from PySide6.QtCore import Signal
from PySide6.QtGui import QShowEvent
from PySide6.QtWidgets import QStackedWidget, QWidget
from typing_extensions import override

from core.changes import Changes
from desktop.session import Session
from desktop.widgets.footer import FooterBar, stand_above


def put_in_front(stack: QStackedWidget, page: QWidget, *, kept: QWidget) -> None:
    """Show a page of a stack; one that was made for the moment, and is not `kept`, goes."""
    old = stack.currentWidget()
    if page is old:
        return
    stack.addWidget(page)
    stack.setCurrentWidget(page)
    if old is not None and old is not kept:
        stack.removeWidget(old)
        old.deleteLater()


class StepScreen(QWidget):
    """A screen: it declares what it shows, and looks again when that changed or it comes up.

    Attributes:
        SHOWS: the parts of an app that it shows.
        IS_OF_FILES: it shows files that come without news, and looks whenever it comes up.
        asked_for: emitted with the name of the screen to open next ("concepts", "train" …).
    """

    SHOWS = Changes.NOTHING
    IS_OF_FILES = False
    asked_for = Signal(str)

    def __init__(self, session: Session) -> None:
        """Keep the session; `lay_out` puts the parts in."""
        super().__init__()
        self.session = session
        self._is_stale = True
        session.changed.connect(self._hear)

    def lay_out(self, work: QWidget, footer: FooterBar) -> None:
        """Put the work above its footer."""
        self.footer = footer
        stand_above(footer, work, self)

    def look_again(self) -> None:
        """Show the app as it is now; screens override this."""

    def first_focus(self) -> QWidget | None:
        """Return what takes the keyboard when the screen opens; None leaves it where it is."""
        return None

    def lead_on(self, part: QWidget) -> None:
        """Give the keyboard to a part, where it was on this screen or nowhere."""
        focused = self.window().focusWidget()
        if self.isVisible() and (focused is None or self.isAncestorOf(focused)):
            part.setFocus()

    @override
    def showEvent(self, event: QShowEvent) -> None:
        super().showEvent(event)
        if self._is_stale or self.IS_OF_FILES:
            self._is_stale = False
            self.look_again()

    def _hear(self, changes: Changes) -> None:
        if not changes & self.SHOWS:
            return
        if self.isVisible():
            self.look_again()
        else:
            self._is_stale = True
