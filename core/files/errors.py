"""What can be wrong with a file as a whole; a row that cannot be taken is a `Problem` instead."""

from core.errors import UserError
from core.i18n import _

READABLE = ".csv, .tsv, .txt"


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
                "Save it as CSV; files ending in {readable} and folders of .txt files are read."
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
    """The folder has no `.txt` file in it."""

    def __init__(self, name: str) -> None:
        super().__init__(
            _("The folder “{name}” has no .txt files in it.").format(name=name),
            next_step=_("Choose a folder with one sub-folder of .txt files for each concept."),
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
