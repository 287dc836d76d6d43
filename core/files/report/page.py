"""The pages of a PDF: paper, fonts, colours, and words set in them; no report is known here."""

from typing import Literal
from unicodedata import bidirectional

from fpdf import FPDF, Align, TextStyle
from fpdf.enums import MethodReturnValue, XPos, YPos
from fpdf.fonts import TTFFont

from core.charts.colours import LIGHT, hex_of
from core.files.report.document import Document, excerpt, legible, letters_of
from core.files.report.fonts import NO_LETTER, OURS, fallbacks_for, sign_for
from core.i18n import _
from core.resources import folder

MARGIN, FOOT = 54.0, 66.0  # in points, as everything here
LINE = 1.45  # height of a line as a share of its size
TYPE = {  # family, style and size of each role
    "title": ("Display", "B", 23.0),
    "value": ("Display", "B", 15.0),
    "lead": ("Inter", "", 13.0),
    "body": ("Inter", "", 9.5),
    "small": ("Inter", "", 8.5),
    "small_strong": ("Inter", "B", 8.5),
    "caption": ("Inter", "", 7.5),
}
_FEATURES = {"tnum": True, "cv11": True}  # digits of one width, as in the window
_HEADINGS = (  # family, size, and the room above and below
    ("Display", 23.0, 0, 6),
    ("Inter", 14.5, 24, 8),
    ("Inter", 11.0, 12, 5),
)
_ROOM_OF_HEADING = 55.0  # with what is above and below it

_MOST_FOOT = 80  # characters of the title at the foot of a page
_MOST_SIGNS = 300  # between two letters
_WITH_DIRECTION = ("L", "R", "AL", "EN", "AN")
_MOST_WHOLE = 80.0  # how high a paragraph is that no page parts

Side = Literal["L", "R", "C"]


class Page(FPDF):
    """A document of A4 pages with our fonts, and those that somebody's texts need.

    Attributes:
        has_all_letters: whether each letter is in one of the fonts.
    """

    def __init__(self, document: Document) -> None:
        super().__init__(unit="pt", format="A4")
        self.set_margins(MARGIN, MARGIN)
        self.c_margin = 0.0  # words begin where lines do
        self.set_auto_page_break(auto=True, margin=FOOT)
        self.str_alias_nb_pages = ""  # "{nb}" in somebody's text is theirs
        self._add_fonts(letters_of(document) | {NO_LETTER})
        self.set_section_title_styles(*map(_heading, _HEADINGS))
        self.set_lang(document.language)
        self.set_title(legible(document.title))
        self.set_author(legible(document.author))
        self.set_creator("Textwright")
        self.set_creation_date(document.created)
        self.add_page()

    def _add_fonts(self, letters: set[str]) -> None:
        for (family, style), name in OURS.items():
            self.add_font(family, style, folder(f"fonts/{name}"))
        paths, left = fallbacks_for(letters)
        self._signs = {ord(letter): sign_for(letter) for letter in left}
        self.has_all_letters = NO_LETTER not in self._signs.values()
        for path in paths:
            self.add_font(path.stem, "", path)
        self.set_fallback_fonts([path.stem for path in paths], exact_match=False)
        self.set_text_shaping(use_shaping_engine=True, features=_FEATURES)

    def own(self, words: str) -> str:
        """Return words of anybody as these fonts can show them."""
        return _without_deserts(legible(words).translate(self._signs))

    def use(self, role: str, tone: str = "ink") -> float:
        """Set what follows in a role of `TYPE` and a colour; return the height of a line."""
        family, style, size = TYPE[role]
        self.set_font(family, style, size)
        self.set_text_color(tone_of(tone))
        return size * LINE

    def heading(self, words: str, level: int, room: float = 0) -> None:
        """Begin a section, on the next page where this one has no room for what follows."""
        most = self.eph - _ROOM_OF_HEADING
        if self.will_page_break(_ROOM_OF_HEADING + min(room, most)):
            self.add_page()
        self.use("body")  # measured before the heading's own font is set
        self.start_section(self.own(words), level)

    def words(self, words: str, role: str = "body", tone: str = "ink", *, below: float = 0) -> None:
        """Set a paragraph from the left margin on, and leave room below."""
        height = self.height_of(words, role, self.epw)
        if height < _MOST_WHOLE and self.will_page_break(height):
            self.add_page()
        line = self.use(role, tone)
        self.multi_cell(
            0, line, self.own(words), align=Align.L, new_x=XPos.LMARGIN, new_y=YPos.NEXT
        )
        self.ln(below)

    def height_of(self, words: str, role: str, width: float) -> float:
        """Return how high a paragraph will be."""
        line = self.use(role)
        height = self.multi_cell(
            width,
            line,
            self.own(words),
            align=Align.L,
            dry_run=True,
            output=MethodReturnValue.HEIGHT,
        )
        assert isinstance(height, float | int)
        return float(height)

    def line_at(
        self, x: float, y: float, width: float, words: str, *, side: Side = "L", height: float = 0
    ) -> None:
        """Set one line in the font in use, in the middle of a height."""
        self.set_xy(x, y)
        self.cell(width, height, self.own(words), align=side)

    def number_pages(self, title: str) -> None:
        """Put the title and its number at the foot of each page."""
        self.set_auto_page_break(auto=False)
        for number in range(1, self.pages_count + 1):
            self.page = number
            self.use("body")  # a font is named on a page only where it changes
            line = self.use("caption", "ink_3")
            y = self.h - FOOT + 2 * line
            words = _("Page {n} of {total}").format(n=number, total=self.pages_count)
            self.line_at(MARGIN, y, self.epw, excerpt(title, _MOST_FOOT), height=line)
            self.line_at(MARGIN, y, self.epw, words, side="R", height=line)

    def finished(self) -> bytes:
        """Return the file, and let go of the fonts; no more can be added."""
        content = bytes(self.output())
        for font in self.fonts.values():
            if isinstance(font, TTFFont):
                font.ttfont.close()
        return content


def _without_deserts(words: str) -> str:
    """Return words with endless rows of signs cut: fpdf2 fails at a thousand without a letter."""
    kept, n_signs = [], 0
    for letter in words:
        n_signs = 0 if bidirectional(letter) in _WITH_DIRECTION else n_signs + 1
        if n_signs <= _MOST_SIGNS:
            kept.append(letter)
        elif n_signs == _MOST_SIGNS + 1:
            kept.append("…")
    return "".join(kept)


def tone_of(role: str) -> str:
    """Return the colour of a role on paper."""
    return hex_of(LIGHT, role)


def _heading(kind: tuple[str, float, float, float]) -> TextStyle:
    family, size, above, below = kind
    return TextStyle(
        font_family=family,
        font_style="B",
        font_size_pt=size,
        color=tone_of("ink"),
        t_margin=above,
        b_margin=below,
    )
