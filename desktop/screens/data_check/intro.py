"""Before a check: what it looks for, and how long it may take."""

from PySide6.QtWidgets import QWidget

from core.i18n import N_, _
from core.records import Dataset
from desktop.theme.tokens import S1, S2, S3
from desktop.widgets.icon import Icon
from desktop.widgets.layout import TOP, Hairline, column, row
from desktop.widgets.text import text, wrapped
from desktop.widgets.wording import counted_texts, duration

SECONDS_PER_TEXT, AT_LEAST_S = 0.0008, 3
LOOKS_FOR = (
    (
        "copy",
        N_("Duplicates and leaks"),
        N_("Texts that are there twice, or nearly; and the same text in training and in checking."),
    ),
    (
        "tag",
        N_("Labels"),
        N_("Contradicting and doubtful labels, concepts with few texts, texts without a label."),
    ),
    (
        "file-text",
        N_("Texts"),
        N_("Empty, very short or very long texts, other languages and scripts, off-topic texts."),
    ),
    (
        "shield-check",
        N_("Personal data"),
        N_("E-mail addresses, phone, account and card numbers, names of files."),
    ),
)


def intro(dataset: Dataset) -> QWidget:
    """Return what a check of the dataset looks for."""
    rows: list[QWidget] = []
    for sign, name, words in LOOKS_FOR:
        said = column(text(_(name), "strong"), wrapped(_(words), "small", "ink_2"), gap=2)
        part = row((Icon(sign, "accent_text", 20), TOP), (said, 1), gap=S2, margins=(0, 14, 0, 14))
        rows += [part, Hairline()]
    seconds = max(AT_LEAST_S, round(dataset.n_inputs * SECONDS_PER_TEXT))
    words = _("{texts} to check: about {time}. Nothing is changed by checking.")
    note = words.format(texts=counted_texts(dataset.n_inputs), time=duration(seconds))
    holder = column(
        text(_("What is looked for"), "heading"),
        S1,
        Hairline(),
        *rows,
        S3,
        wrapped(note, "body", "ink_2"),
        None,
        gap=0,
    )
    holder.setMaximumWidth(720)
    return holder
