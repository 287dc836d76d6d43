"""What a training of the form will take: at once where that is quick, else in the background."""

from collections.abc import Sequence

from PySide6.QtCore import QObject, QTimer, Signal

from core.errors import UserError
from core.i18n import _
from core.learning.settings import Settings
from core.operations.estimate_training import (
    Estimate,
    EstimateRequest,
    estimate,
    estimate_training,
)
from core.records import EMBEDDING_CLASSIFIER, ModelVersion
from desktop.asking import Asking
from desktop.screens.settings.draft import Draft, learnable
from desktop.screens.settings.sources import Offered
from desktop.session import Session

TYPING_MS = 250


class Forecast(QObject):
    """Keeps the newest estimate.

    Attributes:
        estimate: None while it is being worked out; a sentence where there can be none.
    """

    changed = Signal()

    def __init__(self, session: Session, parent: QObject) -> None:
        super().__init__(parent)
        self.estimate: Estimate | str | None = None
        self._asking = Asking(session)
        self._request: EstimateRequest | None = None
        self._typing = QTimer(self, interval=TYPING_MS, singleShot=True)
        self._typing.timeout.connect(self._ask)

    def look(
        self,
        draft: Draft,
        offered: Offered,
        settings: Settings | None,
        past: Sequence[ModelVersion],
    ) -> None:
        """Work out what a training will take; `changed` is emitted if that is known later."""
        request = _request_of(draft, offered, settings)
        if request is None:
            self._asking.forget()
            self._request = None
            self.estimate = _why_not(draft, offered)
        elif request.type == EMBEDDING_CLASSIFIER:
            reads_with = str(draft.values["base_embed_model"])
            self.estimate = estimate_training(
                request.n_texts, request.mean_length, reads_with, past
            )
            self._request = request
        elif request != self._request:
            self._request, self.estimate = request, None
            self._typing.start()

    def forget(self) -> None:
        """Let the question be; the next look asks it again."""
        self._typing.stop()
        self._asking.forget()
        self._request = None

    def _ask(self) -> None:
        if self._request:
            self._asking.ask(self._take, estimate, self._request, refused=self._refuse)

    def _take(self, found: Estimate) -> None:
        self.estimate = found
        self.changed.emit()

    def _refuse(self, error: UserError) -> None:
        self.estimate = str(error)
        self.changed.emit()


def _request_of(
    draft: Draft, offered: Offered, settings: Settings | None
) -> EstimateRequest | None:
    """Return what to ask for; None where nothing can be trained yet."""
    answered = offered.targets if draft.writes and offered.has_answers else None
    n_texts = answered.n_learned if answered else offered.labels.n_learned
    if settings is None or not n_texts:
        return None
    return EstimateRequest(
        draft.template.type,
        settings,
        n_texts,
        offered.labels.mean_length,
        mean_answer=answered.mean_length if answered else 0.0,
        n_concepts=0 if answered else len(learnable(draft, offered)),
    )


def _why_not(draft: Draft, offered: Offered) -> str:
    if draft.writes and not offered.labels.n_learned and not offered.has_answers:
        return _("Known once some texts have an answer")
    if not offered.labels.n_learned and not offered.has_answers:
        return _("Known once some texts have a concept")
    return _("Known once every setting can stay")
