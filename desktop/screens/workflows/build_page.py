"""Building a workflow: its picture, the chosen node, and a text to try."""

from collections.abc import Callable

from PySide6.QtCore import QPoint, Qt, Signal
from PySide6.QtGui import QResizeEvent
from PySide6.QtWidgets import QFrame, QMenu, QScrollArea, QVBoxLayout, QWidget
from typing_extensions import override

from core.i18n import _
from core.workflows.graph import IN, Workflow
from core.workflows.nodes import NodeKind
from desktop.screens.workflows.chain_picture import ChainPicture
from desktop.screens.workflows.draft import Draft
from desktop.screens.workflows.node_panel import WIDTH, NodePanel
from desktop.screens.workflows.try_panel import WIDTH as TRY_WIDTH
from desktop.screens.workflows.try_panel import TryPanel
from desktop.session import Session
from desktop.theme.tokens import S2, font
from desktop.widgets.buttons import button, icon_button
from desktop.widgets.layout import TOP, Hairline, clip, column, row, stack_below
from desktop.widgets.text import wrapped

PICTURE, STACKED_BELOW, BAR, BETWEEN = 306, 1200, 12, 20


class Canvas(QScrollArea):
    """Where the picture is scrolled; it tells the picture how much room there is."""

    def __init__(self, picture: ChainPicture) -> None:
        """Hold the picture."""
        super().__init__()
        self._picture = picture
        self.setWidget(picture)

    @override
    def resizeEvent(self, event: QResizeEvent) -> None:
        super().resizeEvent(event)
        self._picture.set_room(self.viewport().width())


class BuildPage(QWidget):
    """What is done to the draft is told by `changed`.

    Attributes:
        picture: the boxes. panel: the chosen node. trial: the text to try.
        add, branch, up, down, remove: what can be done to the chosen node.
    """

    changed = Signal()

    def __init__(self, session: Session, draft: Draft) -> None:
        """Show the draft."""
        super().__init__()
        self._draft = draft
        self.picture, self.panel = ChainPicture(), NodePanel()
        self.trial = TryPanel(session, self._runnable)
        self.add = button(_("Add"), "small", "plus", tip=_("Add a step after the chosen one"))
        self.branch = button(
            _("Branch"), "small", "workflow", tip=_("Add a step beside those that follow")
        )
        self.up = icon_button("chevron-up", _("Run it earlier"))
        self.down = icon_button("chevron-down", _("Run it later"))
        self.remove = icon_button("trash-2", _("Remove the step"))
        self.hint = wrapped("", "small", "ink_3", width=PICTURE)
        bar = row(self.add, self.branch, None, self.up, self.down, self.remove, gap=4)
        self._canvas = self._make_canvas()
        left = column(bar, (self._canvas, 1), self.hint, gap=S2 // 2)
        left.setMinimumWidth(PICTURE)
        beside = stack_below(
            row((self.panel, TOP), BETWEEN, (self.trial, TOP), None, gap=0), STACKED_BELOW
        )
        right = clip(column(beside, None, gap=0))
        right.setMinimumWidth(WIDTH + BAR)
        right.setMaximumWidth(WIDTH + BETWEEN + TRY_WIDTH + BAR)
        parts = row((left, 1), 20, Hairline(vertical=True), 20, (right, 2), gap=0)
        layout = QVBoxLayout(self)
        layout.setContentsMargins(0, 0, 0, 0)
        layout.addWidget(parts, 1)
        self._connect()

    def _make_canvas(self) -> QScrollArea:
        area = Canvas(self.picture)
        area.setFrameShape(QFrame.Shape.NoFrame)
        area.setFocusPolicy(Qt.FocusPolicy.NoFocus)
        area.setAlignment(Qt.AlignmentFlag.AlignHCenter | Qt.AlignmentFlag.AlignTop)
        area.setMinimumHeight(240)
        return area

    def _connect(self) -> None:
        self.picture.chosen.connect(self._choose)
        self.picture.remove_asked.connect(self._remove)
        self.picture.add_asked.connect(lambda: self._offer(self.add, between=True))
        self.add.clicked.connect(lambda: self._offer(self.add, between=True))
        self.branch.clicked.connect(lambda: self._offer(self.branch, between=False))
        self.up.clicked.connect(lambda: self._change(self._draft.move_up))
        self.down.clicked.connect(lambda: self._change(self._draft.move_down))
        self.remove.clicked.connect(self._remove)
        self.panel.renamed.connect(self._rename)
        self.panel.taken_from.connect(self._take_from)
        self.panel.value_changed.connect(self._set_value)
        self.panel.silenced.connect(self._silence)

    def _runnable(self) -> Workflow | None:
        return None if self._draft.problem() else self._draft.workflow

    def show_draft(self) -> None:
        """Show the workflow as it is now, with the chosen node."""
        self._show_picture()
        self._show_panel()

    def _show_picture(self) -> None:
        draft = self._draft
        self.picture.show_workflow(draft.workflow, draft.current, draft.problems())
        is_node = draft.current != IN
        for one in (self.up, self.down, self.remove):
            one.setEnabled(is_node)
        can_add = bool(draft.offers())
        nothing_fits = _("No step can take what this one gives.")
        for button_ in (self.add, self.branch):
            button_.set_enabled(enabled=can_add, why_not=nothing_fits)
        self.branch.setVisible(bool(draft.workflow.nodes))
        problem = draft.problems().get(draft.current, "")
        self.hint.set_tone("warn" if problem else "ink_3")
        self.hint.setText(problem or draft.remark() or _("Arrow keys move, + adds, Del removes."))
        self._canvas.ensureWidgetVisible(self.picture.boxes[draft.current])

    def _show_panel(self) -> None:
        draft = self._draft
        if draft.current == IN:
            self.panel.show_text()
            return
        refused = {s: why for (node, s), why in draft.refused.items() if node == draft.current}
        self.panel.show_node(draft.workflow, draft.workflow.node(draft.current), refused)

    def _choose(self, name: str) -> None:
        self._draft.current = name
        self.show_draft()

    def _offer(self, at: QWidget, *, between: bool) -> None:
        menu = self.menu(between=between)
        menu.popup(at.mapToGlobal(QPoint(0, at.height() + 2)))

    def menu(self, *, between: bool) -> QMenu:
        """Return the nodes that can come after the chosen one, to choose from."""
        menu = QMenu(self)
        menu.setFont(font("body"))
        menu.setAttribute(Qt.WidgetAttribute.WA_DeleteOnClose)
        menu.setToolTipsVisible(True)
        for kind in self._draft.offers():
            action = menu.addAction(_(kind.title))
            action.setToolTip(_(kind.about))
            action.triggered.connect(self._adder(kind, between=between))
        return menu

    def _adder(self, kind: NodeKind, *, between: bool) -> Callable[[], None]:
        return lambda: self.add_node(kind.name, between=between)

    def add_node(self, kind: str, *, between: bool = True) -> None:
        """Put a node after the chosen one."""
        self._change(lambda: self._draft.add(kind, between=between))
        self.picture.boxes[self._draft.current].setFocus()

    def _remove(self) -> None:
        self._change(self._draft.remove)
        self.picture.boxes[self._draft.current].setFocus()

    def _change(self, act: Callable[[], None]) -> None:
        act()
        self.show_draft()
        self._tell()

    def _rename(self, name: str) -> None:
        if name == self._draft.current:
            return
        if why := self._draft.rename(name):
            self._show_panel()
            self.hint.set_tone("warn")
            self.hint.setText(why)
            return
        self._show_picture()
        self._tell()

    def _take_from(self, names: tuple[str, ...]) -> None:
        self._draft.take_from(names)
        self._show_picture()
        self._tell()

    def _silence(self, is_silent: bool) -> None:  # noqa: FBT001  # of the signal
        self._draft.silence(is_silent)
        self._tell()

    def _set_value(self, setting: str, value: object) -> None:
        why = self._draft.set_value(setting, value)
        node = self._draft.workflow.node(self._draft.current)
        is_default = getattr(node.settings, setting) == getattr(type(node.settings)(), setting)
        self.panel.set_problem(setting, why, is_default=is_default and not why)
        self._show_picture()
        self._tell()

    def _tell(self) -> None:
        self.trial.look_again()
        self.changed.emit()
