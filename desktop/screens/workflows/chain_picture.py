"""The picture of a workflow: boxes from top to bottom, and lines from what is taken from."""

from PySide6.QtCore import QPointF, QSize, Qt, Signal
from PySide6.QtGui import QPainter, QPainterPath, QPaintEvent, QPen, QPolygonF
from PySide6.QtWidgets import QWidget
from typing_extensions import override

from core.workflows.graph import IN, Workflow
from desktop.screens.workflows.node_box import HEIGHT, WIDTH, NodeBox
from desktop.screens.workflows.places import Place, neighbour, places_of
from desktop.theme.tokens import colour
from desktop.widgets.painted import NO_BRUSH, NO_PEN, painter_of

GAP_X, GAP_Y, AROUND = 10, 32, 4
BEND, ARROW = 14.0, 4.0


class ChainPicture(QWidget):
    """Shows a workflow; one of its nodes is chosen, or the text itself.

    Attributes:
        boxes: by the ids of the nodes, with `IN`.
    """

    chosen = Signal(str)  # the id of a node
    remove_asked = Signal()
    add_asked = Signal()

    def __init__(self) -> None:
        """Show nothing yet."""
        super().__init__()
        self.boxes: dict[str, NodeBox] = {}
        self._workflow, self._places = Workflow(""), dict[str, Place]()
        self._current = IN
        self._room, self._width = 0, WIDTH

    def set_room(self, width: int) -> None:
        """Let the boxes be as wide as their words need, where so many pixels have room for them."""
        if width != self._room:
            self._room = width
            self._lay_out()

    def show_workflow(self, workflow: Workflow, current: str, problems: dict[str, str]) -> None:
        """Show a workflow with the node that is chosen, and what is wrong with nodes, by id."""
        had_focus = any(box.hasFocus() for box in self.boxes.values())
        self._workflow, self._places = workflow, places_of(workflow)
        names = [IN, *(node.id for node in workflow.nodes)]
        spare = [box for name, box in self.boxes.items() if name not in names]
        boxes = {}
        for name in names:
            box = self.boxes.get(name) or (spare.pop() if spare else self._new_box())
            node = None if name == IN else workflow.node(name)
            box.show_node(node, problems.get(name, ""))
            box.show()
            boxes[name] = box
        for box in spare:
            box.hide()
            box.deleteLater()
        self.boxes = boxes
        self.choose(current)
        self._lay_out()
        if had_focus:
            self.boxes[self._current].setFocus()

    def _lay_out(self) -> None:
        n_beside = max((place for _row, place in self._places.values()), default=0) + 1
        room = int((self._room - 2 * AROUND + GAP_X) / n_beside - GAP_X)
        wanted = max((box.wanted_width() for box in self.boxes.values()), default=WIDTH)
        self._width = max(WIDTH, min(wanted, room))
        for name, box in self.boxes.items():
            box.setFixedSize(self._width, HEIGHT)
            box.move(*map(round, self._corner(name)))
        self.setFixedSize(self.sizeHint())
        self.update()

    def choose(self, name: str) -> None:
        """Mark another node; nothing is told."""
        self._current = name if name in self.boxes else IN
        for one, box in self.boxes.items():
            is_current = one == self._current
            box.setChecked(is_current)
            policies = Qt.FocusPolicy  # one stop of the Tab key
            box.setFocusPolicy(policies.StrongFocus if is_current else policies.ClickFocus)

    def _new_box(self) -> NodeBox:
        box = NodeBox(self)  # type: ignore[arg-type]  # any widget can hold it
        box.clicked.connect(lambda: self._tell(box))
        box.went.connect(lambda down, right: self._go(box, down, right))
        box.remove_asked.connect(self.remove_asked)
        box.add_asked.connect(self.add_asked)
        return box

    def _tell(self, box: NodeBox) -> None:
        self.choose(box.id)
        self.chosen.emit(box.id)

    def _go(self, box: NodeBox, down: int, right: int) -> None:
        other = self.boxes[neighbour(self._places, box.id, down, right)]
        other.setFocus()
        self._tell(other)

    def _corner(self, name: str) -> tuple[float, float]:
        rank, place = self._places[name]
        return AROUND + place * (self._width + GAP_X), AROUND + rank * (HEIGHT + GAP_Y)

    @override
    def sizeHint(self) -> QSize:
        places = self._places or {IN: (0, 0.0)}
        rows = max(row for row, _place in places.values()) + 1
        width = max(place for _row, place in places.values()) + 1
        return QSize(
            round(width * (self._width + GAP_X) - GAP_X + 2 * AROUND),
            rows * (HEIGHT + GAP_Y) - GAP_Y + 2 * AROUND,
        )

    @override
    def paintEvent(self, event: QPaintEvent) -> None:
        painter = painter_of(self)
        for node in self._workflow.nodes:
            for name in node.inputs:
                if name in self._places:
                    self._paint_line(painter, name, node.id)

    def _paint_line(self, painter: QPainter, start: str, end: str) -> None:
        is_lit = self._current in (start, end) and self._current != IN
        tone = colour("accent" if is_lit else "outline")
        x, y = self._corner(start)
        begin = QPointF(x + self._width / 2, y + HEIGHT)
        x, y = self._corner(end)
        goal = QPointF(x + self._width / 2, y)
        path = QPainterPath(begin)
        path.cubicTo(begin + QPointF(0, BEND), goal - QPointF(0, BEND + ARROW), goal)
        painter.setPen(QPen(tone, 1.5))
        painter.setBrush(NO_BRUSH)
        painter.drawPath(path)
        tips = [goal, goal + QPointF(-ARROW, -ARROW * 1.5), goal + QPointF(ARROW, -ARROW * 1.5)]
        painter.setPen(NO_PEN)
        painter.setBrush(tone)
        painter.drawPolygon(QPolygonF(tips))
