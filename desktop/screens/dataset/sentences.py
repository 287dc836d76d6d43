"""What the import page and the result say, in whole sentences."""

from core.files import Mapping, Preview
from core.files.export_names import find_export_names
from core.files.roles import LABEL_NAMES, PORTAL_TEXT, TEXT_NAMES
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
WHOLE = {  # kinds of which all is said with the file and its rows
    "folder": N_("{file}. {rows}; the folder that a file is in becomes its concept."),
    "document": N_("{file}. {rows}."),
    "json": N_("{file}. {rows}, {encoding}."),
    "workbook": N_("{file}. {rows} on the sheet “{sheet}”."),
}


def how_it_is_read(seen: Preview) -> str:
    """Return what the file is and how it is read: rows, separator, encoding."""
    mapping = seen.mapping
    if seen.kind in WHOLE:
        pattern = _(WHOLE[seen.kind])
    elif mapping.cut != "line":
        pattern = _("{file}. {rows}, {encoding}.")
    else:
        pattern = _(PARTED.get(mapping.delimiter, OTHERWISE))
    facts = pattern.format(
        file=seen.path.name,
        rows=_rows(seen),
        delimiter=mapping.delimiter,
        encoding=encoding_name(mapping.encoding),
        sheet=mapping.sheet,
    )
    return " ".join((facts, _("This is how the first rows will be read.")))


def why_it_is_read_so(seen: Preview, *, is_remembered: bool) -> str:
    """Return why the columns were taken for what they are; "" where there is nothing to guess."""
    mapping = seen.mapping
    if is_remembered:
        return _("As last time with these columns.")
    if len(seen.columns) == 1 or seen.kind == "folder":
        return ""
    if find_export_names(seen.columns):
        return _("These are the columns of an export of Textwright.")
    if PORTAL_TEXT in seen.columns:
        return _("These are the columns of the portal.")
    pattern = _(_pattern_of_target(mapping) if mapping.target else _pattern_of_guess(mapping))
    return pattern.format(
        text=mapping.text,
        more=mapping.also_text[0] if mapping.also_text else "",
        target=mapping.target,
        concepts="”, “".join(mapping.concepts),
    )


def _pattern_of_target(mapping: Mapping) -> str:
    if mapping.as_sections:
        return N_(
            "“{text}” and “{more}” become sections of one text; “{target}” is what to write for it."
        )
    return N_("“{text}” is taken for the text; “{target}” is what a model shall write for it.")


def _pattern_of_guess(mapping: Mapping) -> str:
    if mapping.indicators:
        return N_("“{text}” is taken for the text; columns that say 1 or 0 are concepts.")
    if not mapping.concepts:
        return N_("“{text}” is taken for the text; no column looks like concepts.")
    if mapping.concepts[0].lower() not in LABEL_NAMES:
        return N_("“{text}” is taken for the text; in “{concepts}” the same few things recur.")
    if mapping.text.lower().rpartition(".")[2] in TEXT_NAMES:
        return N_("“{text}” and “{concepts}” are taken for text and concepts by their names.")
    return N_("“{text}” has the longest cells; “{concepts}” is called like concepts.")


def _rows(seen: Preview) -> str:
    n = seen.n_rows
    if n is None:
        return size(seen.size_bytes)
    if seen.kind in {"table", "workbook", "json"} or seen.mapping.cut == "line":
        words = ngettext("{n} row", "{n} rows", n)
    elif seen.kind == "folder" and seen.mapping.cut == "file":
        words = ngettext("{n} file", "{n} files", n)
    elif seen.mapping.cut == "paragraph":
        words = ngettext("{n} paragraph", "{n} paragraphs", n)
    else:
        words = ngettext("{n} text", "{n} texts", n)
    return words.format(n=number(n))


def add_words(look: Look) -> str:
    """Return what the primary does: "Add 10,003 texts", without a number where it is not known."""
    if not look.is_whole or not look.n_rows:
        return _("Add texts")
    n = look.check.n_added if look.check else look.n_rows
    if not n:
        return _("Merge labels")
    return ngettext("Add {n} text", "Add {n} texts", n).format(n=number(n))


def problem_words(look: Look) -> str:
    """Return how many rows cannot be added, and what becomes of the others."""
    count = number(look.n_problems)
    if not look.is_whole:
        words = ngettext(
            "{n} of the first {all} rows cannot be added.",
            "{n} of the first {all} rows cannot be added.",
            look.n_problems,
        )
        return words.format(n=count, all=number(look.n_problems + look.n_rows))
    words = ngettext("{n} row cannot be added.", "{n} rows cannot be added.", look.n_problems)
    others = ngettext("The other one can.", "The other {n} can.", look.n_rows)
    parts = [words.format(n=count)] + [others.format(n=number(look.n_rows))] * bool(look.n_rows)
    return " ".join(parts)


def stand_of(look: Look, *, has_concepts: bool, target: str) -> tuple[str, str, str]:
    """Return what the footer says before the import: sentence, tone, sign.

    `target` is the column with the answers, "" for none.
    """
    if not look.n_rows:
        return _("No row of this file can be added."), "warn", "circle-alert"
    if not look.is_whole:
        return _("The whole file is being read, to count what will be added."), "ink_2", ""
    if target:
        holds = _("“{column}” holds what a model shall write.").format(column=target)
        return f"{holds} {_stand_of_targets(look)}", "ink_2", ""
    if not has_concepts:
        words = _("No column holds concepts. You can label the texts later.")
        return words, "ink_2", ""
    n = look.n_unlabelled
    if not n:
        return _("All of them are labelled."), "ink_2", ""
    words = ngettext(
        "Of these, {n} has no concept yet. You can label it later.",
        "Of these, {n} have no concept yet. You can label them later.",
        n,
    )
    return words.format(n=number(n)), "ink_2", ""


def _stand_of_targets(look: Look) -> str:
    n = look.n_bare
    if not n:
        is_ready = _("All of them are ready.")
        return is_ready if look.concepts else _("All of them have an answer.")
    words = ngettext(
        "Of these, {n} has no answer yet. You can write it later.",
        "Of these, {n} have no answer yet. You can write them later.",
        n,
    )
    return words.format(n=number(n))


def near_words(pairs: list[tuple[str, str]]) -> str:
    """Return what to think of new concepts that are written nearly like others; "" if none are."""
    if not pairs:
        return ""
    new, other = pairs[0]
    words = ngettext(
        "“{new}” is nearly written like “{other}”. If they mean the same, merge them on Concepts.",
        "{n} concepts are nearly written like others, such as “{new}” like “{other}”. "
        "If they mean the same, merge them on Concepts.",
        len(pairs),
    )
    return words.format(n=number(len(pairs)), new=new, other=other)


def split_words(n: int) -> str:
    """Return what becomes of splits that are not known."""
    words = ngettext(
        "{n} row names a split other than train, validation or test; it comes in without.",
        "{n} rows name a split other than train, validation or test; they come in without.",
        n,
    )
    return words.format(n=number(n))


def column_words(n: int) -> str:
    """Return that not all columns are shown."""
    words = ngettext(
        "{n} more column is not shown here, but read as guessed.",
        "{n} more columns are not shown here, but read as guessed.",
        n,
    )
    return words.format(n=number(n))
