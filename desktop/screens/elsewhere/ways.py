"""The ways in and out of an app, one below the other, each with a sentence on what it does."""

from collections.abc import Sequence

from PySide6.QtCore import Qt, Signal
from PySide6.QtWidgets import QVBoxLayout, QWidget

from core.i18n import N_, _
from core.operations.export_model import onnx_is_here
from core.records import ModelVersion
from core.storage.merges import Merge
from core.wording import percent
from desktop.theme.tokens import S2, S3
from desktop.widgets.buttons import Button, button
from desktop.widgets.choices import Select, Switch
from desktop.widgets.layout import Hairline, clip, column, row, step_body
from desktop.widgets.text import heading, text, tip, wrapped
from desktop.widgets.versions import WIDTH, short_name, version_name
from desktop.widgets.wording import number

COPY = N_("One file with everything: texts, labels, versions, models, evaluations, history.")
MERGE = N_(
    "Adds what a colleague's copy has and this app has not, and says how far you both agree."
    " Your own labels stay."
)
TAKE = N_(
    "A folder that other programs open, with a short script that gives the same answers, and a"
    " card in plain words."
)
BRING = N_("A model that was taken elsewhere comes back, here or to a colleague's app.")
WORDS_WIDTH, MOST = 360, 1064


class WaysPage(QWidget):
    """Offers the ways; what is asked for is done by the screen.

    Attributes:
        versions: the models that can be taken elsewhere.
    """

    copy_asked = Signal()
    merge_asked = Signal(bool)  # whether the copy is a folder
    take_asked = Signal(bool)  # whether it becomes a ZIP
    bring_asked = Signal(bool)  # whether it comes as a folder
    merge_chosen = Signal(int)

    def __init__(self) -> None:
        """Show no model and no merge yet."""
        super().__init__()
        self.versions: list[ModelVersion] = []
        self.copy = button(_("Copy this app to a file…"), icon_name="download")
        self.merge = button(_("Merge with a colleague's copy…"), icon_name="layers")
        self.merge_folder = button(_("It is a folder…"), "link")
        self.take = button(_("Take this model elsewhere…"), icon_name="download")
        self.take_zip = button(_("As a ZIP…"), "link")
        self.bring = button(_("Bring a model back…"), icon_name="upload")
        self.bring_folder = button(_("It is a folder…"), "link")
        self.chooser = Select(name=_("Model"), width=WIDTH)
        self.examples = Switch(on=True, name=_("Show a few of its texts in the card"))
        self.onnx = Switch(name=_("Also as ONNX"))
        self.merges = QVBoxLayout()
        self._connect()
        layout = QVBoxLayout(self)
        layout.setContentsMargins(0, 0, 0, 0)
        layout.addWidget(clip(self._body()))

    def show_models(self, versions: Sequence[ModelVersion]) -> None:
        """Offer these models; the chosen one stays, if it is still there."""
        chosen = self.version
        self.versions = list(versions)
        self.chooser.clear()
        self.chooser.addItems([short_name(one) for one in versions] or [_("No model yet")])
        for place, one in enumerate(versions):
            self.chooser.setItemData(place, tip(version_name(one)), Qt.ItemDataRole.ToolTipRole)
        if chosen:
            self.choose(chosen.id)
        for part in (self.chooser, self.take, self.take_zip, self.examples):
            part.setEnabled(bool(versions))
        self.onnx.setEnabled(bool(versions) and onnx_is_here())

    def choose(self, version_id: int) -> None:
        """Offer a model version, if it is there."""
        ids = [version.id for version in self.versions]
        if version_id in ids:
            self.chooser.setCurrentIndex(ids.index(version_id))

    def show_merges(self, merges: Sequence[Merge]) -> None:
        """List what was merged, newest first, with what is left to settle."""
        while item := self.merges.takeAt(0):
            if widget := item.widget():
                widget.deleteLater()
        for merge in merges:
            self.merges.addWidget(self._merge_row(merge))

    @property
    def version(self) -> ModelVersion | None:
        """The model that is chosen."""
        place = self.chooser.currentIndex()
        return self.versions[place] if 0 <= place < len(self.versions) else None

    def _connect(self) -> None:
        self.copy.clicked.connect(self.copy_asked)
        self.merge.clicked.connect(lambda: self.merge_asked.emit(False))  # noqa: FBT003
        self.merge_folder.clicked.connect(lambda: self.merge_asked.emit(True))  # noqa: FBT003
        self.take.clicked.connect(lambda: self.take_asked.emit(False))  # noqa: FBT003
        self.take_zip.clicked.connect(lambda: self.take_asked.emit(True))  # noqa: FBT003
        self.bring.clicked.connect(lambda: self.bring_asked.emit(False))  # noqa: FBT003
        self.bring_folder.clicked.connect(lambda: self.bring_asked.emit(True))  # noqa: FBT003

    def _body(self) -> QWidget:
        lead = _("Take your work to another computer or to another program, and bring it back.")
        onnx = (
            _("One file for ONNX Runtime, checked before it is kept.")
            if onnx_is_here()
            else _("Needs two more packages on this computer: onnx and onnxruntime.")
        )
        options = column(
            self.chooser,
            row(self.examples, text(_("Show a few of its texts in the card"), "small"), None),
            row(self.onnx, text(_("Also as ONNX"), "small"), None),
            wrapped(onnx, "small", "ink_3", width=WORDS_WIDTH),
            gap=8,
        )
        return step_body(
            *(
                heading(_("Copy, merge or take along"), lead),
                S2,
                text(_("This app"), "heading"),
                8,
                Hairline(),
            ),
            *(_way(_(COPY), self.copy), Hairline()),
            *(_way(_(MERGE), self.merge, self.merge_folder), _holder(self.merges), S3),
            *(text(_("Its models"), "heading"), 8, Hairline()),
            *(_way(_(TAKE), self.take, self.take_zip, below=options), Hairline()),
            *(_way(_(BRING), self.bring, self.bring_folder), None),
            gap=0,
            most=MOST,
        )

    def _merge_row(self, merge: Merge) -> QWidget:
        look = button(_("Look at it"), "link")
        look.setAccessibleName(_("Look at the merge with {name}").format(name=merge.source))
        look.clicked.connect(lambda: self.merge_chosen.emit(merge.id))
        return row(text(merge_words(merge), "small", "ink_2"), look, None, gap=12)


def merge_words(merge: Merge) -> str:
    """Return what came of a merge, in one line."""
    whole = merge.summary.get("whole", {})
    words = _("Merged with “{name}” on {day}").format(
        name=merge.source, day=f"{merge.created:%Y-%m-%d}"
    )
    if whole.get("n_texts"):
        words += ", " + _("{share} of labels alike").format(share=percent(whole["share"]))
    if merge.n_open:
        words += ", " + _("{n} to settle").format(n=number(merge.n_open))
    return words


def _way(words: str, act: Button, *others: Button, below: QWidget | None = None) -> QWidget:
    said = wrapped(words, "small", "ink_2", width=WORDS_WIDTH)
    left = column(said, *([below] if below else []), gap=12)
    return row(left, None, *others, act, gap=12, margins=(0, 12, 0, 12))


def _holder(layout: QVBoxLayout) -> QWidget:
    layout.setContentsMargins(0, 0, 0, 8)
    layout.setSpacing(0)
    holder = QWidget()
    holder.setLayout(layout)
    return holder
