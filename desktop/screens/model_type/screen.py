"""Model type: one aligned comparison of what there is and what comes later."""

from dataclasses import dataclass

from PySide6.QtGui import QPaintEvent
from PySide6.QtWidgets import QGridLayout, QWidget
from typing_extensions import override

from core.app_folder import MAIN_DATASET
from core.changes import Changes
from core.errors import UserError
from core.i18n import N_, _
from core.operations.estimate_training import Estimate, estimate_training
from core.records import EMBEDDING_CLASSIFIER, TEXT_CLASSIFIER, TEXT_TO_TEXT
from core.storage.counts import LabelCounts, count_labels
from core.storage.datasets import get_dataset
from core.storage.models import list_model_versions
from desktop import boxes
from desktop.session import Session
from desktop.theme.tokens import RADIUS_LARGE, colour
from desktop.widgets.buttons import button
from desktop.widgets.choices import Radio
from desktop.widgets.footer import FooterBar
from desktop.widgets.icon import Icon
from desktop.widgets.layout import TOP, Hairline, clip, column, row, step_body
from desktop.widgets.painted import inside_edge, painter_of
from desktop.widgets.step_screen import StepScreen
from desktop.widgets.text import Wrapped, heading, text, wrapped
from desktop.widgets.wording import duration, texts

LABELS = (N_("Good for"), N_("Needs"), N_("Takes here"), N_("Choose it for"))
TAKES = 2  # the place of "Takes here" among them
LABEL_WIDTH = 120


@dataclass(frozen=True)
class Kind:
    """A model type as the comparison shows it."""

    key: str
    icon_name: str
    name: str
    field_name: str  # as the field calls it
    what: str
    facts: tuple[str, ...]  # one per label
    is_ready: bool = False


KINDS = (
    Kind(
        EMBEDDING_CLASSIFIER,
        "zap",
        N_("Quick classifier"),
        N_("Transfer learning"),
        N_("Learns which concepts a text is about from a few examples of each."),
        (
            N_("Sorting messages, questions, reviews, tickets into concepts"),
            N_("10 texts per concept to start, 50 to be good"),
            "",  # from the app's texts
            N_("Almost every first model. Train it again as often as you like."),
        ),
        is_ready=True,
    ),
    Kind(
        TEXT_CLASSIFIER,
        "layers",
        N_("Deep classifier"),
        N_("Fine-tuning"),
        N_("Rereads your texts many times and adapts itself to their language."),
        (
            N_("Fine differences, technical language, large amounts of labelled texts"),
            N_("200 texts per concept and patience"),
            N_("Hours rather than seconds"),
            N_("When the quick one stops getting better."),
        ),
    ),
    Kind(
        TEXT_TO_TEXT,
        "text-cursor-input",
        N_("Text to text"),
        N_("Fine-tuning"),
        N_("Writes a text for a text, as in your examples."),
        (
            N_("Translations, summaries, clean spelling"),
            N_("1,000 pairs of texts"),
            N_("Hours; a graphics processor helps"),
            N_("When the answer is a text and not a concept."),
        ),
    ),
)


class _Ground(QWidget):
    """The surface behind the chosen column."""

    @override
    def paintEvent(self, event: QPaintEvent) -> None:
        painter = painter_of(self)
        painter.setPen(colour("accent_text"))
        painter.setBrush(colour("accent_soft"))
        painter.drawRoundedRect(inside_edge(self.rect()), RADIUS_LARGE, RADIUS_LARGE)


class ModelTypeScreen(StepScreen):
    """What each model type is good for, needs and takes on this computer."""

    SHOWS = Changes.INPUTS | Changes.ANNOTATIONS | Changes.DATASETS | Changes.MODELS

    def __init__(self, session: Session) -> None:
        """Offer the one that is ready; it is chosen from the start."""
        super().__init__(session)
        self.radios = {kind.key: _radio(kind) for kind in KINDS}
        self.takes = wrapped("", "small_strong")
        self.back = button(_("Back"))
        self.next = button(_("Next: Settings"), "primary", "arrow-right", trailing=True)
        self.back.clicked.connect(lambda: self.asked_for.emit("concepts"))
        self.next.clicked.connect(self._choose)
        lead = _("What should the model do with a text? You can train more than one and compare.")
        body = step_body(heading(_("Model type"), lead), 12, self._comparison(), None, gap=12)
        self.lay_out(clip(body), FooterBar(self.back, self.next))

    def _comparison(self) -> QWidget:
        holder, grid = QWidget(), QGridLayout()
        holder.setLayout(grid)
        grid.setContentsMargins(0, 0, 0, 0)
        grid.setSpacing(0)
        grid.setColumnMinimumWidth(0, LABEL_WIDTH)
        grid.addWidget(_Ground(), 0, 1, len(LABELS) + 1, 1)
        for i, label in enumerate(LABELS, start=1):
            name = column(text(_(label), "small", "ink_3"), None, margins=(0, 18, 12, 18))
            grid.addWidget(name, i, 0)
            grid.addWidget(Hairline(), i, 0, 1, len(KINDS) + 1, TOP)
        for j, kind in enumerate(KINDS, start=1):
            grid.addWidget(_head(kind, self.radios[kind.key]), 0, j, TOP)
            for i, fact in enumerate(self._facts(kind), start=1):
                grid.addWidget(column(fact, None, margins=(20, 17, 20, 17)), i, j)
            grid.setColumnStretch(j, 1)
        return holder

    def _facts(self, kind: Kind) -> list[Wrapped]:
        tone = "ink" if kind.is_ready else "ink_3"
        facts = [wrapped(_(fact) if fact else "", "small", tone) for fact in kind.facts]
        if kind.is_ready:
            facts[TAKES] = self.takes
        return facts

    @override
    def first_focus(self) -> QWidget | None:
        return self.radios[EMBEDDING_CLASSIFIER]

    @override
    def look_again(self) -> None:
        counts = count_labels(self.session.db, get_dataset(self.session.db, MAIN_DATASET).id)
        past = list_model_versions(self.session.db)
        reads_with = past[0].settings.get("base_embed_model", "accurate") if past else "accurate"
        estimate = estimate_training(counts.n_learned, counts.mean_length, reads_with, past)
        self.takes.setText(_takes(counts, estimate))
        self.footer.set_note(_source(counts, estimate))

    def _choose(self) -> None:
        try:
            self.session.choose_model_type(EMBEDDING_CLASSIFIER)
        except UserError as error:
            boxes.show_error(self, error)
            return
        self.asked_for.emit("settings")


def _radio(kind: Kind) -> Radio:
    name = _(kind.name) if kind.is_ready else _("{name}, comes later").format(name=_(kind.name))
    radio = Radio(name, on=kind.is_ready)
    radio.setEnabled(kind.is_ready)
    return radio


def _head(kind: Kind, radio: Radio) -> QWidget:
    state = (
        text(_("Recommended"), "caption_strong", "accent_text")
        if kind.is_ready
        else text(_("Comes later"), "caption_strong", "ink_3")
    )
    sign = Icon(kind.icon_name, "accent_text" if kind.is_ready else "ink_3", 22)
    title = text(_(kind.name), "heading", "ink" if kind.is_ready else "ink_2")
    also = wrapped(f"{_(kind.field_name)} · {kind.key}", "caption", "ink_3")
    what = wrapped(_(kind.what), "small", "ink_2")
    top = row(sign, None, state, radio, gap=4)
    return column(top, 8, title, 2, also, 8, what, gap=0, margins=(20, 16, 16, 20))


def _takes(counts: LabelCounts, estimate: Estimate) -> str:
    if not counts.n_learned:
        return _("Known once some texts have a concept")
    return _("About {time} for your {texts}").format(
        time=duration(estimate.seconds), texts=texts(counts.n_learned)
    )


def _source(counts: LabelCounts, estimate: Estimate) -> str:
    if not counts.n_learned:
        return _("No text has a concept yet. You can look at the settings all the same.")
    if estimate.is_measured:
        return _("The time is taken from the last training on this computer.")
    return _("The time is a careful guess; the first training on this computer measures it.")
