"""What can be wrong with a file as a whole; a row that cannot be taken is a `Problem` instead."""

from core.errors import UserError
from core.i18n import _

READABLE = ".csv, .tsv, .xlsx, .xls, .json, .jsonl, .txt, .md, .docx, .pdf, .zip, .gz"


class FileMissingError(UserError):
    """There is nothing at this path."""

    def __init__(self, name: str) -> None:
        super().__init__(
            _("There is no file “{name}”.").format(name=name),
            next_step=_("Check the name, or choose the file again; it may have been moved."),
        )


class FileUnreadableError(UserError):
    """The computer refuses to read the file."""

    def __init__(self, name: str, reason: str) -> None:
        super().__init__(
            _("“{name}” cannot be opened ({reason}).").format(name=name, reason=reason),
            next_step=_("Close it in other programs, or copy it to a folder of yours."),
        )


class EmptyFileError(UserError):
    """The file has nothing in it."""

    def __init__(self, name: str) -> None:
        super().__init__(
            _("“{name}” is empty.").format(name=name),
            next_step=_("Choose a file with at least one text."),
        )


class NotTextError(UserError):
    """The file is no text: a picture, a program, a damaged file."""

    def __init__(self, name: str) -> None:
        super().__init__(
            _("“{name}” is not a text file.").format(name=name),
            next_step=_("Save the table as CSV or text, then choose that file."),
        )


class FormatUnsupportedError(UserError):
    """The file has a format that is known but not read."""

    def __init__(self, name: str, suffix: str) -> None:
        super().__init__(
            _("“{name}” is a {suffix} file, and such files cannot be read yet.").format(
                name=name, suffix=suffix
            ),
            next_step=_(
                "Save it as CSV; folders of texts and files ending in {readable} are read."
            ).format(readable=READABLE),
        )


class EncodingUnknownError(UserError):
    """There is no encoding of this name."""

    def __init__(self, encoding: str) -> None:
        super().__init__(
            _("There is no encoding “{encoding}”.").format(encoding=encoding),
            next_step=_("Choose one such as utf-8, utf-16, cp1252 or shift_jis."),
        )


class EncodingWrongError(UserError):
    """The bytes of the file cannot be those of the chosen encoding."""

    def __init__(self, name: str) -> None:
        super().__init__(
            _("“{name}” is not written in the chosen encoding.").format(name=name),
            next_step=_("Choose another encoding, such as utf-8 or cp1252."),
        )


class NoTextFilesError(UserError):
    """The folder or ZIP has no file of text in it."""

    def __init__(self, name: str) -> None:
        super().__init__(
            _("“{name}” has no .txt, .md, .docx or .pdf files in it.").format(name=name),
            next_step=_("Choose one with a sub-folder of such files for each concept."),
        )


class SeveralTablesError(UserError):
    """A ZIP holds tables, and nobody said which."""

    def __init__(self, name: str) -> None:
        super().__init__(
            _("“{name}” holds several tables.").format(name=name),
            next_step=_("Unpack it, then choose one of the tables in it."),
        )


class SheetMissingError(UserError):
    """The mapping names a sheet that the workbook does not have."""

    def __init__(self, sheet: str, sheets: tuple[str, ...]) -> None:
        super().__init__(
            _("The workbook has no sheet “{sheet}”.").format(sheet=sheet),
            next_step=_("Choose one of its sheets: {sheets}.").format(sheets=", ".join(sheets)),
        )


class EncryptedFileError(UserError):
    """A password is needed to read the file."""

    def __init__(self, name: str) -> None:
        super().__init__(
            _("“{name}” is protected by a password.").format(name=name),
            next_step=_("Open it with its program, save it without the password, and try again."),
        )


class DamagedFileError(UserError):
    """The file is not what its name or its beginning says, or only a part of it."""

    def __init__(self, name: str) -> None:
        super().__init__(
            _("“{name}” is damaged and cannot be read.").format(name=name),
            next_step=_("Open it with its program and save it anew, or fetch it once more."),
        )


class UnpacksTooFarError(UserError):
    """More would come out of a packed file than can be taken in."""

    def __init__(self, name: str) -> None:
        super().__init__(
            _("“{name}” unpacks to far more than it should, so it was not read.").format(name=name),
            next_step=_("If you trust it, unpack it yourself and save the texts as CSV."),
        )


class NoWordsError(UserError):
    """A document has pages but no words: they are pictures."""

    def __init__(self, name: str) -> None:
        super().__init__(
            _("“{name}” holds no text, only pictures of it.").format(name=name),
            next_step=_("Let a program for scanned pages recognise its text, then try again."),
        )


class ColumnMissingError(UserError):
    """The mapping names a column that the file does not have.

    Attributes:
        columns: those that the file has.
    """

    def __init__(self, column: str, columns: tuple[str, ...]) -> None:
        super().__init__(
            _("The file has no column “{column}”.").format(column=column),
            next_step=_("Choose one of its columns: {columns}.").format(columns=", ".join(columns)),
        )
        self.columns = columns
