"""One text tried: what every node of the workflow makes of it."""

from collections.abc import Callable, Mapping

from PySide6.QtCore import QTimer
from PySide6.QtWidgets import QVBoxLayout, QWidget

from core.errors import UserError
from core.i18n import _, ngettext
from core.operations.run_workflow import (
    NodeOutput,
    TryWorkflowRequest,
    TryWorkflowResult,
    try_workflow,
)
from core.workflows.graph import Workflow
from desktop.asking import Asking
from desktop.session import Session
from desktop.widgets.layout import Hairline, column, row
from desktop.widgets.lines_edit import LinesEdit
from desktop.widgets.message_panel import field_error
from desktop.widgets.probability_bars import Answer, ProbabilityBars
from desktop.widgets.text import text, wrapped
from desktop.widgets.wording import number

WIDTH, N_LINES, PAUSE_MS = 300, 5, 300
MOST_BARS, MOST_CHARS = 5, 600


class TryPanel(QWidget):
    """A field, and below it the nodes in the order in which they ran.

    Attributes:
        field: for the text. shown: what every node gave, as it was answered last.
    """

    def __init__(self, session: Session, workflow: Callable[[], Workflow | None]) -> None:
        """Ask `workflow` what is tried; None where it cannot run."""
        super().__init__()
        self.setFixedWidth(WIDTH)
        self._workflow, self._asking = workflow, Asking(session)
        self.shown: tuple[NodeOutput, ...] = ()
        self._numbers: Mapping[str, int] = {}
        self.field = LinesEdit(_("A text to try"), N_LINES)
        self.field.edit.setPlaceholderText(_("Type or paste a text"))
        self.state = wrapped("", "small", "ink_3", width=WIDTH)
        self._content = QWidget()
        self._pause = QTimer(self, singleShot=True, interval=PAUSE_MS)
        self._pause.timeout.connect(self._ask)
        self.field.changed.connect(lambda _words: self._pause.start())
        layout = QVBoxLayout(self)
        layout.setContentsMargins(0, 0, 0, 0)
        layout.addWidget(column(text(_("Try it"), "heading"), self.field, self.state, gap=8))
        layout.addWidget(self._content)
        layout.addStretch(1)
        self._tell(_("What every step gives appears here while you type."))

    def set_numbers(self, numbers: Mapping[str, int]) -> None:
        """Let concepts have these marks."""
        self._numbers = numbers

    def look_again(self) -> None:
        """Try the same text by the workflow as it is now."""
        if self.field.text().strip():
            self._pause.start()

    def _tell(self, words: str) -> None:
        self.state.setText(words)
        self.state.setVisible(bool(words))

    def _ask(self) -> None:
        workflow, words = self._workflow(), self.field.text()
        if not words.strip():
            self._asking.forget()
            self._show(())
            self._tell(_("What every step gives appears here while you type."))
        elif workflow is None:
            self._asking.forget()
            self._show(())
            self._tell(_("The workflow cannot run yet."))
        else:
            self._tell(_("Running"))
            request = TryWorkflowRequest(workflow, words)
            self._asking.ask(self._answer, try_workflow, request, refused=self._refuse)

    def _answer(self, result: TryWorkflowResult) -> None:
        self._tell("")
        self._show(result.nodes)

    def _refuse(self, error: UserError) -> None:
        self._tell("")
        self.shown = ()
        self._put(field_error(f"{error} {error.next_step}"))

    def _show(self, nodes: tuple[NodeOutput, ...]) -> None:
        self.shown = nodes
        self._put(column(*(self._part(node) for node in nodes), gap=10))

    def _put(self, content: QWidget) -> None:
        layout = self.layout()
        assert isinstance(layout, QVBoxLayout)
        layout.replaceWidget(self._content, content)
        self._content.hide()
        self._content.deleteLater()
        self._content = content

    def _part(self, node: NodeOutput) -> QWidget:
        title = row(text(node.id, "small_strong"), None, text(_stand(node), "caption", "ink_3"))
        items: list[QWidget] = [Hairline(), title]
        if node.concepts:
            answers = [
                Answer(p.concept, self._numbers.get(p.concept, i), p.probability)
                for i, p in enumerate(node.concepts[:MOST_BARS])
            ]
            items.append(ProbabilityBars(answers, threshold=0))
        elif node.parts and not node.is_dropped:
            words = "\n\n".join(node.parts)
            shown = words[:MOST_CHARS] + ("…" if len(words) > MOST_CHARS else "")
            items.append(wrapped(shown, "small", "ink", width=WIDTH))
        return column(*items, gap=6)


def _stand(node: NodeOutput) -> str:
    """Return what a node gave, in a few words."""
    if node.is_unjudged:
        return _("takes too long")
    if node.is_dropped:
        return _("goes no further")
    if node.dim:
        return _("has read it")
    n = len(node.parts)
    if n > 1:
        return ngettext("{n} part", "{n} parts", n).format(n=number(n))
    hidden = len(node.concepts) - MOST_BARS
    if hidden > 0:
        return _("and {n} more").format(n=number(hidden))
    return ""
