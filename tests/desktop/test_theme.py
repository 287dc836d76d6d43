"""Colours are readable, nothing but the theme names a value, and a switch reaches everything."""

import gc
import re
from pathlib import Path

import pytest
from PySide6.QtCore import Qt
from PySide6.QtGui import QColor, QFontInfo
from PySide6.QtWidgets import QApplication, QWidget
from typing_extensions import override

from core.charts.colours import DARK, LIGHT, mark_shape
from desktop.theme.apply import ThemeSwitch, apply_theme
from desktop.theme.icons import icon, pixmap
from desktop.theme.stylesheet import palette, stylesheet
from desktop.theme.tokens import (
    TYPE,
    colour,
    concept_tint,
    contrast,
    font,
    use_theme,
)
from desktop.widgets.buttons import button, icon_button
from desktop.widgets.layout import column

SURFACES = ("page", "rail", "raised", "hover", "accent_soft")
INKS = ("ink", "ink_2", "ink_3", "accent_text", "good", "warn", "bad")
ROOT = Path(__file__).resolve().parents[2]
CORE, DESKTOP = ROOT / "core", ROOT / "desktop"
THEMES = pytest.mark.parametrize("theme", [LIGHT, DARK], ids=lambda theme: theme.name)


@pytest.fixture(autouse=True)
def _light_afterwards(qapp):
    yield
    apply_theme(qapp, "light")


def mixed(colour, ground):
    """Return the hex colour of a translucent colour on an opaque ground."""
    alpha, below = colour.alphaF(), QColor(ground)
    parts = [(getattr(colour, n)(), getattr(below, n)()) for n in ("red", "green", "blue")]
    return QColor(*(round(a * alpha + b * (1 - alpha)) for a, b in parts)).name()


def test_black_on_white_has_the_highest_contrast_there_is():
    assert contrast("#FFFFFF", "#000000") == pytest.approx(21)
    assert contrast("#777777", "#777777") == 1


@THEMES
@pytest.mark.parametrize("role", INKS)
def test_words_are_readable_on_every_surface(theme, role):
    surfaces = [*SURFACES, *([f"{role}_soft"] if role in {"good", "warn", "bad"} else [])]
    assert min(contrast(getattr(theme, role), getattr(theme, s)) for s in surfaces) >= 4.5


@THEMES
def test_edges_and_buttons_can_be_seen(theme):
    edges = [contrast(theme.outline, getattr(theme, surface)) for surface in SURFACES]
    assert min(edges) >= 3
    assert contrast(theme.on_accent, theme.accent) >= 4.5
    assert contrast(theme.on_accent, theme.accent_hover) >= 4.5
    assert contrast(theme.accent, theme.page) >= 3
    assert contrast(theme.ink_3, theme.hairline) >= 3  # the words of a disabled primary
    assert contrast(theme.page, theme.ink) >= 4.5  # tooltips


@THEMES
@pytest.mark.parametrize("number", range(12))
def test_a_concept_can_be_seen_and_its_name_read_on_its_tint(theme, number):
    use_theme(theme.name)
    surfaces = [getattr(theme, name) for name in ("page", "rail", "raised", "accent_soft")]
    assert min(contrast(theme.concepts[number], surface) for surface in surfaces) >= 3
    tinted = [mixed(concept_tint(number), surface) for surface in surfaces]
    assert min(contrast(theme.ink, surface) for surface in tinted) >= 4.5


def test_no_two_of_48_concepts_look_alike_and_neighbours_differ_in_shape():
    looks = [(i % 12, mark_shape(i)) for i in range(48)]
    assert len(set(looks)) == 48
    assert all(mark_shape(i) != mark_shape(i + 1) for i in range(47))


def test_only_the_theme_names_colours_sizes_and_sheets():
    forbidden = re.compile(r"#[0-9A-Fa-f]{6}\b|setPixelSize|setPointSize|setStyleSheet|QColor\(\"")
    theme = {*(DESKTOP / "theme").glob("*.py"), CORE / "charts" / "colours.py"}
    places = [path for path in (*DESKTOP.rglob("*.py"), *CORE.rglob("*.py")) if path not in theme]
    found = [path.name for path in places if forbidden.search(path.read_text(encoding="utf-8"))]
    assert found == []


@THEMES
def test_the_sheet_sets_no_font_and_uses_no_colour_of_the_other_theme(theme):
    sheet = stylesheet(theme)
    assert "font" not in sheet
    other = DARK if theme is LIGHT else LIGHT
    shared = {value for value in vars(theme).values() if isinstance(value, str)}
    alien = {v for v in vars(other).values() if isinstance(v, str) and v.startswith("#")} - shared
    assert not [value for value in alien if value in sheet]


@pytest.mark.parametrize("role", TYPE)
def test_every_role_is_set_in_a_font_that_ships_with_the_program(qapp, role):
    _size, _weight, _spacing, family = TYPE[role]
    assert QFontInfo(font(role)).family() == family
    assert font(role).pixelSize() == TYPE[role][0]


def test_a_changed_copy_of_a_font_leaves_the_role_alone(qapp):
    font("body").setPixelSize(99)
    assert font("body").pixelSize() == 14


@pytest.mark.parametrize("ratio", [1.0, 1.5, 2.0])
def test_icons_are_as_sharp_as_the_screen(qapp, ratio):
    drawn = pixmap("check", "accent", 16, ratio)
    assert drawn.width() == 16 * ratio
    assert drawn.deviceIndependentSize().width() == 16
    assert drawn.toImage() == pixmap("check", "accent", 16, ratio).toImage()


def test_an_icon_that_does_not_ship_is_named(qapp):
    with pytest.raises(FileNotFoundError, match="no-such-icon"):
        icon("no-such-icon")


def test_a_theme_reaches_palette_and_sheet(qapp):
    for theme in (LIGHT, DARK):
        apply_theme(qapp, theme.name)
        assert qapp.palette() == palette(theme)
        assert qapp.styleSheet() == stylesheet(theme)
        assert colour("page").name().upper() == theme.page


def test_buttons_draw_their_icon_in_the_new_theme(qapp, qtbot):
    plain, picture = button("Train model", "primary", "play"), icon_button("pencil", "Edit text")
    window = column(plain, picture)
    qtbot.addWidget(window)
    window.show()
    before = [part.icon().pixmap(16, 16).toImage() for part in (plain, picture)]

    apply_theme(qapp, "dark")

    after = [part.icon().pixmap(16, 16).toImage() for part in (plain, picture)]
    assert before[0] != after[0]
    assert before[1] != after[1]


def test_following_the_system_means_light_where_it_is_unknown(qapp):
    assert QApplication.styleHints().colorScheme() != Qt.ColorScheme.Dark
    assert apply_theme(qapp, "system") is LIGHT


def test_a_toggle_ends_following_the_system(qapp, qtbot):
    switch = ThemeSwitch(qapp, "system")

    with qtbot.waitSignal(switch.switched) as told:
        switch.toggle()

    assert told.args == ["dark"]
    assert switch.choice == "dark"
    qapp.styleHints().colorSchemeChanged.emit(Qt.ColorScheme.Light)
    assert colour("page").name().upper() == DARK.page
    switch.deleteLater()


class Watcher(QWidget):
    """Notes whether Python may collect while it is told of another theme."""

    def __init__(self):
        super().__init__()
        self.may_collect = []

    @override
    def changeEvent(self, event):
        super().changeEvent(event)
        self.may_collect.append(gc.isenabled())


def test_no_widget_is_collected_while_qt_goes_through_all_of_them(qapp, qtbot):
    watcher = Watcher()
    qtbot.addWidget(watcher)
    watcher.show()
    watcher.may_collect.clear()
    gc.enable()
    apply_theme(qapp, "dark")
    assert set(watcher.may_collect) == {False}
    assert gc.isenabled()
    apply_theme(qapp, "light")
