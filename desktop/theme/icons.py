"""Lucide icons in a colour of the theme, sharp at every scale."""

from functools import lru_cache

from PySide6.QtCore import QByteArray, Qt
from PySide6.QtGui import QGuiApplication, QIcon, QPainter, QPixmap, QPixmapCache
from PySide6.QtSvg import QSvgRenderer

from core.resources import read_text
from desktop.theme.tokens import colour


@lru_cache(maxsize=128)
def _svg(name: str) -> str:
    # 1.75 px strokes sit better beside Inter than Lucide's own 2
    return read_text(f"icons/{name}.svg").replace('stroke-width="2"', 'stroke-width="1.75"')


def pixmap(name: str, role: str = "ink_2", size: int = 18, ratio: float = 0.0) -> QPixmap:
    """Return an icon of `size` logical pixels in a role's colour.

    Args:
        name: file name without ending, below `resources/icons`.
        role: a role of the theme, or `concept:<number>`.
        size: edge in logical pixels: 14 to 16 beside text, 18 alone, 20 to 24 for ways and types.
        ratio: device pixels per logical pixel; 0 means the sharpest screen there is.

    Raises:
        FileNotFoundError: there is no such icon.
    """
    ratio = ratio or _sharpest()
    tint = colour(role).name()
    key = f"{name} {tint} {size} {ratio}"
    found = QPixmap()
    if QPixmapCache.find(key, found):
        return found
    drawn = _draw(_svg(name).replace("currentColor", tint), size, ratio)
    QPixmapCache.insert(key, drawn)
    return drawn


def icon(name: str, role: str = "ink_2", size: int = 16, disabled: str = "ink_3") -> QIcon:
    """Return an icon for a button; disabled it takes the role of disabled text, or another."""
    result = QIcon(pixmap(name, role, size))
    result.addPixmap(pixmap(name, disabled, size), QIcon.Mode.Disabled)
    return result


def _sharpest() -> float:
    application = QGuiApplication.instance()
    return application.devicePixelRatio() if isinstance(application, QGuiApplication) else 1.0


def _draw(svg: str, size: int, ratio: float) -> QPixmap:
    result = QPixmap(round(size * ratio), round(size * ratio))
    result.fill(Qt.GlobalColor.transparent)
    painter = QPainter(result)
    QSvgRenderer(QByteArray(svg.encode())).render(painter)
    painter.end()
    result.setDevicePixelRatio(ratio)
    return result
