"""How a text-to-text model answers: the settings of one answer, at hand beside the text."""

from PySide6.QtCore import QTimer, Signal
from PySide6.QtWidgets import QGridLayout, QVBoxLayout, QWidget

from core.i18n import _
from core.learning.settings import Setting, SettingNotAllowedError, parse_values
from core.operations.generate import HOW
from core.records import ModelVersion
from core.templates import shipped_template
from desktop.screens.try_text.feedback import WIDTH
from desktop.widgets.buttons import button
from desktop.widgets.choices import LineEdit, Switch, line_edit
from desktop.widgets.layout import TOP, V_CENTRE, column, row
from desktop.widgets.text import text, tip, wrapped

FIELD_WIDTH = 96
PAUSE_MS = 400
LEFT_OUT = ("seed",)  # of use to nobody while trying


class HowForm(QWidget):
    """A field for each setting that an answer goes by, as the version has them at first.

    Attributes:
        compares: asks the base model, too, as it was before the training.
    """

    changed = Signal()

    def __init__(self) -> None:
        """Have no fields until `set_version` is called."""
        super().__init__()
        self.compares = Switch(name=_("Show what it wrote before the training"))
        self.reset = button(_("As it was trained"), "link")
        self.problem = wrapped("", "small", "bad", width=WIDTH)
        self.fields: dict[str, LineEdit] = {}
        self._settings: list[Setting] = []
        self._kept: dict[str, object] = {}
        self._grid = QGridLayout()
        self._grid.setContentsMargins(0, 0, 0, 0)
        self._grid.setVerticalSpacing(6)
        self._grid.setColumnStretch(0, 1)
        holder = QWidget()
        holder.setLayout(self._grid)
        head = row(text(_("How it answers"), "heading"), None, self.reset)
        before = wrapped(_("Show what it wrote before the training"), "small", "ink_2")
        compare = row((before, 1), (self.compares, TOP))
        layout = QVBoxLayout(self)
        layout.setContentsMargins(0, 0, 0, 0)
        layout.addWidget(column(head, 6, holder, self.problem, 6, compare, None, gap=4))
        self._pause = QTimer(self, singleShot=True, interval=PAUSE_MS)
        self._pause.timeout.connect(self.changed)
        self.reset.clicked.connect(self._reset)
        self.compares.clicked.connect(self.changed)

    def set_version(self, version: ModelVersion) -> None:
        """Show the settings of a version."""
        template = shipped_template(version.type, version.template)
        self._kept = version.settings
        self._settings = [
            setting
            for setting in template.fields
            if setting.name in HOW and setting.name not in LEFT_OUT
        ]
        if list(self.fields) != [setting.name for setting in self._settings]:
            self._make_fields()
        self._reset()

    def how(self) -> dict[str, object]:
        """Return the settings that differ from those of the version; {} where one is wrong."""
        return self._read() or {}

    def _make_fields(self) -> None:
        while (item := self._grid.takeAt(0)) is not None:
            widget = item.widget()
            if widget:
                widget.deleteLater()
        self.fields = {}
        for place, setting in enumerate(self._settings):
            title, declaration = _(setting.declaration.title), setting.declaration
            label = wrapped(title, "small", "ink_2")
            label.setToolTip(tip(_(declaration.help)))
            field = line_edit(width=FIELD_WIDTH)
            field.setAccessibleName(title)
            field.setAccessibleDescription(_(declaration.help))
            field.setToolTip(tip(_(declaration.help)))
            field.textEdited.connect(self._pause.start)
            self._grid.addWidget(label, place, 0, V_CENTRE)
            self._grid.addWidget(field, place, 1)
            self.fields[setting.name] = field

    def _reset(self) -> None:
        for setting in self._settings:
            value = self._kept.get(setting.name, setting.default)
            shown = f"{value:g}" if isinstance(value, float) else str(value)
            self.fields[setting.name].setText(shown)
        self._read()
        if self.isVisible():
            self.changed.emit()

    def _read(self) -> dict[str, object] | None:
        """Return what differs, marking the field that cannot stay; None if one cannot."""
        found: dict[str, object] = {}
        problem = ""
        for setting in self._settings:
            field = self.fields[setting.name]
            words = field.text().replace(",", ".") if field.text()[:1].isdigit() else field.text()
            value = parse_values([setting], [f"{setting.name}={words}"])[setting.name]
            error = _refusal(setting, value)
            field.set_wrong(wrong=bool(error))
            problem = problem or error
            if value != self._kept.get(setting.name, setting.default):
                found[setting.name] = value
        self.problem.setText(problem)
        self.problem.setVisible(bool(problem))
        self.reset.setVisible(bool(found))
        return None if problem else found

    @property
    def is_wrong(self) -> bool:
        """Tell whether one of the fields cannot stay as it is."""
        return self._read() is None


def _refusal(setting: Setting, value: object) -> str:
    try:
        setting.check(value)
    except SettingNotAllowedError as error:
        return f"“{_(setting.declaration.title)}”: {error.next_step}"
    return ""
