"""Texts that come from the clipboard, kept as a file so that all else is as with files."""

from itertools import count
from pathlib import Path

from core.errors import writing_to
from core.files.previews import preview, with_options
from core.files.tables import Preview
from core.i18n import _

ENCODING = "utf-8"  # nothing has to be guessed


def preview_pasted(text: str, folder: Path) -> Preview:
    """Return the preview of what was pasted: cells of a spreadsheet, or one text per line.

    Args:
        text: as the clipboard has it; cells are parted by tabs.
        folder: where it is kept; the caller's, who also removes it.

    Raises:
        UserError: there is nothing in it, or the folder cannot be written to.
    """
    suffix = ".tsv" if "\t" in text else ".txt"
    name = _("Pasted texts")
    names = (f"{name}{suffix}" if n == 1 else f"{name} ({n}){suffix}" for n in count(1))
    path = next(path for path in map(folder.joinpath, names) if not path.exists())
    with writing_to(folder):
        path.write_text(text, encoding=ENCODING, errors="surrogatepass", newline="")
    seen = preview(path)
    return seen if seen.mapping.encoding == ENCODING else with_options(seen, encoding=ENCODING)
