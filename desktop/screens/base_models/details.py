"""The chosen base model: all that is known of it, and what can be done with it."""

from PySide6.QtCore import Signal
from PySide6.QtWidgets import QVBoxLayout, QWidget

from core.base_models import BaseModel, kind_words
from core.i18n import _, ngettext
from desktop.screens.base_models.model_table import origin
from desktop.widgets.buttons import button
from desktop.widgets.layout import TOP, Hairline, column, row
from desktop.widgets.text import text, wrapped
from desktop.widgets.wording import number, sentence, size

WIDTH, LABEL_WIDTH = 296, 116
SHOWN_LANGUAGES = 8
SHORT = 12  # letters of what stands for the weights


class Details(QWidget):
    """Facts of one base model.

    Attributes:
        check: reads it once more. remove: deletes it from this computer.
    """

    check_asked = Signal()
    remove_asked = Signal()

    def __init__(self) -> None:
        """Be empty until a model is shown."""
        super().__init__()
        self.setFixedWidth(WIDTH)
        self.title, self.about = wrapped("", "heading"), wrapped("", "small", "ink_2")
        self.facts = {label: wrapped("", "small") for label in _labels()}
        rows: list[QWidget] = []
        for label, value in self.facts.items():
            name = text(label, "small", "ink_2", width=LABEL_WIDTH)
            line = row((name, TOP), (value, 1), margins=(0, 7, 0, 7))
            rows.append(column(line, Hairline(), gap=0))
        self.check = button(_("Check it"), "small")
        self.check.setToolTip(_("Reads every byte again and compares it with what came in"))
        self.remove = button(_("Remove…"), "small")
        self.check.clicked.connect(self.check_asked)
        self.remove.clicked.connect(self.remove_asked)
        same = _("The same on every computer on which the model is the same.")
        self.facts[_("To compare")].setToolTip(same)
        layout = QVBoxLayout(self)
        layout.setContentsMargins(0, 0, 0, 0)
        verbs = row(self.check, self.remove, None)
        layout.addWidget(column(self.title, 2, self.about, 8, *rows, 12, verbs, None, gap=0))

    def show_model(self, model: BaseModel) -> None:
        """Show what is known of a model."""
        self.title.setText(model.name)
        same = model.title == model.name
        self.about.setText("" if same else _(model.title))
        self.about.setVisible(not same)
        for value, words in zip(self.facts.values(), _facts(model), strict=True):
            value.setText(words)
        self.remove.setEnabled(not model.is_built_in)
        self.remove.setToolTip(_("It came with Textwright and stays.") if model.is_built_in else "")


def _labels() -> tuple[str, ...]:
    return (
        *(_("What it does"), _("Family"), _("Numbers learned"), _("Built of"), _("Longest text")),
        *(_("Size"), _("Languages"), _("Licence"), _("Where from"), _("To compare")),
    )


def _facts(model: BaseModel) -> tuple[str, ...]:
    not_said = _("Its card does not say")
    languages = ", ".join(model.languages[:SHOWN_LANGUAGES])
    if len(model.languages) > SHOWN_LANGUAGES:
        more = number(len(model.languages) - SHOWN_LANGUAGES)
        languages = _("{names} and {n} more").format(names=languages, n=more)
    longest = _("{n} tokens").format(n=number(model.max_tokens))
    layers = ngettext(
        "{n} layer, {width} numbers wide", "{n} layers, each {width} numbers wide", model.n_layers
    ).format(n=number(model.n_layers), width=number(model.hidden_size))
    return (
        sentence(kind_words(model.kind)),
        model.family,
        number(model.n_parameters),
        layers,
        longest if model.max_tokens else _("No limit"),
        _("{size} as {precision}").format(size=size(model.n_bytes), precision=model.precision),
        languages or not_said,
        model.licence or not_said,
        origin(model),
        model.weights[:SHORT],
    )
