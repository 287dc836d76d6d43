"""Say which words of a text spoke for a concept, and which labelled texts are near."""

from collections.abc import Sequence
from dataclasses import dataclass

from core.app_folder import AppFolder
from core.changes import Changes
from core.errors import UserError
from core.i18n import N_, _
from core.jobs import Job
from core.learning import explaining
from core.learning.explaining import Doubt, Explanation
from core.learning.splits import Floats
from core.operations.add_texts import checked_text
from core.operations.answers import answerer
from core.operations.fitting import embedder_of, load_model
from core.operations.neighbours import Neighbour, find_neighbours
from core.records import Prediction
from core.storage.models import find_classifier_version

DECIDED = N_(
    "These words decided it: taking them out changes the answer more than taking out others."
)
COUNTED = N_(
    "These words counted most: taking them out moves the answer more than taking out others."
)
SPOKE = N_("These words spoke for it most: taking them out lowers it more than taking out others.")
UNSURE = {
    Doubt.NO_OTHERS: N_("The text is too short to tell which words decided it."),
    Doubt.TOO_LONG: N_("The text is too long to tell which words decided it."),
    Doubt.CLOSE_CALL: N_("The model hesitates here: no words decided it."),
    Doubt.NOTHING_MOVES: N_("No single words decided it."),
    Doubt.LIKE_OTHERS: N_("No single words decided it."),
}


class ConceptNotLearnedError(UserError):
    """A model is asked about a concept that it was not taught."""

    def __init__(self, concept: str, model: str, known: Sequence[str]) -> None:
        super().__init__(
            _("“{model}” has not learned the concept “{concept}”.").format(
                model=model, concept=concept
            ),
            next_step=_("Choose one of: {names}.").format(names=", ".join(known[:20])),
        )


@dataclass(frozen=True)
class ExplainRequest:
    """Which model version (0 means the newest), the text, and the concept.

    Attributes:
        concept: "" for the most probable one.
    """

    model: str
    text: str
    number: int = 0
    concept: str = ""
    n_neighbours: int = 4


@dataclass(frozen=True)
class ExplainResult:
    """What spoke for a concept.

    Attributes:
        text: that was explained: the one asked about as it would be kept.
        chosen: the concepts that count as the answer; empty for "none of your concepts".
        prediction: the concept that is explained, and how probable it is.
        explanation: its spans are characters of `text`.
        neighbours: the nearest labelled texts, the closest first.
    """

    text: str
    chosen: tuple[str, ...]
    prediction: Prediction
    explanation: Explanation
    neighbours: tuple[Neighbour, ...]
    needs_person: bool = False
    changes: Changes = Changes.NOTHING

    @property
    def verdict(self) -> str:
        """Return in a sentence what the top words are worth."""
        found = self.explanation
        if not found.is_sure:
            return _(UNSURE[found.doubt])
        if self.prediction.concept not in self.chosen:
            return _(SPOKE)
        return _(DECIDED if found.probability_without < found.probability / 2 else COUNTED)


def explain(app: AppFolder, request: ExplainRequest, job: Job) -> ExplainResult:
    """Explain what a model says of one text; nothing is stored.

    Raises:
        ModelMissingError: there is no such model.
        ConceptNotLearnedError: the model does not know the concept.
        NoTextError, TextTooLongError: the text is empty, or longer than a book.
    """
    text = checked_text(request.text)
    job.report(_("Reading the text"))
    with app.database() as db:
        version = find_classifier_version(db, request.model, request.number)
    asked = answerer(app, version)
    if request.concept and request.concept not in asked.concepts:
        raise ConceptNotLearnedError(request.concept, version.model, asked.concepts)
    (answer,) = asked.answer([text], job)
    model = load_model(app, version)

    def predict(texts: Sequence[str], job: Job) -> Floats:
        read = embedder_of(model).encode(texts, job) if model.needs_embeddings else None
        return model.probabilities(texts, read, job)

    likeliest = answer.listed[0].concept if answer.listed else asked.concepts[0]
    column = asked.concepts.index(request.concept or likeliest)
    return ExplainResult(
        text=text,
        chosen=answer.chosen,
        prediction=Prediction(asked.concepts[column], float(answer.probabilities[column])),
        explanation=explaining.explain(predict, text, column, job, seed=model.settings.seed),
        neighbours=find_neighbours(app, version, asked.embedding(text, job), request.n_neighbours),
        needs_person=answer.needs_person,
    )
