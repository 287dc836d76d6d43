"""An app without texts: the ways to bring in the first ones."""

from PySide6.QtCore import Signal
from PySide6.QtWidgets import QWidget
from typing_extensions import override

from core.i18n import _
from core.operations.create_sample import Sample, list_samples
from desktop.screens.dataset.page import Page
from desktop.widgets.buttons import button
from desktop.widgets.empty_state import EmptyState, Way
from desktop.widgets.footer import FooterBar
from desktop.widgets.layout import clip, column, row
from desktop.widgets.text import heading
from desktop.widgets.wording import texts


class EmptyPage(Page):
    """A drop zone, three ways, and a sample for those who have no texts at hand."""

    dropped = Signal(list)  # of Path
    way_chosen = Signal(str)  # "file", "folder" or "text"
    sample_asked = Signal(str)

    def __init__(self) -> None:
        """Offer the ways."""
        super().__init__()
        self._sample: Sample = list_samples()[0]
        self.use_sample = button(_("Use the sample"))
        self.use_sample.clicked.connect(lambda: self.sample_asked.emit(self._sample.name))
        self.next = button(_("Next: Concepts"), "primary", "arrow-right", trailing=True)
        self.next.set_enabled(enabled=False, why_not=_("Add at least one text first."))
        self.empty = EmptyState(
            _("Add your first texts"),
            _("Messages, reviews, tickets, questions. Ten of each kind are enough to begin."),
            _ways(),
            _("Drop files or a folder here"),
        )
        self.empty.dropped.connect(self.dropped)
        self.empty.way_chosen.connect(self.way_chosen)
        body = column(
            *(heading(_("Dataset")), None, row(None, self.empty, None), None, None),
            gap=0,
            margins=(32, 12, 32, 12),
        )
        self.lay_out(clip(body), FooterBar(self.use_sample, self.next))
        words = _("No data at hand? Use a sample: “{title}”, {texts}.")
        self.footer.set_note(
            words.format(title=_(self._sample.title), texts=texts(self._sample.n_texts))
        )

    @override
    def first_focus(self) -> QWidget:
        return self.empty.ways[0]


def _ways() -> list[Way]:
    return [
        Way(
            *("file", "table-2", _("Choose files")),
            _("CSV, Excel, JSON, plain text, Word, PDF or ZIP; you see them before they are added"),
        ),
        Way(
            *("text", "pencil-line", _("Type or paste")),
            _("One text, many with a line each, or rows of a spreadsheet (Ctrl+V)"),
        ),
        Way(
            *("folder", "folder-open", _("Choose a folder")),
            _("Texts sorted into folders: each folder becomes a concept"),
        ),
    ]
