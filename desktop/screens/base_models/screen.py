"""Base models as a tool of the open app."""

from PySide6.QtWidgets import QVBoxLayout, QWidget
from typing_extensions import override

from desktop.screens.base_models.page import BaseModelsPage
from desktop.session import Session
from desktop.widgets.step_screen import StepScreen


class BaseModelsScreen(StepScreen):
    """The page of base models; what it does never waits behind a training."""

    def __init__(self, session: Session) -> None:
        """Show them."""
        super().__init__(session)
        self.page = BaseModelsPage(session.answers)
        self.footer = self.page.footer
        layout = QVBoxLayout(self)
        layout.setContentsMargins(0, 0, 0, 0)
        layout.addWidget(self.page)

    @override
    def first_focus(self) -> QWidget | None:
        return self.page.first_focus()
