"""Buttons: by kind, with icons that follow the theme, and those with a picture only."""

from PySide6.QtCore import QEvent, QSize, Qt
from PySide6.QtGui import QKeyEvent
from PySide6.QtWidgets import QAbstractButton, QPushButton, QSizePolicy, QToolButton
from typing_extensions import override

from desktop.theme.icons import icon
from desktop.theme.tokens import font
from desktop.widgets.painted import repaints
from desktop.widgets.text import tip

ICON_BESIDE_TEXT, ICON_ALONE = 16, 18
TONES = {"primary": "on_accent", "link": "accent_text", "danger": "bad"}
SMALL_KINDS = ("link", "small")


class EnterButton(QAbstractButton):
    """A button that draws itself; Enter presses it as Space does."""

    @override
    def keyPressEvent(self, event: QKeyEvent) -> None:
        if event.key() in {Qt.Key.Key_Return, Qt.Key.Key_Enter}:
            self.click()
        else:
            super().keyPressEvent(event)


class Button(QPushButton):
    """A push button; `text()` is its bare label, whatever is drawn around it."""

    def __init__(
        self, label: str, kind: str = "secondary", icon_name: str = "", *, trailing: bool = False
    ) -> None:
        """Be of a kind; see `button`."""
        super().__init__()
        self._icon_name, self._kind, self._trailing, self._label = icon_name, kind, trailing, ""
        self.setProperty("kind", kind)
        self.setFont(font("small_strong" if kind in SMALL_KINDS else "strong"))
        self.setSizePolicy(QSizePolicy.Policy.Fixed, QSizePolicy.Policy.Fixed)
        self.setAutoDefault(False)
        if kind == "link":
            self.setCursor(Qt.CursorShape.PointingHandCursor)
        if trailing:
            self.setLayoutDirection(Qt.LayoutDirection.RightToLeft)
        self.setText(label)
        self._draw_icon()

    @override
    def setText(self, text: str) -> None:
        self._label = text
        shown = text.replace("&", "&&")  # somebody's name, no key to press
        if self._icon_name:  # one space is the gap that Qt cannot be told
            shown = f"{shown} " if self._trailing else f" {shown}"
        super().setText(shown)
        self.setAccessibleName(text)

    @override
    def text(self) -> str:
        return self._label

    def set_icon(self, name: str) -> None:
        """Show another icon, or none for ""."""
        self._icon_name = name
        self.setText(self._label)
        self._draw_icon()

    def set_enabled(self, *, enabled: bool, why_not: str = "") -> None:
        """Let the button be pressed or not; `why_not` is its tooltip meanwhile."""
        self.setEnabled(enabled)
        self.setToolTip("" if enabled else tip(why_not))

    @override
    def changeEvent(self, event: QEvent) -> None:
        super().changeEvent(event)
        if repaints(event):
            self._draw_icon()

    def _draw_icon(self) -> None:
        if self._icon_name:
            self.setIcon(icon(self._icon_name, TONES.get(self._kind, "ink_2"), ICON_BESIDE_TEXT))
            self.setIconSize(QSize(ICON_BESIDE_TEXT, ICON_BESIDE_TEXT))


def button(
    label: str,
    kind: str = "secondary",
    icon_name: str = "",
    *,
    trailing: bool = False,
    enabled: bool = True,
    tip: str = "",
) -> Button:
    """Return a button.

    Args:
        label: a verb with its object; `…` only if a dialog follows.
        kind: primary, secondary, quiet, link, danger or small.
        icon_name: an icon of `resources/icons`.
        trailing: the icon follows the label.
        enabled: whether it can be pressed now.
        tip: its tooltip.
    """
    result = Button(label, kind, icon_name, trailing=trailing)
    result.setEnabled(enabled)
    result.setToolTip(tip)
    return result


class IconButton(QToolButton):
    """A button that is a picture; its name and tooltip say what it does."""

    def __init__(self, name: str, tip: str, tone: str = "ink_2") -> None:
        """Show an icon of `resources/icons` in a role's colour."""
        super().__init__()
        self._name, self._tone = name, tone
        self.setProperty("kind", "icon")
        self.setFocusPolicy(Qt.FocusPolicy.StrongFocus)
        self.setIconSize(QSize(ICON_ALONE, ICON_ALONE))
        self.set_tip(tip)
        self._draw_icon()

    def set_tip(self, tip: str) -> None:
        """Say what the button does."""
        self.setToolTip(tip)
        self.setAccessibleName(tip)

    def set_icon(self, name: str) -> None:
        """Show another icon."""
        self._name = name
        self._draw_icon()

    @override
    def changeEvent(self, event: QEvent) -> None:
        super().changeEvent(event)
        if repaints(event):
            self._draw_icon()

    def _draw_icon(self) -> None:
        self.setIcon(icon(self._name, self._tone, ICON_ALONE, disabled="outline"))


def icon_button(name: str, tip: str, tone: str = "ink_2") -> IconButton:
    """Return a button that is a picture; the tip is also its name for a screen reader."""
    return IconButton(name, tip, tone)
