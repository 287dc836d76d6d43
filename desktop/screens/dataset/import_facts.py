"""What will happen to a file, in a line of counts; and what is worth a second thought."""

from PySide6.QtWidgets import QVBoxLayout, QWidget

from core.i18n import _, ngettext
from desktop.screens.dataset.look import Look
from desktop.widgets.icon import Icon
from desktop.widgets.layout import column, row
from desktop.widgets.text import Text, text, tip, wrapped
from desktop.widgets.wording import number

UNKNOWN = "…"
LISTED_NAMES = 20


class FactsRow(QWidget):
    """Counts side by side, each over what it counts.

    Attributes:
        values: the labels of the counts, by name: texts, targets, concepts, unlabelled, problems.
        parts: the counts with their names, by name.
    """

    def __init__(self) -> None:
        """Know nothing yet."""
        super().__init__()
        names = {
            "texts": _("Texts"),
            "targets": _("With an answer"),
            "concepts": _("Concepts"),
            "unlabelled": _("Without a concept"),
            "problems": _("Cannot be added"),
        }
        self.values = {key: text(UNKNOWN, "heading") for key in names}
        self.parts = {
            key: column(self.values[key], text(name, "small", "ink_3"), gap=0)
            for key, name in names.items()
        }
        layout = QVBoxLayout(self)
        layout.setContentsMargins(0, 0, 0, 0)
        layout.addWidget(row(*self.parts.values(), None, gap=40))

    def show_look(self, look: Look, *, has_target: bool, has_concepts: bool) -> None:
        """Show what is known; the counts of a long file come later.

        What is said of concepts is left out where the file has targets and no concepts.
        """
        self.parts["targets"].setVisible(has_target)
        for key in ("concepts", "unlabelled"):
            self.parts[key].setVisible(has_concepts or not has_target)
        counts = {
            "texts": look.n_rows,
            "targets": look.n_targets,
            "unlabelled": look.n_unlabelled,
            "problems": look.n_problems,
        }
        for key, count in counts.items():
            self.values[key].setText(number(count) if look.is_whole else UNKNOWN)
        _show_concepts(self.values["concepts"], look)


def _show_concepts(value: Text, look: Look) -> None:
    words = number(len(look.concepts)) if look.is_whole else UNKNOWN
    n_new = len(look.new_concepts)
    if look.is_whole and n_new:
        pattern = ngettext("{n}, {new} of them new", "{n}, {new} of them new", n_new)
        if n_new == len(look.concepts):
            pattern = ngettext("{n}, new here", "{n}, all new here", n_new)
        words = pattern.format(n=words, new=number(n_new))
    value.setText(words)
    names = list(look.new_concepts[:LISTED_NAMES])
    names += ["…"] * (n_new > LISTED_NAMES)
    value.setToolTip(tip(", ".join(names)))


def note_line(words: str) -> QWidget:
    """Return a sentence worth a thought, with its sign."""
    sign = column(2, Icon("info", "ink_2", 16), None, gap=0)
    return row(sign, (wrapped(words, "small", "ink_2"), 1), gap=8)
