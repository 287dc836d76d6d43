"""What becomes of predictions: labels of the app's texts, or a dataset."""

from PySide6.QtWidgets import QVBoxLayout, QWidget

from core.i18n import _
from core.operations.predict_rows import KEY
from core.operations.use_predictions import UseRequest
from core.storage.names import storable
from desktop.screens.predict.results_page import ResultsPage
from desktop.theme.tokens import S2, S3
from desktop.widgets.choices import Segmented, Select, line_edit
from desktop.widgets.layout import column, row
from desktop.widgets.text import text, wrapped
from desktop.widgets.wording import percent, texts

LABELS, DATASET = 0, 1
FIELD_WIDTH = 280
SHARES = (0.5, 0.6, 0.7, 0.8, 0.85, 0.9, 0.95, 0.98, 0.99)
USUAL = SHARES.index(0.9)
NOBODY = 2.0  # a probability that no text has


class UsePage(QWidget):
    """Asks which texts, and from which probability on an answer is accepted as a label."""

    def __init__(self, results: ResultsPage) -> None:
        """Be about the texts that the filters of the results leave."""
        super().__init__()
        self._results = results
        self.what = Segmented(
            [_("Label texts of the app"), _("Make a dataset")], name=_("What becomes of them")
        )
        self.name = line_edit("")
        self.name.setFixedWidth(FIELD_WIDTH)
        self.name.setAccessibleName(_("Name of the dataset"))
        shares = [_("{share} sure").format(share=percent(share, 0)) for share in SHARES]
        self.accept = Select(
            *shares, _("no answer becomes a label"), width=FIELD_WIDTH, name=_("Accepted from")
        )
        self.accept.setCurrentIndex(USUAL)
        self.which = text("", "body")
        self.explanation = wrapped("", "body", "ink_2")
        self._named = row(text(_("Name of the dataset"), "strong"), None, self.name)
        self._named.setFixedWidth(2 * FIELD_WIDTH)
        accepted = row(text(_("Accept answers from"), "strong"), None, self.accept)
        accepted.setFixedWidth(2 * FIELD_WIDTH)
        layout = QVBoxLayout(self)
        layout.setContentsMargins(0, 0, 0, 0)
        parts = (self.which, S2, row(self.what, None), S2, accepted, self._named, S3)
        layout.addWidget(column(*parts, self.explanation, None, gap=8))
        self.what.chosen.connect(lambda _value: self._explain())
        self.accept.currentIndexChanged.connect(lambda _place: self._explain())

    def begin(self) -> None:
        """Ask about the texts that are shown now."""
        found = self._results.found
        is_of_app = found is not None and KEY in found.columns.own
        self.what.set_value(LABELS if is_of_app else DATASET)
        self.name.setText(storable(self._results.path.stem))
        n = found.n_found if found else 0
        self.which.setText(_("{texts} that the filters leave").format(texts=texts(n)))
        self._explain()

    @property
    def n_texts(self) -> int:
        """How many texts are meant."""
        return self._results.found.n_found if self._results.found else 0

    def request(self) -> UseRequest:
        """Return what is asked for."""
        place = self.accept.currentIndex()
        makes_dataset = self.what.value == DATASET
        return UseRequest(
            self._results.path,
            self._results.text,
            SHARES[place] if place < len(SHARES) else NOBODY,
            self._results.wanted,
            self.name.text().strip() if makes_dataset else "",
            adds_texts=makes_dataset,
        )

    def _explain(self) -> None:
        makes_dataset = self.what.value == DATASET
        self._named.setVisible(makes_dataset)
        first = (
            _("Texts that the app has already are not added twice.")
            if makes_dataset
            else _("Texts that the app does not have are left out.")
        )
        stays = _(
            "What somebody labelled stays as it is. The new labels are marked as accepted from a "
            "model, unread. It is one step that can be undone."
        )
        self.explanation.setText(f"{first} {stays}")
