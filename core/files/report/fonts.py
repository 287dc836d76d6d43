"""Letters for a PDF: ours, those that this computer has, and a sign for all others."""

import os
import sys
import unicodedata
from collections.abc import Collection, Iterator
from functools import cache
from pathlib import Path

from fontTools.ttLib import TTFont, TTLibError

from core.resources import folder

NO_LETTER = "□"
OURS = {
    ("Inter", ""): "Inter-Regular.otf",
    ("Inter", "B"): "Inter-SemiBold.otf",
    ("Display", "B"): "InterDisplay-SemiBold.otf",
}
# Fonts with many scripts that systems come with; the first that has a letter is taken.
_KNOWN = (
    *("NotoSans-Regular.ttf", "DejaVuSans.ttf", "segoeui.ttf", "Arial Unicode.ttf"),
    *("NotoSansCJK-Regular.ttc", "NotoSansCJKsc-Regular.otf", "msyh.ttc", "meiryo.ttc"),
    *("malgun.ttf", "wqy-zenhei.ttc", "DroidSansFallbackFull.ttf", "NotoSansArabic-Regular.ttf"),
    *("NotoSansHebrew-Regular.ttf", "NotoSansDevanagari-Regular.ttf", "NotoSansThai-Regular.ttf"),
    *("Nirmala.ttf", "Nirmala.ttc", "LeelawUI.ttf", "NotoSansSymbols2-Regular.ttf"),
    *("NotoEmoji-Regular.ttf", "seguisym.ttf", "seguiemj.ttf"),
)
_INVISIBLE = ("Cc", "Cf", "Mn")


def our_letters() -> Collection[int]:
    """Return the code points that our own fonts have, all of them the same."""
    return _letters_in(folder(f"fonts/{OURS['Inter', '']}"))


def fallbacks_for(letters: set[str]) -> tuple[list[Path], set[str]]:
    """Return fonts of this computer for letters that ours lack, and the letters left over."""
    left = {letter for letter in letters if ord(letter) not in our_letters()}
    chosen: list[Path] = []
    for path in _installed() if left else ():
        had = {letter for letter in left if ord(letter) in _letters_in(path)}
        if had:
            chosen.append(path)
            left -= had
        if not left:
            break
    return chosen, left


def sign_for(letter: str) -> str:
    """Return what stands for a letter that no font has; what is invisible needs nothing."""
    return "" if unicodedata.category(letter) in _INVISIBLE else NO_LETTER


def _installed() -> Iterator[Path]:
    """Yield the known fonts that are installed."""
    found: dict[str, Path] = {}
    for place in _places():
        for path in place.rglob("*.[to]t[fc]"):
            found.setdefault(path.name, path)
    yield from (found[name] for name in _KNOWN if name in found)


def _places() -> list[Path]:
    if sys.platform == "win32":
        return [Path(os.environ.get("WINDIR", r"C:\Windows")) / "Fonts"]
    if sys.platform == "darwin":
        return [Path("/System/Library/Fonts"), Path("/Library/Fonts")]
    return [Path("/usr/share/fonts"), Path("/usr/local/share/fonts"), Path("~/.fonts").expanduser()]


@cache
def _letters_in(path: Path) -> frozenset[int]:
    """Return the code points that a font has; none where it cannot be read."""
    try:
        with TTFont(path, fontNumber=0, lazy=True) as font:
            return frozenset(font.getBestCmap() or ())
    except (OSError, TTLibError):
        return frozenset()
