"""The menu of the whole list: export, the bin, and whether identical texts share labels."""

from PySide6.QtCore import QObject, QPoint, Signal
from PySide6.QtWidgets import QMenu

from core.i18n import _
from core.operations.annotate import SHARE_LABELS
from core.storage.about import get_about, update_about
from core.storage.bin import count_binned
from core.storage.database import transaction
from desktop.session import Session
from desktop.theme.tokens import font
from desktop.widgets.buttons import icon_button
from desktop.widgets.wording import number


class ListMenu(QObject):
    """A button with three dots, and its menu."""

    bin_asked = Signal()
    export_asked = Signal()

    def __init__(self, session: Session) -> None:
        """Offer what there is."""
        super().__init__()
        self._session = session
        self.n_binned = 0
        self.button = icon_button("ellipsis", _("Export, bin and more"))
        self.menu = QMenu(self.button)
        self.menu.setFont(font("body"))
        self.menu.setToolTipsVisible(True)
        self.export = self.menu.addAction(_("Export these texts…"))
        self.bin = self.menu.addAction("")
        self.menu.addSeparator()
        self.share = self.menu.addAction(_("Identical texts share labels"))
        self.share.setCheckable(True)
        self.share.setToolTip(
            _("What you say of a text from now on is said of every text with the very same words.")
        )
        self.button.clicked.connect(self._open)
        self.export.triggered.connect(self.export_asked)
        self.bin.triggered.connect(self.bin_asked)
        self.share.toggled.connect(self._keep)

    def look_again(self) -> None:
        """Show the app as it is now."""
        self.n_binned = count_binned(self._session.db)
        self.bin.setText(_("Bin ({n})").format(n=number(self.n_binned)))
        self.share.blockSignals(True)  # noqa: FBT003  # Qt's own signature
        self.share.setChecked(bool(get_about(self._session.db, SHARE_LABELS)))
        self.share.blockSignals(False)  # noqa: FBT003

    def _keep(self, is_on: bool) -> None:  # noqa: FBT001  # Qt's signal
        with transaction(self._session.db):
            update_about(self._session.db, **{SHARE_LABELS: "1" if is_on else ""})

    def _open(self) -> None:
        corner = QPoint(
            self.button.width() - self.menu.sizeHint().width(), self.button.height() + 2
        )
        self.menu.popup(self.button.mapToGlobal(corner))
