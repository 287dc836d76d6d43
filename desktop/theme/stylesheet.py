"""Tokens in, Qt palette and style sheet out. The only file that writes QSS.

No font here: a font in QSS beats `setFont` and resets spacing, and fonts go by role.
"""

from PySide6.QtGui import QColor, QPalette

from core.charts.colours import Theme
from desktop.theme.tokens import CONTROL, CONTROL_SMALL, RADIUS, RADIUS_SMALL

TONES = ("ink", "ink_2", "ink_3", "accent_text", "on_accent", "good", "warn", "bad")


def palette(t: Theme) -> QPalette:
    """Return the palette: what Fusion, item views and text editors read by themselves."""
    roles = QPalette.ColorRole
    result = QPalette()
    for role, value in {
        roles.Window: t.page,
        roles.WindowText: t.ink,
        roles.Base: t.page,
        roles.Text: t.ink,
        roles.AlternateBase: t.rail,
        roles.Button: t.raised,
        roles.ButtonText: t.ink,
        roles.PlaceholderText: t.ink_3,
        roles.Highlight: t.accent,
        roles.HighlightedText: t.on_accent,
        roles.Link: t.accent_text,
        roles.LinkVisited: t.accent_text,
        roles.ToolTipBase: t.ink,
        roles.ToolTipText: t.page,
        roles.Accent: t.accent,
        roles.Light: t.raised,
        roles.Midlight: t.hover,
        roles.Mid: t.hairline,
        roles.Dark: t.outline,
    }.items():
        result.setColor(role, QColor(value))
    for role in (roles.WindowText, roles.Text, roles.ButtonText):
        result.setColor(QPalette.ColorGroup.Disabled, role, QColor(t.ink_3))
    return result


def stylesheet(t: Theme) -> str:
    """Return the one sheet of the application; variants go by dynamic property."""
    parts = (_surfaces, _labels, _buttons, _other_buttons, _tool_buttons, _fields, _views, _popups)
    return "\n".join(part(t) for part in parts)


def _surfaces(t: Theme) -> str:
    return f"""
    QStackedWidget, QScrollArea, QScrollArea > QWidget > QWidget {{ background: {t.page}; }}
    QWidget[surface="rail"] {{ background: {t.rail}; }}
    QWidget[surface="page"] {{ background: {t.page}; }}
    QWidget[surface="raised"] {{ background: {t.raised}; }}
    QWidget[surface="clear"] {{ background: transparent; }}
    QFrame[box] {{ border-radius: {RADIUS}px; }}
    QFrame[box="soft"] {{ background: {t.rail}; }}
    QFrame[box="bad"] {{ background: {t.bad_soft}; }}
    QFrame[box="warn"] {{ background: {t.warn_soft}; }}
    QFrame[box="good"] {{ background: {t.good_soft}; }}
    QFrame[box="line"] {{ border: 1px solid {t.hairline}; }}
    QFrame[box="field"] {{ background: {t.raised}; border: 1px solid {t.outline}; }}
    QFrame[box="field"][wrong="true"] {{ border-color: {t.bad}; }}
    QFrame[box="field"][focused="true"] {{ border: 2px solid {t.accent_text}; }}
    QDialog {{ background: {t.raised}; }}
    """


def _labels(t: Theme) -> str:
    tones = "\n".join(f'QLabel[tone="{tone}"] {{ color: {getattr(t, tone)}; }}' for tone in TONES)
    return f"""
    QLabel {{ background: transparent; color: {t.ink}; }}
    {tones}
    QLabel:disabled {{ color: {t.ink_3}; }}
    """


def _buttons(t: Theme) -> str:
    plain, ring = CONTROL - 2, CONTROL - 4  # the ring takes from the button, so nothing moves
    return f"""
    QPushButton {{ min-height: {plain}px; padding: 0 14px; border-radius: {RADIUS}px;
        color: {t.ink}; background: {t.raised}; border: 1px solid {t.hairline}; }}
    QPushButton:hover {{ background: {t.hover}; border-color: {t.outline}; }}
    QPushButton:pressed {{ background: {t.hairline}; }}
    QPushButton:focus {{ border: 2px solid {t.accent_text}; padding: 0 13px;
        min-height: {ring}px; }}
    QPushButton:disabled {{ color: {t.ink_3}; background: {t.rail};
        border: 1px solid {t.hairline}; padding: 0 14px; min-height: {plain}px; }}
    QPushButton[kind="primary"] {{ background: {t.accent}; border-color: {t.accent};
        color: {t.on_accent}; padding: 0 18px; }}
    QPushButton[kind="primary"]:hover, QPushButton[kind="primary"]:pressed {{
        background: {t.accent_hover}; border-color: {t.accent_hover}; }}
    QPushButton[kind="primary"]:focus {{ border: 2px solid {t.ink}; padding: 0 17px; }}
    QPushButton[kind="primary"]:disabled {{ background: {t.hairline};
        border-color: {t.hairline}; color: {t.ink_3}; padding: 0 18px; }}
    """


def _other_buttons(t: Theme) -> str:
    small, small_ring = CONTROL_SMALL - 2, CONTROL_SMALL - 4
    return f"""
    QPushButton[kind="quiet"] {{ background: transparent; border-color: transparent;
        color: {t.ink_2}; padding: 0 10px; }}
    QPushButton[kind="quiet"]:hover {{ background: {t.hover}; color: {t.ink}; }}
    QPushButton[kind="quiet"]:focus {{ border: 2px solid {t.accent_text}; padding: 0 9px; }}
    QPushButton[kind="quiet"]:disabled {{ background: transparent; border-color: transparent;
        color: {t.ink_3}; padding: 0 10px; }}
    QPushButton[kind="link"] {{ background: transparent; border: 2px solid transparent;
        border-radius: {RADIUS_SMALL}px; color: {t.accent_text}; padding: 0;
        min-height: 24px; text-align: left; }}
    QPushButton[kind="link"]:hover {{ text-decoration: underline; }}
    QPushButton[kind="link"]:focus {{ border-color: {t.accent_text}; padding: 0;
        min-height: 24px; }}
    QPushButton[kind="link"]:disabled {{ color: {t.ink_3};
        border: 2px solid transparent; background: transparent; padding: 0;
        min-height: 24px; }}
    QPushButton[kind="danger"] {{ color: {t.bad}; }}
    QPushButton[kind="danger"]:disabled {{ color: {t.ink_3}; }}
    QPushButton[kind="small"] {{ min-height: {small}px; padding: 0 10px; }}
    QPushButton[kind="small"]:focus {{ min-height: {small_ring}px; padding: 0 9px; }}
    QPushButton[kind="small"]:disabled {{ min-height: {small}px; padding: 0 10px; }}
    """


def _tool_buttons(t: Theme) -> str:
    return f"""
    QFrame[segmented="true"] {{ background: {t.rail}; border: 1px solid {t.hairline};
        border-radius: {RADIUS}px; }}
    QFrame[segmented="true"] QToolButton {{ border: 1px solid transparent;
        border-radius: {RADIUS_SMALL}px; padding: 0 12px; min-height: {CONTROL_SMALL - 2}px;
        color: {t.ink_2}; background: transparent; }}
    QFrame[segmented="true"] QToolButton:hover {{ color: {t.ink}; }}
    QFrame[segmented="true"] QToolButton:checked {{ background: {t.raised};
        border-color: {t.outline}; color: {t.ink}; }}
    QFrame[segmented="true"] QToolButton:focus {{ border: 2px solid {t.accent_text};
        padding: 0 11px; min-height: {CONTROL_SMALL - 4}px; }}
    QFrame[segmented="true"] QToolButton:disabled {{ color: {t.ink_3}; }}
    QFrame[segmented="true"] QToolButton:checked:disabled {{ background: transparent;
        border-color: {t.hairline}; }}
    QToolButton[kind="icon"] {{ border: 2px solid transparent;
        border-radius: {RADIUS_SMALL}px; background: transparent; padding: 5px; }}
    QToolButton[kind="icon"]:hover {{ background: {t.hover}; }}
    QToolButton[kind="icon"]:focus {{ border-color: {t.accent_text}; }}
    """


def _fields(t: Theme) -> str:
    fields = "QLineEdit, QComboBox, QAbstractSpinBox"
    focused = "QLineEdit:focus, QComboBox:focus, QAbstractSpinBox:focus"
    disabled = "QLineEdit:disabled, QComboBox:disabled, QAbstractSpinBox:disabled"
    return f"""
    {fields} {{ min-height: {CONTROL - 2}px; padding: 0 10px; border-radius: {RADIUS}px;
        background: {t.raised}; border: 1px solid {t.outline}; color: {t.ink};
        selection-background-color: {t.accent}; selection-color: {t.on_accent}; }}
    {focused} {{ border: 2px solid {t.accent_text}; padding: 0 9px;
        min-height: {CONTROL - 4}px; }}
    {disabled} {{ background: {t.rail}; border-color: {t.hairline}; color: {t.ink_3}; }}
    QLineEdit[wrong="true"] {{ border-color: {t.bad}; }}
    QComboBox[kind="filter"], QLineEdit[kind="filter"] {{ border-color: {t.hairline}; }}
    QSpinBox::up-button, QSpinBox::down-button, QDoubleSpinBox::up-button,
    QDoubleSpinBox::down-button {{ width: 0; border: none; }}
    QTextEdit, QPlainTextEdit {{ background: transparent; border: none; color: {t.ink};
        selection-background-color: {t.accent}; selection-color: {t.on_accent}; }}
    """


def _views(t: Theme) -> str:
    return f"""
    QTableView, QListView {{ background: {t.page}; border: none; outline: none;
        gridline-color: {t.hairline}; }}
    QHeaderView {{ background: {t.page}; border: none; }}
    QHeaderView::section {{ background: {t.page}; color: {t.ink_3}; border: none;
        border-bottom: 1px solid {t.hairline}; padding: 0 8px; min-height: 34px; }}
    QHeaderView::section:first {{ padding-left: 12px; }}
    QHeaderView::section:hover {{ color: {t.ink}; }}
    QHeaderView::up-arrow, QHeaderView::down-arrow {{ width: 0; height: 0; }}
    QScrollArea {{ border: none; }}
    QAbstractScrollArea::corner {{ background: transparent; }}
    QScrollBar:vertical {{ background: transparent; width: 10px; margin: 2px; }}
    QScrollBar:horizontal {{ background: transparent; height: 10px; margin: 2px; }}
    QScrollBar::handle {{ background: {t.hairline}; border-radius: 3px; }}
    QScrollBar::handle:vertical {{ min-height: 40px; }}
    QScrollBar::handle:horizontal {{ min-width: 40px; }}
    QScrollBar::handle:hover {{ background: {t.outline}; }}
    QScrollBar::add-line, QScrollBar::sub-line, QScrollBar::add-page, QScrollBar::sub-page {{
        background: none; height: 0; width: 0; }}
    """


def _popups(t: Theme) -> str:
    return f"""
    QToolTip {{ background: {t.ink}; color: {t.page}; border: none; padding: 6px 8px; }}
    QMenu {{ background: {t.raised}; border: 1px solid {t.hairline}; padding: 6px; }}
    QMenu::item {{ color: {t.ink}; padding: 8px 16px 8px 12px;
        border-radius: {RADIUS_SMALL}px; }}
    QMenu::item:selected {{ background: {t.accent_soft}; }}
    QMenu::item:disabled {{ color: {t.ink_3}; }}
    QMenu::separator {{ height: 1px; background: {t.hairline}; margin: 6px 8px; }}
    QMenu::icon {{ padding-left: 10px; }}
    QComboBox QAbstractItemView {{ background: {t.raised}; border: 1px solid {t.hairline};
        padding: 4px; outline: none; selection-background-color: {t.accent_soft};
        selection-color: {t.ink}; }}
    QComboBox QAbstractItemView::item {{ min-height: 32px; padding: 0 8px; color: {t.ink};
        border-radius: {RADIUS_SMALL}px; }}
    QComboBox QAbstractItemView::item:selected {{ background: {t.accent_soft};
        color: {t.ink}; }}
    """
