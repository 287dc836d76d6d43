"""What the import page and the result say, in whole sentences."""

from core.files import Preview
from core.i18n import N_, _, ngettext
from desktop.screens.dataset.look import Look
from desktop.screens.dataset.options import encoding_name
from desktop.widgets.wording import number, size

PARTED = {
    ",": N_("{file}. {rows}, separated by commas, {encoding}."),
    ";": N_("{file}. {rows}, separated by semicolons, {encoding}."),
    "\t": N_("{file}. {rows}, separated by tabs, {encoding}."),
    "|": N_("{file}. {rows}, separated by bars, {encoding}."),
    "": N_("{file}. {rows}, one text in each line, {encoding}."),
}
OTHERWISE = N_("{file}. {rows}, separated by “{delimiter}”, {encoding}.")


def how_it_is_read(seen: Preview) -> str:
    """Return what the file is and how it is read: rows, separator, encoding."""
    mapping = seen.mapping
    if mapping.kind == "folder":
        pattern = _("{file}. {rows}; the folder that a file is in becomes its concept.")
    elif mapping.is_one_text:
        pattern = _("{file}. One text, {encoding}.")
    else:
        pattern = _(PARTED.get(mapping.delimiter, OTHERWISE))
    facts = pattern.format(
        file=seen.path.name,
        rows=_rows(seen),
        delimiter=mapping.delimiter,
        encoding=encoding_name(mapping.encoding),
    )
    return " ".join((facts, _("This is how the first rows will be read.")))


def _rows(seen: Preview) -> str:
    if seen.n_rows is None:
        return size(seen.size_bytes)
    if seen.kind == "folder":
        return ngettext("{n} file", "{n} files", seen.n_rows).format(n=number(seen.n_rows))
    return ngettext("{n} row", "{n} rows", seen.n_rows).format(n=number(seen.n_rows))


def add_words(look: Look) -> str:
    """Return what the primary does: "Add 10,003 texts", without a number where it is not known."""
    if not look.is_whole or not look.n_rows:
        return _("Add texts")
    return ngettext("Add {n} text", "Add {n} texts", look.n_rows).format(n=number(look.n_rows))


def problem_words(look: Look) -> str:
    """Return how many rows cannot be added, and what becomes of the others."""
    count = number(look.n_problems)
    if not look.is_whole:
        words = ngettext(
            "{n} of the first {all} rows cannot be added. The whole file is read when you add it.",
            "{n} of the first {all} rows cannot be added. The whole file is read when you add it.",
            look.n_problems,
        )
        return words.format(n=count, all=number(look.n_problems + look.n_rows))
    words = ngettext("{n} row cannot be added.", "{n} rows cannot be added.", look.n_problems)
    others = ngettext("The other one can.", "The other {n} can.", look.n_rows)
    parts = [words.format(n=count)] + [others.format(n=number(look.n_rows))] * bool(look.n_rows)
    return " ".join(parts)


def stand_of(look: Look, *, has_concepts: bool) -> tuple[str, str, str]:
    """Return what the footer says before the import: sentence, tone, sign."""
    if not look.n_rows:
        return _("No row of this file can be added."), "warn", "circle-alert"
    if not has_concepts:
        words = _("No column holds concepts. You can label the texts later.")
        return words, "ink_2", ""
    n = look.n_unlabelled
    if not n:
        return _("All of them have a concept."), "ink_2", ""
    if not look.is_whole:
        words = _("Some of these have no concept yet. You can label them later.")
        return words, "ink_2", ""
    words = ngettext(
        "Of these, {n} has no concept yet. You can label it later.",
        "Of these, {n} have no concept yet. You can label them later.",
        n,
    )
    return words.format(n=number(n)), "ink_2", ""
